"""The words of a sentence with their stems, and which of them carry meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.words import function_words
from vectorstore import stems

__all__ = ["ACCORDING", "Word", "plain", "words"]

WORD = re.compile(
    r"[^\W\d_]+n[’']t\b"  # won't
    r"|(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W\d_]{1,8}[-‑]?\d+\w*|\d+[^\W\d_]+"  # F-16, COP28, 31st
    r"|[^\W_]+"
)
# Says whence the rest is; no part of what is said.
ACCORDING = r"(?:[Aa]ccording to|[Vv]olgens|[Ss]elon|[Dd]’après|[Ll]aut|[Nn]ach Angaben von)"
EMPHASIS = re.compile(r"\*+|</?\w+>|(?<!\w)_+|_+(?!\w)")
SENTENCE_START = re.compile(r"(?:^|[.!?:;][”\"’»)]*\s|[\n•–—])[\s“\"‘'«„(\[]*$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `start` to `end` of a text; `stem` is as it is indexed.

    `content` tells that it is no function word of its language, `capital` that it begins
    with a capital letter and `first` that it begins a sentence or a quotation.
    """

    start: int
    end: int
    text: str
    stem: str
    content: bool
    capital: bool
    first: bool

    @property
    def acronym(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def plain(text: str) -> str:
    """The text on one line, without the marks of bold and italics; no-break spaces stay."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", EMPHASIS.sub("", text)).strip()


def words(text: str, language: str, *, taken: Sequence[tuple[int, int]] = ()) -> tuple[Word, ...]:
    """The words of a text in order, outside the spans in `taken`."""
    found = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if any(begin < end and start < stop for begin, stop in taken):
            continue
        stem = _stem(match.group(), language)
        found.append(
            Word(
                start=start,
                end=end,
                text=match.group(),
                stem=stem,
                content=_is_content(match.group(), stem, language),
                capital=match.group()[0].isupper(),
                first=bool(SENTENCE_START.search(text[max(0, start - 4) : start])),
            )
        )
    return tuple(found)


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    found = stems(word.replace("’", "'"), language)
    return "".join(found) or word.casefold()


@lru_cache(maxsize=50_000)
def _is_content(word: str, stem: str, language: str) -> bool:
    if len(word) > 1 and word.isupper():
        return True  # "IT" and "US" are no pronouns
    return len(stem) > 1 and word.casefold() not in _small_words(language)


@cache
def _small_words(language: str) -> frozenset[str]:
    small = function_words(language)
    return small | {part for word in small for part in re.split(r"[’']", word)}
