"""Serving the chat page, until someone ends it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from starlette.middleware import Middleware

from assistant import page
from assistant.adding import Adding
from assistant.address import PageError, check_host, free_port, is_any, is_here
from assistant.assistant import Assistant
from assistant.conversations import Conversations
from assistant.documents import Documents
from assistant.guard import Guard, Shut
from assistant.parts import Served
from assistant.password import Credentials, Password
from assistant.receiving import Receiving
from assistant.render import NO_FOLLOW_UPS
from assistant.stoppable import Running

__all__ = ["ChatPage", "launch"]

# People who may be answered at the same time; more wait their turn.
AT_ONCE = 8


def launch(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    examples: Sequence[str] = (),
    follow_ups: Mapping[str, str] = NO_FOLLOW_UPS,
    conversations: Conversations | None = None,
    feedback: Path | None = None,
    adding: Adding | None = None,
    credentials: Credentials | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Serves the chat page until interrupted (Ctrl-C). `announce` is told its address.

    PageError for a `host` other than this computer without `credentials`, and for a `port`
    that is taken. `examples` are questions that the first view offers, `follow_ups` others by
    the question after whose answer they are offered. What is asked is kept in `conversations`,
    and nowhere without it; what readers say of answers in the file `feedback`; documents are
    added and removed by `adding`, and not without it.
    """
    with ChatPage(
        assistant,
        host=host,
        port=port,
        examples=examples,
        follow_ups=follow_ups,
        conversations=conversations,
        feedback=feedback,
        adding=adding,
        credentials=credentials,
    ) as served:
        if assistant.documents():
            assistant.warm_up()
        whom = "this computer only" if is_here(host) else "whoever has the password"
        announce(f"The chat page is at {served.url} (for {whom}). Ctrl-C ends it.")
        served.wait()


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
        follow_ups: Mapping[str, str] = NO_FOLLOW_UPS,
        conversations: Conversations | None = None,
        feedback: Path | None = None,
        adding: Adding | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        check_host(host, credentials)
        running, documents = Running(), Documents(assistant, adding)
        self._running = running
        self._blocks = page.blocks(
            Served(assistant, examples, follow_ups, conversations, feedback, running, documents)
        )
        # As a URL writes it, which is also how Gradio wants an IPv6 address.
        name = f"[{host}]" if ":" in host else host
        port, ready = port or free_port(host), threading.Event()
        try:
            _serve(self._blocks, name, port, _middleware(host, adding, credentials, ready))
            ready.set()
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
        """Stops serving, and what is being answered."""
        if self._blocks.is_running:
            _end_streams(self._blocks)
        self._blocks.close(verbose=False)
        self._running.close()


def _end_streams(blocks: Any) -> None:
    """Ends the streams that pages keep open. Gradio would do so from the thread that closes it,
    where they may be beginning or ending at that moment; here it is done in their own."""

    async def end() -> None:
        blocks.app.stop_event.set()

    loop = blocks.server.servers[0].get_loop()
    asyncio.run_coroutine_threadsafe(end(), loop).result()


def _middleware(
    host: str, adding: Adding | None, credentials: Credentials | None, ready: threading.Event
) -> list[Middleware]:
    """What a request passes before Gradio sees it, in this order."""
    passed = [Middleware(Guard, host=None if is_any(host) else host)]
    if credentials:
        passed.append(Middleware(Password, credentials=credentials, served=ready))
    passed.append(Middleware(Shut))
    if adding:
        passed.append(Middleware(Receiving, adding=adding))
    return passed


def _serve(blocks: Any, host: str, port: int, middleware: Sequence[Any]) -> None:
    """Starts the server in a thread. Nothing it sends names another host."""
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
        **page.look(),
        app_kwargs={"middleware": list(middleware)},
    )
