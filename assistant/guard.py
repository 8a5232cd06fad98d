"""What every answer of the page's server carries, and whom it answers at all."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from assistant.asgi import App, Message, Receive, Scope, Send, answer, header

__all__ = ["Guard", "Shut"]

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
# Gradio's routes that take, keep, fetch or hand out files. The page has no use for them.
SHUT = re.compile(
    r"/+(?:gradio_api/+)?(?:upload|upload_progress|file|proxy|stream|component_server|"
    r"process_recording|deep_link|custom_component|(?:undo-)?vibe-\w+)(?:[/=].*)?",
    re.S,
)
READING = ("GET", "HEAD", "OPTIONS")


class Guard:
    """ASGI middleware: security headers on every answer, none to a foreign Host or page.

    A page elsewhere can let its own name point to this computer and then read what is
    served here (DNS rebinding); its requests carry that name as their Host. With `host`
    None every name is answered: then a password has to be asked for, which a browser does
    not give to another name. A page elsewhere can also send requests here whose answers it
    cannot read; those that may change something must come from our own page (Origin).
    """

    def __init__(self, app: App, *, host: str | None) -> None:
        self._app = app
        self._hosts = {host, "localhost", "127.0.0.1", "::1"} if host is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # the page has none
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
            await send(message)

        if self._hosts is not None and _host(scope) not in self._hosts:
            await answer(send_guarded, 421, "This name is not served here; use the page's address.")
        elif scope["method"] not in READING and not _from_our_page(scope):
            await answer(send_guarded, 403, "Only this address's own page may do that.")
        else:
            await self._app(scope, receive, send_guarded)


class Shut:
    """ASGI middleware: 404 to Gradio's routes for files."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and SHUT.fullmatch(scope["path"]):
            await answer(send, 404, "There is nothing here.")
        else:
            await self._app(scope, receive, send)


def _from_our_page(scope: Scope) -> bool:
    """Whether the request is of a page of this server, or of no page: browsers say which."""
    origin = header(scope, "origin")
    if origin is None:
        return header(scope, "sec-fetch-site") in (None, "same-origin", "none")
    return _named(origin) == (header(scope, "host") or "").lower()


def _named(origin: str) -> str | None:
    """Host and port in an Origin; None for "null", which names no page."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _host(scope: Scope) -> str | None:
    """The name in the Host header, without the port."""
    try:
        return urlsplit(f"//{header(scope, 'host') or ''}").hostname
    except ValueError:
        return None
