"""Places in documents as a report shows them: in context, with the gold evidence in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from vectorstore import Span

__all__ = ["LONG", "Excerpt", "Piece", "clipped", "excerpt"]

# Characters of context on either side of a citation, and how long it is shown whole.
CONTEXT, LONG = 300, 1_200
# What is left of a longer one: both ends, and the surroundings of gold evidence in it.
ENDS, NEAR = 450, 80


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive words of a text: gold evidence or not; `cut` stands for words left out."""

    text: str
    gold: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A place in a document with what stands around it; `clipped` if not all of it is here."""

    before: tuple[Piece, ...]
    place: tuple[Piece, ...]
    after: tuple[Piece, ...]
    clipped: bool


def excerpt(text: str, span: Span, gold: Sequence[Span]) -> Excerpt:
    """A span with about `CONTEXT` characters on either side, clipped at the ends of words."""
    start, end = span
    low = _forward(text, start - CONTEXT) if start > CONTEXT else 0
    high = _back(text, end + CONTEXT) if end + CONTEXT < len(text) else len(text)
    kept = _kept(text, span, gold)
    place: list[Piece] = []
    for window in kept:
        place += [Piece(" … ", cut=True)] if place else []
        place += _pieces(text, window, gold)
    return Excerpt(
        (*([Piece("…", cut=True)] if low else []), *_pieces(text, (low, start), gold)),
        tuple(place),
        (
            *_pieces(text, (end, high), gold),
            *([Piece("…", cut=True)] if high < len(text) else []),
        ),
        clipped=len(kept) > 1,
    )


def clipped(text: str, limit: int) -> str:
    """A text without the middle of what is longer than `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    return f"{text[: _back(text, limit // 2)]} … {text[_forward(text, len(text) - limit // 2) :]}"


def _pieces(text: str, span: Span, gold: Sequence[Span]) -> list[Piece]:
    start, end = span
    edges = sorted({start, end, *(edge for one in gold for edge in one if start < edge < end)})
    return [
        Piece(text[a:b], gold=any(low <= a and b <= high for low, high in gold))
        for a, b in pairwise(edges)
    ]


def _kept(text: str, span: Span, gold: Sequence[Span]) -> tuple[Span, ...]:
    """The parts of a span that are shown: all of it up to `LONG`, else its ends and its gold."""
    start, end = span
    if end - start <= LONG:
        return (span,)
    inside = [(max(start, a), min(end, b)) for a, b in gold if a < end and b > start]
    windows = [
        (start, _back(text, start + ENDS)),
        (_forward(text, end - ENDS), end),
        *(
            (
                start if a - NEAR <= start else _forward(text, a - NEAR),
                end if b + NEAR >= end else _back(text, b + NEAR),
            )
            for a, b in inside
        ),
    ]
    merged: list[Span] = []
    for low, high in sorted(windows):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def _forward(text: str, at: int) -> int:
    """The next beginning of a word within `NEAR` characters, or `at` where there is none."""
    found = re.search(r"\s+", text[at : at + NEAR])
    return at + found.end() if found else at


def _back(text: str, at: int) -> int:
    """The end of the last whole word within `NEAR` characters before `at`, or `at`."""
    found = re.search(r"\s+\S*$", text[at - NEAR : at])
    return at - NEAR + found.start() if found else at
