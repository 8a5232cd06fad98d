"""Where the chat page may be served: on this computer alone."""

from __future__ import annotations

import ipaddress
import socket

__all__ = ["PageError", "check_host", "free_port"]


class PageError(ValueError):
    """The page cannot be served as asked; the message says why and what to do."""


def check_host(host: str) -> None:
    """PageError unless `host` is this computer by its loopback address or as localhost."""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise PageError(
            f"The page cannot be served on {host!r}: it has no password yet, so anyone who "
            "reaches that address could read the documents. Use --host 127.0.0.1."
        )


def free_port(host: str) -> int:
    """A port of this computer that nothing uses at the moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        return int(taken.getsockname()[1])
