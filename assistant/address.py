"""Where the chat page may be served: on this computer alone, and with a password for others."""

from __future__ import annotations

import ipaddress
import socket

from assistant.password import Credentials

__all__ = ["PageError", "check_host", "free_port", "is_any", "is_here"]


class PageError(ValueError):
    """The page cannot be served as asked; the message says why and what to do."""


def is_here(host: str) -> bool:
    """Whether only this computer reaches the host."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_any(host: str) -> bool:
    """Whether the host stands for every address of this computer."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def check_host(host: str, credentials: Credentials | None = None) -> None:
    """PageError for a host that others reach, unless a password is asked for."""
    if not host or not (credentials or is_here(host)):
        raise PageError(
            f"The page cannot be served on {host!r} without a password: anyone who reaches that "
            "address could read the documents. Set SUMMIT_AUTH=USER:PASSWORD, or use "
            "--host 127.0.0.1."
        )


def free_port(host: str) -> int:
    """A port of this computer that nothing uses at the moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        return int(taken.getsockname()[1])
