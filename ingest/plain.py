"""Reads plain text and Markdown: the file's own text, decoded, and its front matter.

The canonical text is what `open(path, encoding="utf-8", newline="").read()` gives: line
ends stay as they are in the file, and so does a UTF-8 byte order mark (one invisible
character at the start), so that an offset means the same to whoever opens the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

from ingest.extract import Extract, ReadError
from ingest.metadata import iso_date, iso_language, one_line, web_address

__all__ = ["decode", "front_matter_end", "read_markdown", "read_plain"]

# The longer mark comes first: the UTF-32 one begins with the UTF-16 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What pages and servers call Latin-1 or ASCII is Windows-1252 (WHATWG Encoding Standard).
WINDOWS_NAMES = frozenset({"iso8859-1", "ascii", "cp1252"})
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Text taken out of a PDF has a stray control character here and there, but no NUL.
CONTROL_SHARE = 1 / 100
# Western languages in Windows-1252 have fewer than one non-ASCII letter in six; in other
# scripts and in binary data it is most of them.
FOREIGN_SHARE = 1 / 4

FENCE = re.compile(r"\ufeff?---[ \t]*\r?\n(?=[A-Za-z_][\w.-]*[ \t]*:(?:\s|$))")
FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.M)
LONGEST_FRONT_MATTER = 65_536

# Keys that static site generators, pandoc and archives use, the more exact first.
KEYS = {
    "title": ("title", "titel", "titre"),
    "date": ("date", "published", "published_time", "publish_date", "pubdate", "datum", "created"),
    "publisher": ("publisher", "site", "site_name", "organisation", "organization", "institution"),
    "language": ("language", "lang", "locale"),
    "url": ("url", "source_url", "canonical", "canonical_url", "original_url", "link", "source"),
}


def read_plain(data: bytes, name: str, *, charset: str | None = None) -> Extract:
    return Extract(text=decode(data, name, charset=charset))


def read_markdown(data: bytes, name: str, *, charset: str | None = None) -> Extract:
    """The text, front matter included, and the metadata that the front matter gives."""
    text = decode(data, name, charset=charset)
    values = _front_matter(text)
    found = {field: _first(values, keys) for field, keys in KEYS.items()}
    return Extract(
        text=text,
        title=one_line(found["title"]),
        date=iso_date(found["date"]),
        publisher=one_line(found["publisher"]),
        language=iso_language(found["language"]),
        url=next(filter(None, (web_address(values.get(key)) for key in KEYS["url"])), None),
    )


def front_matter_end(text: str) -> int:
    """The offset at which the body of a Markdown text starts; 0 without front matter."""
    start = FENCE.match(text)
    end = start and FENCE_END.search(text, start.end(), start.end() + LONGEST_FRONT_MATTER)
    return end.end() if end else 0


def decode(data: bytes, name: str, *, charset: str | None = None) -> str:
    """The text of `data`, nothing removed, or ReadError when it is not text.

    In this order: a byte order mark; UTF-8; `charset`, which a server or the page itself
    declares; UTF-8 with a few damaged bytes, each of which becomes U+FFFD; Windows-1252.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(_decoded(data, encoding), data, name)
    text = _decoded(data, "utf-8")
    if text is None and charset:
        text = _decoded(data, _python_name(charset))
    if text is None:
        text = _damaged(data)
    if text is None and not _is_foreign(data):
        text = _decoded(data, "cp1252")
    return _checked(text, data, name)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _python_name(charset: str) -> str:
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return charset
    return "cp1252" if name in WINDOWS_NAMES else name


def _damaged(data: bytes) -> str | None:
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - bad
    return text if good > bad else None


def _is_foreign(data: bytes) -> bool:
    letters = sum(byte > 0x40 for byte in data)
    return sum(byte > 0x7F for byte in data) > letters * FOREIGN_SHARE


def _checked(text: str | None, data: bytes, name: str) -> str:
    if text is None:
        raise ReadError(
            f"{name!r} is not text in UTF-8, UTF-16 or Windows-1252. "
            "If it is text, save it as UTF-8; otherwise leave it out."
        )
    if "\0" in text or len(CONTROLS.findall(text)) > len(text) * CONTROL_SHARE:
        raise ReadError(
            f"{name!r} holds {len(data):,} bytes of binary data and not text. "
            "Convert it to a supported format or leave it out."
        )
    return text


def _front_matter(text: str) -> Mapping[str, str]:
    """Scalars of the front matter by lower-case key; nothing if its YAML is malformed."""
    import yaml

    end = front_matter_end(text)
    if not end:
        return {}
    body = FENCE_END.sub("", FENCE.sub("", text[:end], count=1))
    try:
        # BaseLoader leaves every scalar a string and constructs no objects.
        values = yaml.load(body, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {str(key).lower(): value for key, value in values.items() if isinstance(value, str)}


def _first(values: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((values[key] for key in keys if values.get(key, "").strip()), None)
