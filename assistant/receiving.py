"""The one route by which a browser hands over a file: its bytes, streamed and counted."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import unquote

from assistant.adding import Adding
from assistant.asgi import App, Receive, Scope, Send, answer, header
from assistant.uploads import Incoming, safe_name

__all__ = ["PATH", "Receiving"]

PATH = "/documents"
# The file's own name, percent-encoded UTF-8.
NAME = "x-file-name"


class Receiving:
    """ASGI middleware: a POST to `PATH` is one file, whose addition's id is answered as JSON.

    A file that is too large is answered with 413 as soon as that is known.
    """

    def __init__(self, app: App, *, adding: Adding) -> None:
        self._app = app
        self._adding = adding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
        elif scope["method"] != "POST":
            await answer(send, 405, "A file is added with POST.", allow="POST")
        elif not header(scope, NAME):
            await answer(send, 400, f"The file's name is missing ({NAME}).")
        else:
            await self._take(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = safe_name(unquote(header(scope, NAME) or "", errors="replace"))
        try:
            with Incoming(self._adding.folder) as incoming:
                whole = await self._received(scope, receive, incoming)
                if whole:
                    id = await asyncio.to_thread(self._adding.file, incoming, name)
        except OSError as error:
            await answer(send, 507, f"The file cannot be kept ({error.strerror}).")
            return
        if whole is None:
            return  # the browser has gone
        if whole:
            await answer(send, 202, json.dumps({"id": id}), kind="application/json")
        else:
            limit = f"{self._adding.max_bytes:,} bytes"
            await answer(send, 413, f"A file may have {limit}.", connection="close")

    async def _received(self, scope: Scope, receive: Receive, incoming: Incoming) -> bool | None:
        """Whether all of it has come; False where it is too large, None where it broke off."""
        declared = header(scope, "content-length") or "0"
        if not declared.isdecimal() or int(declared) > self._adding.max_bytes:
            return False
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            piece = message.get("body", b"")
            if incoming.size + len(piece) > self._adding.max_bytes:
                return False
            await asyncio.to_thread(incoming.write, piece)
            if not message.get("more_body", False):
                return True
