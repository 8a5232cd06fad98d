"""Asking for a user name and a password before anything is served (HTTP Basic, RFC 7617)."""

from __future__ import annotations

import base64
import binascii
import hmac
import threading
from dataclasses import dataclass, field
from typing import Self

from assistant.asgi import App, Receive, Scope, Send, answer, header

__all__ = ["Credentials", "Password"]

# Gradio asks its own server for this, without a password, before it says that it is up.
STARTING = "/gradio_api/startup-events"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whom the page is served to; the password is never shown."""

    user: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """What USER:PASSWORD means; None where one of the two is missing."""
        user, colon, password = written.partition(":")
        return cls(user, password) if user and colon and password else None

    def match(self, authorization: str) -> bool:
        """Whether an Authorization header gives these; takes as long for any wrong one."""
        kind, _, encoded = authorization.partition(" ")
        try:
            given = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        expected = f"{self.user}:{self.password}".encode()
        return kind.lower() == "basic" and hmac.compare_digest(given, expected)


class Password:
    """ASGI middleware: 401 to every request without the credentials.

    Until `served` is set, the one address that the server itself asks for is answered.
    """

    def __init__(self, app: App, *, credentials: Credentials, served: threading.Event) -> None:
        self._app = app
        self._credentials = credentials
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._admits(scope):
            await self._app(scope, receive, send)
            return
        await answer(
            send,
            401,
            "This page asks for a user name and a password.",
            www_authenticate='Basic realm="Summit Assistant", charset="UTF-8"',
            cache_control="no-store",
        )

    def _admits(self, scope: Scope) -> bool:
        if not self._served.is_set() and scope["path"] == STARTING:
            return True
        return self._credentials.match(header(scope, "authorization") or "")
