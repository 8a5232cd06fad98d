"""What every answer of the page's server carries, and whom it answers at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Guard"]

_Scope = MutableMapping[str, Any]
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Scope, _Receive, _Send], Awaitable[None]]

# Gradio's own scripts are inline and compile templates, hence the two "unsafe" words; what
# matters is that nothing can be fetched from, or sent to, another host.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Guard:
    """ASGI middleware: security headers on every answer, none to a foreign Host.

    A page elsewhere can let its own name point to this computer and then read what is
    served here (DNS rebinding); its requests carry that name as their Host.
    """

    def __init__(self, app: _App, *, host: str) -> None:
        self._app = app
        self._hosts = {host, "localhost", "127.0.0.1", "::1"}

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: _Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
            await send(message)

        if _host(scope) in self._hosts:
            await self._app(scope, receive, send_guarded)
            return
        body = b"This address is served for this computer only."
        start = {
            "type": "http.response.start",
            "status": 421,
            "headers": [(b"content-type", b"text/plain")],
        }
        await send_guarded(start)
        await send({"type": "http.response.body", "body": body})


def _host(scope: _Scope) -> str | None:
    """The name in the Host header, without the port."""
    given = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    try:
        return urlsplit(f"//{given}").hostname
    except ValueError:
        return None
