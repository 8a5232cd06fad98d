"""Chooses the reader for a document by its bytes, its name and its declared type."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.docx import read_docx
from ingest.extract import Extract, ReadError
from ingest.html import read_html
from ingest.pdf import read_pdf
from ingest.plain import read_markdown, read_plain

__all__ = ["MAX_BYTES", "SUFFIXES", "read"]

MAX_BYTES = 64 * 2**20

_Reader = Callable[..., Extract]

TEXT_READERS: dict[str, _Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
}
BINARY_READERS: dict[str, _Reader] = {".pdf": read_pdf, ".docx": read_docx}
SUFFIXES: frozenset[str] = frozenset((*TEXT_READERS, *BINARY_READERS))

SUFFIX_OF_TYPE = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
# How the bytes begin, whatever the name says. In what is called a PDF the mark may come
# later in the first kilobyte, as its readers allow.
PDF_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-\d")
PDF_MARK = b"%PDF-"
PDF_MARK_REACH = 1024
ZIP_START = b"PK\x03\x04"
OLD_OFFICE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b", re.I)
WORD_PART = b"word/document.xml"


def read(
    data: bytes, name: str, *, media_type: str | None = None, max_bytes: int = MAX_BYTES
) -> Extract:
    """The text, blocks and metadata of one document.

    The bytes decide between PDF, Word and text: a PDF named `.txt` is read as the PDF
    that it is. Among texts the suffix of `name` (a path or a URL) decides, then
    `media_type` (a Content-Type, its charset included), then a look for HTML.

    Raises ReadError, which names the document, the reason and the remedy, for a format
    that is not read, for a damaged, encrypted, oversize or empty document, and for one
    without text (a scan).
    """
    if not data.strip():
        raise ReadError(f"{name!r} is empty. Leave it out, or save it again.")
    if len(data) > max_bytes:
        raise ReadError(
            f"{name!r} has {len(data):,} bytes, more than the {max_bytes:,} that are read. "
            "Split it into parts."
        )
    suffix = _suffix(data, name, media_type)
    if suffix in BINARY_READERS:
        extract = BINARY_READERS[suffix](data, name)
    else:
        extract = TEXT_READERS[suffix](data, name, charset=_charset(media_type))
    if not extract.text.strip("\ufeff \t\r\n\f"):
        raise ReadError(f"{name!r} holds no text that can be read. Leave it out.")
    return extract


def _suffix(data: bytes, name: str, media_type: str | None) -> str:
    """The suffix of the format that the bytes are in."""
    named = PurePosixPath(urlsplit(name).path if "://" in name else name).suffix.lower()
    declared = SUFFIX_OF_TYPE.get((media_type or "").partition(";")[0].strip().lower(), "")
    claimed = named if named in SUFFIXES else declared
    if PDF_START.match(data) or (claimed == ".pdf" and PDF_MARK in data[:PDF_MARK_REACH]):
        return ".pdf"
    if data.startswith(ZIP_START) and WORD_PART in data:
        return ".docx"
    if data.startswith(OLD_OFFICE_START):
        raise ReadError(
            f"{name!r} is an old Office file or one with a password. "
            "Save it as .docx, without a password."
        )
    if claimed in BINARY_READERS:
        raise ReadError(
            f"{name!r} is named or declared a {claimed} file, but its bytes are not. "
            "It may be damaged or an error page: open it and save it again."
        )
    if HTML_START.match(data) and (declared == ".html" or not claimed):
        return ".html"
    if claimed in TEXT_READERS:
        return claimed
    raise ReadError(
        f"{name!r} is in a format that is not read ({named or media_type or 'no suffix'}). "
        f"Convert it to one of {', '.join(sorted(SUFFIXES))}."
    )


def _charset(media_type: str | None) -> str | None:
    match = re.search(r"charset=[\"']?([\w.:-]+)", media_type or "", re.I)
    return match[1] if match else None
