"""The chat page in the browser: the one door to Gradio.

What is shown is made by `assistant.render` and `assistant.panel`, what happens is decided
by `assistant.exchange`; here they are wired to events and served.
"""

# Annotations are evaluated in this module: Gradio reads those of event handlers.

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from assistant import exchange, panel, parcel, render
from assistant.assistant import Assistant
from assistant.conversations import ConversationError, Conversations, new_id
from assistant.exchange import Conversation, Place
from assistant.guard import Guard
from assistant.parcel import Parcel
from vectorstore import StoreError

__all__ = ["ChatPage", "PageError", "launch"]

TITLE = "Summit Assistant"
HEADER = f"<header><h1>{TITLE}</h1></header>"
FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Menlo", "monospace")
# People who may be answered at the same time; more wait their turn.
AT_ONCE = 8
MAX_QUESTION = 2_000


class PageError(ValueError):
    """The page cannot be served as asked; the message says why and what to do."""


def launch(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    examples: Sequence[str] = (),
    conversations: Conversations | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serves the chat page until interrupted (Ctrl-C). `announce` is told its address.

    PageError for a `host` other than this computer and for a `port` that is taken.
    `examples` are questions that the first view offers. What is asked is kept in
    `conversations`, and nowhere without it.
    """
    with ChatPage(
        assistant, host=host, port=port, examples=examples, conversations=conversations
    ) as page:
        if assistant.documents():
            assistant.warm_up()
        announce(f"The chat page is at {page.url} (for this computer only). Ctrl-C ends it.")
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
    ) -> None:
        _check_host(host)
        self._blocks = _page(assistant, examples, conversations)
        # As a URL writes it, which is also how Gradio wants an IPv6 address.
        name = f"[{host}]" if ":" in host else host
        port = port or _free_port(host)
        try:
            _serve(self._blocks, name, port)
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


def _check_host(host: str) -> None:
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise PageError(
            f"The page cannot be served on {host!r}: it has no password yet, so anyone who "
            "reaches that address could read the documents. Use --host 127.0.0.1."
        )


def _free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        return int(taken.getsockname()[1])


def _serve(blocks: Any, host: str, port: int) -> None:
    """Starts the server in a thread. Nothing it sends names another host."""
    import gradio as gr
    from starlette.middleware import Middleware

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
        css=_resource("page.css"),
        app_kwargs={"middleware": [Middleware(Guard, host=host.strip("[]"))]},
    )


def _page(
    assistant: Assistant, examples: Sequence[str], conversations: Conversations | None
) -> Any:
    """The page's components and events. Each browser tab has a conversation of its own."""
    import gradio as gr

    def first_view() -> str:
        return _first_view(assistant, examples)

    def asked(
        question: str, known: Conversation, talk: str
    ) -> Iterator[tuple[Any, str, str, Any, Conversation, str]]:
        box: Any = ""
        talk = talk or new_id()
        for grown in exchange.ask(assistant.stream, question, known):
            kept = _kept(conversations, talk, grown) if grown[-1].complete else gr.skip()
            yield box, render.conversation(grown), render.saving(grown), kept, grown, talk
            # What is typed while the answer grows stays.
            box = gr.skip()

    def asked_example(
        known: Conversation, talk: str, event: gr.EventData
    ) -> Iterator[tuple[Any, str, str, Any, Conversation, str]]:
        yield from asked(str(event.question)[:MAX_QUESTION], known, talk)

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
        conversation, talk = gr.State(()), gr.State("")
        again, earlier, log, saving, taken, box, send, source = _layout(
            first_view, lambda: _earlier(conversations)
        )
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asking: dict[str, Any] = {
            "outputs": [box, log, saving, earlier, conversation, talk],
            **quiet,
        }
        for event in (
            gr.on([box.submit, send.click], asked, [box, conversation, talk], **asking),
            log.ask(asked_example, [conversation, talk], **asking),
        ):
            event.failure(failed, [conversation], [log, saving, conversation], **quiet)
        whole = [log, saving, conversation, talk, source]
        again.click(begun_again, None, whole, **quiet)
        earlier.recall(recalled, None, [*whole, earlier], **quiet)
        earlier.forget(forgotten, [talk], [*whole, earlier], **quiet)
        log.copy(copied, [conversation], [taken], **quiet)
        saving.save(saved, [conversation], [taken], **quiet)
        for shown in (log, source):
            shown.open(opened, [conversation], [source], **quiet)
    return blocks


def _layout(first_view: Callable[[], str], earlier: Callable[[], str]) -> tuple[Any, ...]:
    """The components in their order on the page; the two texts are made as it is loaded."""
    import gradio as gr

    html: dict[str, Any] = {"apply_default_css": False, "js_on_load": _resource("page.js")}
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
            source = gr.HTML(panel.no_source(), elem_id="source", **html)
    return again, before, log, saving, taken, box, send, source


def _first_view(assistant: Assistant, examples: Sequence[str]) -> str:
    try:
        return render.welcome(len(assistant.documents()), examples)
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


def _resource(name: str) -> str:
    return (files("assistant") / name).read_text(encoding="utf-8")
