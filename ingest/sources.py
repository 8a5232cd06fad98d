"""Finds the documents that an argument names (folder, file, URL) and loads their bytes.

A URL is opened only because the user has named it; no address inside a document is.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ingest.addresses import is_public
from ingest.extract import ReadError
from ingest.reading import MAX_BYTES, SUFFIXES

__all__ = ["Source", "SourceError", "find", "find_skipped", "load"]

SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+)://")
MAX_REDIRECTS = 5


class SourceError(Exception):
    """An argument that names nothing to read; the message says what to name instead."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document to be: where it is and what it is called.

    `location` is an absolute path or a URL; `root` the absolute path of the folder that
    was named, or "" for a file or URL named by itself; `name` the path relative to the
    root, with `/`, or the file's name, or the URL.
    """

    location: str
    root: str
    name: str

    @property
    def is_url(self) -> bool:
        return bool(SCHEME.match(self.location))


def find(argument: str) -> tuple[Source, ...]:
    """The documents that `argument` names, sorted by name.

    In a folder and the folders in it: the files with a suffix that is read; hidden files
    and temporary files of office programs are passed over. SourceError if there is
    nothing of that name, nothing to read in the folder, or if the URL is not of the web.
    """
    if match := SCHEME.match(argument):
        return (_web_source(argument, match[1]),)
    path = Path(argument).expanduser()
    if path.is_file():
        return (Source(str(path.resolve()), "", _readable(path.name)),)
    if not path.is_dir():
        raise SourceError(f"{argument!r} does not exist. Name a folder, a file or a URL.")
    root = path.resolve()
    found = [file for file in _files(root) if file.suffix.lower() in SUFFIXES]
    if not found:
        raise SourceError(
            f"{argument!r} holds no file that can be read. "
            f"Put documents in it whose names end in {', '.join(sorted(SUFFIXES))}."
        )
    return tuple(Source(str(file), str(root), _name(file, root)) for file in found)


def find_skipped(argument: str) -> tuple[str, ...]:
    """The names of the files in a folder that `find` passes over for their suffix."""
    root = Path(argument).expanduser().resolve()
    if SCHEME.match(argument) or not root.is_dir():
        return ()
    return tuple(_name(f, root) for f in _files(root) if f.suffix.lower() not in SUFFIXES)


def load(
    source: Source,
    *,
    max_bytes: int = MAX_BYTES,
    timeout_seconds: float = 30.0,
    public_only: bool = False,
) -> tuple[bytes, str | None]:
    """The bytes of `source` and the Content-Type with which a server sent them, if one did.

    ReadError if they cannot be had whole or are more than `max_bytes`. `timeout_seconds`
    is for a URL and covers the whole transfer. With `public_only` no address inside a
    network is asked, not by way of a redirect either: for a URL that somebody else names.
    """
    if source.is_url:
        return _fetched(source, max_bytes, timeout_seconds, public_only=public_only)
    try:
        with Path(source.location).open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReadError(
            f"{source.name!r} cannot be opened ({reason}). Check the file and its permissions."
        ) from error
    _refuse_oversize(len(data), source.name, max_bytes)
    return data, None


def _refuse_oversize(size: int, name: str, max_bytes: int) -> None:
    if size > max_bytes:
        raise ReadError(
            f"{name!r} has more than the {max_bytes:,} bytes that are read. Split it into parts."
        )


def _files(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """The files under `folder` in the order of their names; a loop of links ends."""
    above |= {folder.resolve()}
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise SourceError(
            f"{str(folder)!r} cannot be listed: {error.strerror}. "
            "Change its permissions or name another folder."
        ) from error
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and entry.resolve() not in above:
            yield from _files(entry, above)


def _name(file: Path, root: Path) -> str:
    return _readable(file.relative_to(root).as_posix())


def _readable(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def _web_source(argument: str, scheme: str) -> Source:
    try:
        parts = urlsplit(argument)
        host = parts.hostname
    except ValueError:
        host = None
    if scheme.lower() not in ("http", "https") or not host:
        raise SourceError(
            f"{argument!r} is no web address. Name one that begins with http:// or https://, "
            "or a folder or file."
        )
    # A user name and password in the address stay out of what is stored and shown.
    shown = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")
    return Source(urlunsplit(parts._replace(fragment="")), "", urlunsplit(shown))


def _fetched(
    source: Source, max_bytes: int, timeout_seconds: float, *, public_only: bool
) -> tuple[bytes, str | None]:
    import httpx

    def admit(request: httpx.Request) -> None:
        if public_only and not is_public(str(request.url)):
            raise ReadError(
                f"{source.name!r} leads to {request.url.host!r}, which is not in the open "
                "internet. Save the page as a file and add that."
            )

    deadline = time.monotonic() + timeout_seconds
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=MAX_REDIRECTS,
                timeout=timeout_seconds,
                headers={"User-Agent": "summit-assistant", "Accept": "text/html, */*;q=0.8"},
                event_hooks={"request": [admit]},
            ) as client,
            client.stream("GET", source.location) as response,
        ):
            response.raise_for_status()
            data = _body(response, source.name, max_bytes, deadline)
            return data, response.headers.get("content-type")
    except httpx.HTTPStatusError as error:
        status = f"{error.response.status_code} {error.response.reason_phrase}".strip()
        raise ReadError(
            f"{source.name!r} was refused by its server ({status}). Check the address."
        ) from error
    except httpx.TooManyRedirects as error:
        raise ReadError(
            f"{source.name!r} redirects more than {MAX_REDIRECTS} times. "
            "Name the address where it ends."
        ) from error
    except (httpx.TimeoutException, TimeoutError) as error:
        raise ReadError(
            f"{source.name!r} did not arrive within {timeout_seconds:g} seconds. Try again later."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
        raise ReadError(
            f"{source.name!r} cannot be reached ({error}). "
            "Check the address and the network connection."
        ) from error


def _body(response: Any, name: str, max_bytes: int, deadline: float) -> bytes:
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        _refuse_oversize(len(data), name, max_bytes)
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(data)
