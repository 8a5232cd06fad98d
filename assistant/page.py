"""The chat page in the browser: the one door to Gradio.

What is shown is made by `assistant.render` and `assistant.panel`, what happens is decided
by `assistant.exchange` and `assistant.handlers`; here they are wired to events and served.
"""

# Annotations are evaluated in this module: Gradio reads those of event handlers.

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant import exchange, handlers, panel, parcel, render
from assistant.address import PageError, check_host, free_port
from assistant.assistant import Assistant
from assistant.conversations import ConversationError, Conversations, new_id
from assistant.exchange import Conversation
from assistant.forms import MAX_QUESTION
from assistant.guard import Guard
from assistant.stoppable import Dropped, Running, Stopped

__all__ = ["ChatPage", "PageError", "launch"]

TITLE = "Summit Assistant"
HEADER = f"<header><h1>{TITLE}</h1></header>"
FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif")
MONO = ("ui-monospace", "Consolas", "Menlo", "monospace")
# People who may be answered at the same time; more wait their turn.
AT_ONCE = 8


def launch(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    examples: Sequence[str] = (),
    follow_ups: Mapping[str, str] = render.NO_FOLLOW_UPS,
    conversations: Conversations | None = None,
    feedback: Path | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serves the chat page until interrupted (Ctrl-C). `announce` is told its address.

    PageError for a `host` other than this computer and for a `port` that is taken.
    `examples` are questions that the first view offers, `follow_ups` others by the question
    after whose answer they are offered. What is asked is kept in `conversations`, and nowhere
    without it; what readers say of answers in the file `feedback`.
    """
    with ChatPage(
        assistant,
        host=host,
        port=port,
        examples=examples,
        follow_ups=follow_ups,
        conversations=conversations,
        feedback=feedback,
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
        follow_ups: Mapping[str, str] = render.NO_FOLLOW_UPS,
        conversations: Conversations | None = None,
        feedback: Path | None = None,
    ) -> None:
        check_host(host)
        served = _Served(assistant, examples, follow_ups, conversations, feedback, Running())
        self._blocks = _page(served)
        # As a URL writes it, which is also how Gradio wants an IPv6 address.
        name = f"[{host}]" if ":" in host else host
        port = port or free_port(host)
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
        css=_resource("page.css", "exchange.css"),
        app_kwargs={"middleware": [Middleware(Guard, host=host.strip("[]"))]},
    )


@dataclass(frozen=True, slots=True)
class _Served:
    """What a page is served with."""

    assistant: Assistant
    examples: Sequence[str]
    follow_ups: Mapping[str, str]
    conversations: Conversations | None
    feedback: Path | None
    running: Running

    def first_view(self) -> str:
        return handlers.first_view(self.assistant, self.examples)

    def shown(self, known: Conversation) -> tuple[str, str, Conversation]:
        """The outputs `_Parts.exchanges`."""
        return render.conversation(known, self.follow_ups), render.saving(known), known


@dataclass(frozen=True, slots=True)
class _Parts:
    """The page's components. What a tab has of its own is in `conversation` and `talk`, its id."""

    conversation: Any
    talk: Any
    again: Any
    earlier: Any
    log: Any
    saving: Any
    taken: Any
    box: Any
    send: Any
    stop: Any
    source: Any

    @property
    def exchanges(self) -> list[Any]:
        return [self.log, self.saving, self.conversation]

    @property
    def whole(self) -> list[Any]:
        return [*self.exchanges, self.talk, self.source]


# Of every event: nothing is shown over the page, and it is no API.
QUIET: Mapping[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _page(served: _Served) -> Any:
    """The page's components and events. Each browser tab has a conversation of its own."""
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        parts = _layout(served.first_view, lambda: handlers.earlier(served.conversations))
        _asking(served, parts)
        _going_back(served, parts)
        _reading(served, parts)
    return blocks


def _asking(served: _Served, parts: _Parts) -> None:
    """The events that begin an answer, and the one that ends it before its end."""
    import gradio as gr

    def answered(
        asked: Mapping[str, Any], known: Conversation, talk: str, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        talk, tab, keep = talk or new_id(), _tab(request), served.conversations
        stream, running = served.assistant.stream, served.running
        for grown in handlers.answering(stream, known, asked, running=running, tab=tab):
            kept = handlers.kept(keep, talk, grown) if grown[-1].complete else gr.skip()
            yield *served.shown(grown), talk, kept

    def asked(
        question: str, known: Conversation, talk: str, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        box: Any = ""
        for outputs in answered({"question": question}, known, talk, request):
            yield *outputs, box
            # What is typed while the answer grows stays.
            box = gr.skip()

    def asked_there(
        known: Conversation, talk: str, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        names = ("question", "searched", "at")
        given = {name: getattr(event, name) for name in names if hasattr(event, name)}
        # What the panel shows may be a source of what is replaced.
        source = panel.no_source() if "at" in given else gr.skip()
        for outputs in answered(given, known, talk, request):
            yield *outputs, source

    def failed(known: Conversation) -> tuple[str, str, Conversation]:
        return served.shown(exchange.failed(known))

    def stopped(request: gr.Request) -> None:
        served.running.end(_tab(request), Stopped())

    growing = [*parts.exchanges, parts.talk, parts.earlier]
    known = [parts.conversation, parts.talk]
    sent = [parts.box.submit, parts.send.click]
    for event in (
        gr.on(sent, asked, [parts.box, *known], [*growing, parts.box], **QUIET),
        parts.log.ask(asked_there, known, [*growing, parts.source], **QUIET),
    ):
        event.failure(failed, [parts.conversation], parts.exchanges, **QUIET)
    parts.stop.click(stopped, None, None, **QUIET)


def _going_back(served: _Served, parts: _Parts) -> None:
    """The events that leave the conversation on the page for a new or an earlier one."""
    import gradio as gr

    keep = served.conversations

    def begun_again(request: gr.Request) -> tuple[Any, ...]:
        served.running.end(_tab(request), Dropped())
        return served.first_view(), "", (), "", panel.no_source()

    def recalled(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        talk = str(event.id)
        try:
            known = keep.load(talk) if keep else ()
        except ConversationError as error:
            skipped = (gr.skip(),) * 5
            return (*skipped, render.problem(str(error)))
        served.running.end(_tab(request), Dropped())
        return (*served.shown(known), talk, panel.no_source(), handlers.earlier(keep))

    def forgotten(talk: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        try:
            if keep:
                keep.delete(str(event.id))
            left = handlers.earlier(keep, unfolded=True)
        except ConversationError as error:
            left = render.problem(str(error))
        # The one on the page goes from the page too.
        page = begun_again(request) if str(event.id) == talk else (gr.skip(),) * 5
        return (*page, left)

    parts.again.click(begun_again, None, parts.whole, **QUIET)
    listed = [*parts.whole, parts.earlier]
    parts.earlier.recall(recalled, None, listed, **QUIET)
    parts.earlier.forget(forgotten, [parts.talk], listed, **QUIET)


def _reading(served: _Served, parts: _Parts) -> None:
    """The events of someone who reads: sources, what is taken along, what is thought of it."""
    import gradio as gr

    def copied(known: Conversation, event: gr.EventData) -> str:
        made = partial(parcel.copied, int(event.exchange))
        return handlers.taken(served.assistant, known, made)

    def saved(known: Conversation, event: gr.EventData) -> str:
        return handlers.taken(served.assistant, known, partial(parcel.saved, str(event.form)))

    def opened(known: Conversation, event: gr.EventData) -> str:
        return handlers.opened(served.assistant, known, str(event.place))

    def rated(known: Conversation, talk: str, event: gr.EventData) -> tuple[Any, ...]:
        given = {key: getattr(event, key) for key in ("at", "number", "verdict", "note")}
        told, said = handlers.rated(served.feedback, known, given)
        keep = served.conversations
        kept = gr.skip() if told == known else handlers.kept(keep, talk, told)
        return (*served.shown(told), kept, said)

    known = [parts.conversation]
    parts.log.copy(copied, known, [parts.taken], **QUIET)
    parts.saving.save(saved, known, [parts.taken], **QUIET)
    parts.log.rate(
        rated, [*known, parts.talk], [*parts.exchanges, parts.earlier, parts.taken], **QUIET
    )
    for shown_at in (parts.log, parts.source):
        shown_at.open(opened, known, [parts.source], **QUIET)


def _tab(request: Any) -> str:
    """The browser tab that a request comes from."""
    return str(request.session_hash)


def _layout(first_view: Callable[[], str], earlier: Callable[[], str]) -> _Parts:
    """The components in their order on the page; the two texts are made as it is loaded."""
    import gradio as gr

    html: dict[str, Any] = {"apply_default_css": False, "js_on_load": _resource("page.js")}
    with gr.Row(elem_id="page"):
        with gr.Column(elem_id="chat"):
            with gr.Row(elem_id="top"):
                gr.HTML(HEADER, apply_default_css=False)
                again = gr.Button("New conversation", size="sm", elem_id="again")
            before = gr.HTML(earlier, elem_id="earlier", **html)
            log = gr.HTML(
                first_view,
                elem_id="conversation",
                apply_default_css=False,
                js_on_load=_resource("page.js", "exchange.js"),
            )
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
                stop = gr.Button("Stop", elem_id="stop")
        with gr.Column(elem_id="side"):
            source = gr.HTML(panel.no_source(), elem_id="source", **html)
    return _Parts(
        conversation=gr.State(()),
        talk=gr.State(""),
        again=again,
        earlier=before,
        log=log,
        saving=saving,
        taken=taken,
        box=box,
        send=send,
        stop=stop,
        source=source,
    )


def _resource(*names: str) -> str:
    """The texts of files of this package, one after the other."""
    return "\n".join((files("assistant") / name).read_text(encoding="utf-8") for name in names)
