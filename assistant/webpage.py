"""A document as its public page shows it to a reader, as far as its text tells.

What stands the same in both are plain words: no markup, no list markers, nothing that a line
or page break may have cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from vectorstore import Document

__all__ = ["SPACELESS", "Webpage", "Word", "webpage"]

WRAPPED_LINE = 40  # characters; a shorter line was ended on purpose, not to wrap the text

TARGET = r"\([^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?\)"
SEPARATOR = re.compile(
    # A word broken at a line's end: whether its hyphen is shown cannot be known.
    r"(?P<broken>(?<!\S)\S*\w-[ \t]*\r?\n[ \t]*\S+)"
    r"|(?P<gap>\||</?(?:br|p|div|t[dhr]|li|hr|h[1-6])\b[^<>]{0,1000}>)"
    # Controls and what is unseen; rules; marks of headings, lists and quotations; links.
    r"|(?P<markup>[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f]"
    r"|[\ud800-\udfff\ue000-\uf8ff\ufeff\ufff0-\uffff]"
    r"|(?m:^)[ \t]*[-=_*|:+][-=_*|:+ \t]{2,}(?m:$)"
    r"|(?m:^)[ \t]*(?:(?:>|(?:\#{1,6}|[-+*•◦▪–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{2,5})[.)])"
    r"(?=\s))[ \t]*)+"
    rf"|!\[[^\[\]]{{0,500}}\]{TARGET}|\]{TARGET}|\]\[[^\[\]\n]{{0,100}}\]|\[\^?\d{{1,3}}\]|[\[\]]"
    r"|</?[a-zA-Z!][^<>]{0,1000}>|&(?:[a-zA-Z]{2,31}|\#[0-9a-fA-FxX]{1,8});"
    r"|\\|\*+|(?<!\w)_+|_+(?!\w)|`+|~~+|[⁰¹²³⁴-⁹]+)"
    r"|(?P<space>\s+)"
)
# Scripts without spaces (Thai to Khmer, Chinese, Japanese): their words end where only a
# dictionary knows, so parts begin and end beside punctuation.
SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff]")
CLAUSE = re.compile(r"[^、。，！？；：]+[、。，！？；：」』）》]*|[、。，！？；：]+")

APOSTROPHES = str.maketrans("‘’‚‛“”„‟", "''''\"\"\"\"")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `[start, end)` of what the page shows and at `place` of the document's text.

    `joined`: nothing but a space is between it and the word before. `adjacent`: nothing
    but white space, so that the word before may be context, though of another block.
    """

    start: int
    end: int
    place: int
    joined: bool
    adjacent: bool


@dataclass(frozen=True, slots=True)
class Webpage:
    """The document as a browser shows it, and the words that are sure to be shown so.

    `folded` is `shown` as browsers compare it; `shown[i]` stands at `folded[at[i]]`.
    """

    shown: str
    folded: str
    at: tuple[int, ...]
    words: tuple[Word, ...]


def webpage(document: Document) -> Webpage:
    """What the page shows of `document.text`; furniture is shown but not sure."""
    furniture = bytearray(len(document.text))
    for start, end, _ in document.furniture:
        furniture[start:end] = b"\1" * (end - start)
    shown: list[str] = []
    words: list[Word] = []
    length, joined, adjacent, spaced = 0, False, False, False
    for first, last, kind in _pieces(document.text):
        if kind in ("markup", "gap"):
            joined = adjacent = False
            spaced = spaced or kind == "gap"
        elif kind == "space":
            joined = joined and _wraps(document.text, first, last)
            spaced = True
        else:
            piece = " " * spaced + "".join(document.text[first:last].split())
            sure = kind == "word" and not any(furniture[first:last])
            if sure:
                words.append(Word(length + spaced, length + len(piece), first, joined, adjacent))
            shown.append(piece)
            length += len(piece)
            joined, adjacent, spaced = sure, sure, False
    text = "".join(shown)
    folds = [_folded(character) for character in text]
    at = tuple(accumulate(map(len, folds), initial=0))
    return Webpage(text, "".join(folds), at, tuple(words))


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of the text and what separates them, as (start, end, kind)."""
    at = 0
    for match in SEPARATOR.finditer(text):
        yield from _clauses(text, at, match.start())
        yield *match.span(), str(match.lastgroup)
        at = match.end()
    yield from _clauses(text, at, len(text))


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for match in CLAUSE.finditer(text, start, end):
        yield *match.span(), "word"


def _wraps(text: str, start: int, end: int) -> bool:
    """Whether the white space at [start, end) is a space, or a line break that wraps text."""
    breaks = len(re.findall(r"\r\n|[\r\n\f\v]", text[start:end]))
    if breaks != 1 or not start:
        return breaks == 0
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return (
        len(line) >= WRAPPED_LINE
        and line[-1] not in ".!?:;"
        and not SPACELESS.search(line[-1] + text[end : end + 1])
    )


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """A character as far as it counts in comparison: without case, accents and width.

    The specification asks for the primary level of UTS 10. A place that is the first to
    match so is also the first in a browser that minds accents.
    """
    compatible = unicodedata.normalize("NFKD", character.translate(APOSTROPHES)).casefold()
    return "".join(c for c in compatible if unicodedata.category(c) != "Mn")
