"""Reads PDF: the text layer page by page, with words and paragraphs put back together.

What cannot be had without an analysis of the layout stays as PDFium gives it: the cells
of a table row stand on one line, and columns are read in the order of the file.
"""

from __future__ import annotations

import re
import statistics
import threading
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ingest.extract import Extract, ReadError
from ingest.metadata import iso_date, stated_title

__all__ = ["read_pdf"]

# PDFium is not thread-safe, not even between documents.
PDFIUM = threading.Lock()

WRONG_PASSWORD = 4

# PDFium's mark for a hyphen at the end of a line, with the line break gone.
HYPHEN = "\ufffe"
BROKEN_WORD = re.compile(rf"(\w*){HYPHEN}(\w*)")
BROKEN_RANGE = re.compile(r"(?<=\d)-\n(?=\d)")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\xad]")  # control characters, soft hyphen
# Symbol fonts put their bullets here (F0B7 and others), where no script is.
SYMBOL_BULLET = re.compile("^([ \t]*)[\uf020-\uf0ff](?=\\s|$)", re.M)
# Lines this much further apart than most on the page belong to different paragraphs.
WIDE = 1.35


def read_pdf(data: bytes, name: str) -> Extract:
    """The text of all pages, each from a new line; `pages` is where they start.

    An empty line stands where the page shows a wider gap between lines. A word that a
    line end breaks is whole in the text.
    """
    with PDFIUM:
        texts, title, date = _content(data, name)
    if not any(text.strip() for text in texts):
        raise ReadError(
            f"{name!r} has no text layer: its {len(texts)} page(s) are images. "
            "Run OCR on it first (for example with ocrmypdf)."
        )
    whole = (BROKEN_WORD.sub(" ", text) for text in texts)
    words = Counter(word.casefold() for text in whole for word in WORD.findall(text))
    texts = [_whole_words(text, words) for text in texts]
    pages = [0]
    for text in texts[:-1]:
        pages.append(pages[-1] + len(text) + 1)
    return Extract(
        text="\n".join(texts),
        pages=tuple(pages),
        title=stated_title(title),
        date=_day(date),
        date_is_of_file=True,
    )


def _content(data: bytes, name: str) -> tuple[list[str], str, str]:
    """Page texts, title and creation date as the file has them."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError(_why_not(name, getattr(error, "err_code", None))) from error
    try:
        properties = document.get_metadata_dict()
        texts = [_page_text(document, number) for number in range(len(document))]
    except pdfium.PdfiumError as error:
        raise ReadError(_why_not(name, None)) from error
    finally:
        document.close()
    return texts, properties.get("Title", ""), properties.get("CreationDate", "")


def _why_not(name: str, code: int | None) -> str:
    if code == WRONG_PASSWORD:
        return f"{name!r} is encrypted with a password. Save a copy without one and ingest that."
    return f"{name!r} is damaged or no PDF. Open it in a PDF reader and save it again."


def _page_text(document: Any, number: int) -> str:
    page = document[number]
    textpage = page.get_textpage()
    lines = textpage.get_text_range().split("\r\n")
    gaps = _gaps(_baselines(textpage, lines))
    text = "".join(
        ("\n\n" if wide else "\n") + UNSEEN.sub("", line.replace("\x02", HYPHEN)).rstrip()
        for line, wide in zip(lines, gaps, strict=True)
    )
    textpage.close()
    page.close()
    return SYMBOL_BULLET.sub(r"\1•", text.strip("\n"))


def _baselines(textpage: Any, lines: list[str]) -> Iterator[tuple[float, float] | None]:
    """The height on the page of each line's first and last character; None if it is empty.

    They differ where a broken word has made one line of two.
    """
    at = 0
    for line in lines:
        if line.strip():
            first = at + len(line) - len(line.lstrip())
            last = at + len(line.rstrip()) - 1
            yield _bottom(textpage, first), _bottom(textpage, last)
        else:
            yield None
        at += len(line) + 2


def _bottom(textpage: Any, at: int) -> float:
    from pypdfium2 import raw

    index = max(0, raw.FPDFText_GetCharIndexFromTextIndex(textpage, at))
    bottom: float = textpage.get_charbox(index, loose=True)[1]
    return bottom


def _gaps(baselines: Iterator[tuple[float, float] | None]) -> list[bool]:
    """For each line whether the gap above it, in points, is wider than most on the page."""
    steps = [
        above[1] - below[0] if above and below else 0.0 for above, below in pairwise(baselines)
    ]
    downward = [step for step in steps if step > 1]
    usual = statistics.median_low(downward) if downward else 0.0
    return [False, *(step > usual * WIDE > 0 for step in steps)]


def _whole_words(text: str, words: Counter[str]) -> str:
    def join(match: re.Match[str]) -> str:
        first, second = match.groups()
        compound = text.endswith("-", 0, match.start())
        return first + ("-" if _keeps_hyphen(first, second, words, compound) else "") + second

    return BROKEN_RANGE.sub("-", BROKEN_WORD.sub(join, text))


def _keeps_hyphen(first: str, second: str, words: Counter[str], compound: bool) -> bool:
    """Whether a hyphen at a line end is part of the word ("long-term") or only breaks it.

    The document's other words decide: the word without the hyphen, else with it, else
    both halves as words of their own. `compound` tells of an earlier hyphen in the word
    ("state-of-the-art"), which makes this one likely.
    """
    if not (first[-1:].islower() and second[:1].islower()):
        return True
    first, second = first.casefold(), second.casefold()
    if words[first + second] or words[f"{first}-{second}"]:
        return not words[first + second]
    return compound or bool(words[first] and words[second])


def _day(stamp: str) -> str | None:
    """The day in a PDF date such as `D:20241018093000+02'00'` (ISO 32000-1, 7.9.4)."""
    match = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", stamp)
    return iso_date("-".join(match.groups())) if match else None
