"""The chat page in the browser: the one door to Gradio.

What is shown is made by `assistant.render`, `assistant.panel` and `assistant.documents`, what
happens is decided by `assistant.exchange`; here they are wired to events and served.
"""

# Annotations are evaluated in this module: Gradio reads those of event handlers.

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from types import TracebackType
from typing import Any, NamedTuple, Self

from assistant import exchange, library, narrowing, panel, parcel, render
from assistant.adding import Adding
from assistant.address import PageError, check_host, free_port, is_any, is_here
from assistant.assistant import Assistant
from assistant.conversations import ConversationError, Conversations, new_id
from assistant.documents import Documents
from assistant.exchange import Conversation, Place
from assistant.guard import Guard, Shut
from assistant.parcel import Parcel
from assistant.password import Credentials, Password
from assistant.receiving import Receiving
from vectorstore import Filter, StoreError

__all__ = ["ChatPage", "PageError", "launch"]

TITLE = "Summit Assistant"
HEADER = f"<header><h1>{TITLE}</h1></header>"
FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Menlo", "monospace")
# People who may be answered at the same time; more wait their turn.
AT_ONCE = 8
MAX_QUESTION = 2_000


def launch(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    examples: Sequence[str] = (),
    conversations: Conversations | None = None,
    adding: Adding | None = None,
    credentials: Credentials | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serves the chat page until interrupted (Ctrl-C). `announce` is told its address.

    PageError for a `host` other than this computer without `credentials`, and for a `port`
    that is taken. `examples` are questions that the first view offers. What is asked is kept
    in `conversations`, and nowhere without it; documents are added and removed by `adding`,
    and not without it.
    """
    with ChatPage(
        assistant,
        host=host,
        port=port,
        examples=examples,
        conversations=conversations,
        adding=adding,
        credentials=credentials,
    ) as page:
        if assistant.documents():
            assistant.warm_up()
        whom = "this computer only" if is_here(host) else "whoever has the password"
        announce(f"The chat page is at {page.url} (for {whom}). Ctrl-C ends it.")
        page.wait()


class ChatPage:
    """A chat page that is being served. Use as a context manager, or close it.

    `url` is its address. Port 0 takes any free one.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        host: str,
        port: int,
        examples: Sequence[str] = (),
        conversations: Conversations | None = None,
        adding: Adding | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        check_host(host, credentials)
        self._blocks = _page(assistant, examples, conversations, adding)
        # As a URL writes it, which is also how Gradio wants an IPv6 address.
        name = f"[{host}]" if ":" in host else host
        port = port or free_port(host)
        try:
            _serve(self._blocks, name, port, adding=adding, credentials=credentials)
        except OSError as error:
            raise PageError(
                f"The page cannot be served at {host!r}, port {port}: another program may be "
                "using it. Choose another with --port, such as --port 7861."
            ) from error
        self.url = f"http://{name}:{port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def wait(self) -> None:
        """Returns when the user interrupts the program."""
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return

    def close(self) -> None:
        """Stops serving."""
        self._blocks.close(verbose=False)


def _serve(
    blocks: Any,
    host: str,
    port: int,
    *,
    adding: Adding | None,
    credentials: Credentials | None,
) -> None:
    """Starts the server in a thread. Nothing it sends names another host."""
    import gradio as gr
    from starlette.middleware import Middleware

    name = host.strip("[]")
    served = threading.Event()
    middleware = [Middleware(Guard, host=None if is_any(name) else name)]
    if credentials:
        middleware.append(Middleware(Password, credentials=credentials, served=served))
    middleware.append(Middleware(Shut))
    if adding:
        middleware.append(Middleware(Receiving, adding=adding))
    blocks.queue(default_concurrency_limit=AT_ONCE, api_open=False)
    blocks.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        inline=False,
        share=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        max_file_size=1,
        theme=gr.themes.Base(font=FONT, font_mono=MONO),
        css=_resource("page.css", "documents.css"),
        app_kwargs={"middleware": middleware},
    )
    served.set()


