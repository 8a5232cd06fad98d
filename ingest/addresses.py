"""Which web addresses lie in the open internet, and which inside somebody's network."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

__all__ = ["is_public"]


def is_public(url: str) -> bool:
    """Whether all addresses of the URL's host are of the open internet.

    False for this computer, private and link-local networks, other addresses that are set
    aside, and a host that has none. The name is looked up now; who connects later may be
    given another address.
    """
    try:
        parts = urlsplit(url)
        found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return False
    return bool(found) and all(_is_global(str(address[4][0])) for address in found)


def _is_global(written: str) -> bool:
    address = ipaddress.ip_address(written.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    known = mapped or address
    return known.is_global and not known.is_multicast
