"""The chat page in the browser: the one door to Gradio.

What is shown is made by `assistant.render` and `assistant.panel`, what happens is decided
by `assistant.exchange`; here they are wired to events and served.
"""

# Annotations are evaluated in this module: Gradio reads those of event handlers.

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from assistant import exchange, panel, render
from assistant.assistant import Assistant
from assistant.exchange import Conversation, Place
from assistant.guard import Guard
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
    announce: Callable[[str], None] = print,
) -> None:
    """Serves the chat page until interrupted (Ctrl-C). `announce` is told its address.

    PageError for a `host` other than this computer and for a `port` that is taken.
    `examples` are questions that the first view offers.
    """
    with ChatPage(assistant, host=host, port=port, examples=examples) as page:
        if assistant.documents():
            assistant.warm_up()
        announce(f"The chat page is at {page.url} (for this computer only). Ctrl-C ends it.")
        page.wait()


class ChatPage:
    """A chat page that is being served. Use as a context manager, or close it.

    `url` is its address. Port 0 takes any free one.
    """

    def __init__(
        self, assistant: Assistant, *, host: str, port: int, examples: Sequence[str] = ()
    ) -> None:
        _check_host(host)
        self._blocks = _page(assistant, examples)
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


def _page(assistant: Assistant, examples: Sequence[str]) -> Any:
    """The page's components and events. Each browser tab has a conversation of its own."""
    import gradio as gr

    script = _resource("page.js")

    def first_view() -> str:
        return _first_view(assistant, examples)

    def asked(question: str, known: Conversation) -> Iterator[tuple[Any, str, Conversation]]:
        box: Any = ""
        for grown in exchange.ask(assistant.stream, question, known):
            yield box, render.conversation(grown), grown
            # What is typed while the answer grows stays.
            box = gr.skip()

    def asked_example(
        known: Conversation, event: gr.EventData
    ) -> Iterator[tuple[Any, str, Conversation]]:
        yield from asked(str(event.question)[:MAX_QUESTION], known)

    def failed(known: Conversation) -> tuple[str, Conversation]:
        ended = exchange.failed(known)
        return render.conversation(ended), ended

    def begun_again() -> tuple[str, Conversation, str]:
        return first_view(), (), panel.no_source()

    def opened(known: Conversation, event: gr.EventData) -> str:
        return _opened(assistant, known, str(event.place))

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        conversation = gr.State(())
        with gr.Row(elem_id="page"):
            with gr.Column(elem_id="chat"):
                with gr.Row(elem_id="top"):
                    gr.HTML(HEADER, apply_default_css=False)
                    again = gr.Button("New conversation", size="sm", elem_id="again")
                log = gr.HTML(
                    first_view,
                    elem_id="conversation",
                    apply_default_css=False,
                    js_on_load=script,
                )
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
                source = gr.HTML(
                    panel.no_source(),
                    elem_id="source",
                    apply_default_css=False,
                    js_on_load=script,
                )
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asking: dict[str, Any] = {"outputs": [box, log, conversation], **quiet}
        for event in (
            gr.on([box.submit, send.click], asked, [box, conversation], **asking),
            log.ask(asked_example, [conversation], **asking),
        ):
            event.failure(failed, [conversation], [log, conversation], **quiet)
        again.click(begun_again, None, [log, conversation, source], **quiet)
        for shown in (log, source):
            shown.open(opened, [conversation], [source], **quiet)
    return blocks


def _first_view(assistant: Assistant, examples: Sequence[str]) -> str:
    try:
        return render.welcome(len(assistant.documents()), examples)
    except StoreError as error:
        return render.problem(str(error))


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


def _resource(name: str) -> str:
    return (files("assistant") / name).read_text(encoding="utf-8")
