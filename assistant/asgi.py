"""The few words of ASGI that the page's own middleware speaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["App", "Message", "Receive", "Scope", "Send", "answer", "header"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: str) -> str | None:
    """The last value of a request's header, `name` being in lower case; None without one."""
    found: bytes | None = dict(scope["headers"]).get(name.encode())
    return None if found is None else found.decode("latin-1")


async def answer(
    send: Send, status: int, body: str, *, kind: str = "text/plain", **headers: str
) -> None:
    """Sends a whole response; of a header's name `_` is written as `-`."""
    data = body.encode()
    given = {
        "content-type": f"{kind}; charset=utf-8",
        "content-length": str(len(data)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": data})