# Of every event: nothing is shown over the page, and it is no API.
QUIET: Mapping[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _page(
    assistant: Assistant,
    examples: Sequence[str],
    conversations: Conversations | None,
    adding: Adding | None,
) -> Any:
    """The page's components and events. Each browser tab has a conversation of its own."""
    import gradio as gr

    documents = Documents(assistant, adding)

    def first_view() -> str:
        return _first_view(assistant, examples, adding=documents.can_change)

    def asked(
        question: str, known: Conversation, talk: str, scope: Filter
    ) -> Iterator[tuple[Any, str, str, Any, Conversation, str]]:
        box: Any = ""
        talk = talk or new_id()
        stream, within = narrowing.stream(assistant, scope), documents.within(scope)
        for grown in exchange.ask(stream, question, known, filter=scope, within=within):
            kept = _kept(conversations, talk, grown) if grown[-1].complete else gr.skip()
            yield box, render.conversation(grown), render.saving(grown), kept, grown, talk
            # What is typed while the answer grows stays.
            box = gr.skip()

    def asked_example(
        known: Conversation, talk: str, scope: Filter, event: gr.EventData
    ) -> Iterator[tuple[Any, str, str, Any, Conversation, str]]:
        yield from asked(str(event.question)[:MAX_QUESTION], known, talk, scope)

    def failed(known: Conversation) -> tuple[str, str, Conversation]:
        ended = exchange.failed(known)
        return render.conversation(ended), render.saving(ended), ended

    def begun_again() -> tuple[str, str, Conversation, str, str]:
        return first_view(), "", (), "", panel.no_source()

    def recalled(event: gr.EventData) -> tuple[Any, ...]:
        talk = str(event.id)
        try:
            known = conversations.load(talk) if conversations else ()
        except ConversationError as error:
            skipped = (gr.skip(),) * 5
            return (*skipped, render.problem(str(error)))
        shown = render.conversation(known), render.saving(known)
        return (*shown, known, talk, panel.no_source(), _earlier(conversations))

    def forgotten(talk: str, event: gr.EventData) -> tuple[Any, ...]:
        try:
            if conversations:
                conversations.delete(str(event.id))
            left = _earlier(conversations, opened=True)
        except ConversationError as error:
            left = render.problem(str(error))
        # The one on the page goes from the page too.
        page = begun_again() if str(event.id) == talk else (gr.skip(),) * 5
        return (*page, left)

    def copied(known: Conversation, event: gr.EventData) -> str:
        return _taken(assistant, known, partial(parcel.copied, int(event.exchange)))

    def saved(known: Conversation, event: gr.EventData) -> str:
        return _taken(assistant, known, partial(parcel.saved, str(event.form)))

    def opened(known: Conversation, event: gr.EventData) -> str:
        return _opened(assistant, known, str(event.place))

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        conversation, talk, scope = gr.State(()), gr.State(""), gr.State(Filter())
        again, earlier, log, saving, taken, box, send, source, parts = _layout(
            first_view, lambda: _earlier(conversations), documents
        )
        asking: dict[str, Any] = {
            "outputs": [box, log, saving, earlier, conversation, talk],
            **QUIET,
        }
        for event in (
            gr.on([box.submit, send.click], asked, [box, conversation, talk, scope], **asking),
            log.ask(asked_example, [conversation, talk, scope], **asking),
        ):
            event.failure(failed, [conversation], [log, saving, conversation], **QUIET)
        whole = [log, saving, conversation, talk, source]
        turned = (
            again.click(begun_again, None, whole, **QUIET),
            earlier.recall(recalled, None, [*whole, earlier], **QUIET),
        )
        gone = earlier.forget(forgotten, [talk], [*whole, earlier], **QUIET)
        log.copy(copied, [conversation], [taken], **QUIET)
        saving.save(saved, [conversation], [taken], **QUIET)
        for shown in (log, source):
            shown.open(opened, [conversation], [source], **QUIET)
        _wire_documents(documents, parts, scope, source)
        talks = _Turns(conversation, turned, gone)
        _wire_filters(documents, parts, scope, talks)
        _wire_adding(documents, parts, scope, first_view, conversation=conversation, log=log)
    return blocks


class _Panel(NamedTuple):
    """The components of the documents panel and of the filters."""

    tabs: Any
    added: Any
    tools: Any
    library: Any
    chips: Any
    form: Any


def _layout(
    first_view: Callable[[], str], earlier: Callable[[], str], documents: Documents
) -> tuple[Any, ...]:
    """The components in their order on the page; the two texts are made as it is loaded."""
    import gradio as gr

    html: dict[str, Any] = {"apply_default_css": False, "js_on_load": _resource("page.js")}
    more: dict[str, Any] = {"apply_default_css": False, "js_on_load": _resource("documents.js")}
    with gr.Row(elem_id="page"):
        with gr.Column(elem_id="chat"):
            with gr.Row(elem_id="top"):
                gr.HTML(HEADER, apply_default_css=False)
                again = gr.Button("New conversation", size="sm", elem_id="again")
            before = gr.HTML(earlier, elem_id="earlier", **html)
            log = gr.HTML(first_view, elem_id="conversation", **html)
            saving = gr.HTML(elem_id="saving", **html)
            taken = gr.HTML(elem_id="taken", **html)
            with gr.Row(elem_id="composer"):
                chips = gr.HTML(elem_id="chips", **more)
                form = gr.HTML(lambda: documents.form(Filter()), elem_id="filters", **more)
                box = gr.Textbox(
                    label="Your question",
                    placeholder="Ask a question",
                    lines=1,
                    max_lines=6,
                    max_length=MAX_QUESTION,
                    container=False,
                    autofocus=True,
                    elem_id="question",
                )
                send = gr.Button("Ask", variant="primary", elem_id="ask")
        with gr.Column(elem_id="side"):
            tabs = gr.HTML(documents.tabs, elem_id="tabs", **more)
            source = gr.HTML(panel.no_source(), elem_id="source", **html)
            with gr.Column(elem_id="documents"):
                tools = gr.HTML(documents.tools, elem_id="tools", **more)
                added = gr.HTML(library.nothing_new(), elem_id="added", **more)
                listed = gr.HTML(elem_id="library", **more)
    parts = _Panel(tabs, added, tools, listed, chips, form)
    return again, before, log, saving, taken, box, send, source, parts


def _wire_documents(documents: Documents, parts: _Panel, scope: Any, source: Any) -> None:
    """Listing the documents and reading one."""
    import gradio as gr

    def read(event: gr.EventData) -> str:
        return documents.read(str(event.id))

    parts.tabs.show_documents(documents.listed, [scope], [parts.library], **QUIET)
    parts.library.read(read, None, [source], **QUIET)


class _Turns(NamedTuple):
    """The conversation, the events that turn to another, and the one that may delete it."""

    conversation: Any
    turned: Sequence[Any]
    gone: Any


def _wire_filters(documents: Documents, parts: _Panel, scope: Any, talks: _Turns) -> None:
    """Setting and lifting limits, which belong to a conversation."""
    import gradio as gr

    def restored(known: Conversation, filter: Filter) -> tuple[Any, ...]:
        last = known[-1].filter if known else Filter()
        return (gr.skip(),) * 4 if last == filter else documents.narrowed(last)

    def emptied(known: Conversation, filter: Filter) -> tuple[Any, ...]:
        return (gr.skip(),) * 4 if known else restored((), filter)

    def limited(filter: Filter, event: gr.EventData) -> tuple[Filter, str]:
        limited = narrowing.chosen(
            filter,
            languages=event.languages,
            publishers=event.publishers,
            date_from=str(event.date_from),
            date_to=str(event.date_to),
        )
        return limited, documents.chips(limited)

    def only(filter: Filter, event: gr.EventData) -> tuple[Filter, str]:
        narrowed = narrowing.toggled(filter, str(event.id))
        return narrowed, documents.chips(narrowed)

    def lifted(filter: Filter, event: gr.EventData) -> tuple[Any, ...]:
        return documents.narrowed(narrowing.without(filter, str(event.kind), str(event.value)))

    everything = [scope, parts.chips, parts.form, parts.library]
    for event in talks.turned:
        event.then(restored, [talks.conversation, scope], everything, **QUIET)
    talks.gone.then(emptied, [talks.conversation, scope], everything, **QUIET)
    parts.form.limit(limited, [scope], everything[:2], trigger_mode="always_last", **QUIET)
    parts.library.only(only, [scope], everything[:2], trigger_mode="multiple", **QUIET)
    parts.chips.lift(lifted, [scope], everything, trigger_mode="multiple", **QUIET)
    parts.chips.unlimited(lambda: documents.narrowed(Filter()), None, everything, **QUIET)


def _wire_adding(
    documents: Documents,
    parts: _Panel,
    scope: Any,
    first_view: Callable[[], str],
    *,
    conversation: Any,
    log: Any,
) -> None:
    """Adding and removing documents, and all that shows how many there are."""
    import gradio as gr

    def around(known: Conversation, filter: Filter) -> tuple[Any, ...]:
        first = gr.skip() if known else first_view()
        chips, form = documents.chips(filter), documents.form(filter)
        return documents.listed(filter), first, chips, form, filter

    def added(known: Conversation, filter: Filter, event: gr.EventData) -> Iterator[Any]:
        for said, finished in documents.add(event.ids, event.addresses, event.refused):
            yield said, *(around(known, filter) if finished else (gr.skip(),) * 5)

    def discarded(known: Conversation, filter: Filter, event: gr.EventData) -> tuple[Any, ...]:
        id = str(event.id)
        said = documents.remove(id)
        return said, *around(known, narrowing.without(filter, "document", id))

    def failed() -> str:
        return library.failed(exchange.UNEXPECTED)

    wired: dict[str, Any] = {
        "inputs": [conversation, scope],
        "outputs": [parts.added, parts.library, log, parts.chips, parts.form, scope],
        **QUIET,
    }
    for event in (
        parts.tools.add_documents(added, **wired),
        parts.library.discard(discarded, **wired),
    ):
        event.failure(failed, None, [parts.added], **QUIET)


def _first_view(assistant: Assistant, examples: Sequence[str], *, adding: bool) -> str:
    try:
        return render.welcome(len(assistant.documents()), examples, adding=adding)
    except StoreError as error:
        return render.problem(str(error))


def _earlier(conversations: Conversations | None, *, opened: bool = False) -> str:
    try:
        return render.earlier(conversations.listed() if conversations else (), opened=opened)
    except ConversationError as error:
        return render.problem(str(error))


def _kept(conversations: Conversations | None, talk: str, conversation: Conversation) -> str:
    """Keeps the conversation; the list of all, or why it could not be kept."""
    try:
        if conversations:
            conversations.save(talk, conversation)
    except ConversationError as error:
        return render.problem(str(error))
    return _earlier(conversations)


def _opened(assistant: Assistant, conversation: Conversation, written: str) -> str:
    """The source panel at a place of the conversation."""
    place = Place.parse(written)
    citations = exchange.listed(conversation, place) if place else ()
    if place is None or not citations:
        return render.problem("The page no longer knows that answer. Ask the question again.")
    try:
        document = assistant.document(citations[place.number - 1].document)
    except StoreError as error:
        return render.problem(str(error))
    return panel.source(document, place, citations)


def _taken(
    assistant: Assistant, conversation: Conversation, made: Callable[..., Parcel | None]
) -> str:
    """What the reader takes along, as HTML; `made` takes the conversation and its documents."""
    when = datetime.now(UTC)
    answers = [exchange.answer for exchange in conversation if exchange.answer is not None]
    documents = {}
    for document_id in {c.document for answer in answers for c in answer.citations}:
        with suppress(StoreError):  # a document that has gone: its citations stand without it
            documents[document_id] = assistant.document(document_id)
    taken = made(conversation, documents, when=when)
    return parcel.as_html(taken, when=when) if taken else ""


def _resource(*names: str) -> str:
    """The texts of files of this package, one after the other."""
    return "\n".join((files("assistant") / name).read_text(encoding="utf-8") for name in names)
