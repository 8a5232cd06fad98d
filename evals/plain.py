"""Text reduced to what two spellings of the same words have in common, with its places.

White space is collapsed, Markdown emphasis and invisible characters go, quotes and dashes
are one kind, letters are compared without case. Gold quotes, facts and citations are all
compared in this form, so that a curly quote or a line break does not decide a score.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from vectorstore import Span

__all__ = ["PlainText", "has_any", "overlap", "plain", "same_words", "without_markers"]

QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'")
DOUBLE_QUOTES = dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
GONE = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff*", "")
PLAIN = QUOTES | DOUBLE_QUOTES | DASHES | GONE
MARKERS = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")
# Two spans mean the same words where they share this much of the shorter one.
SHARED = 0.5


@dataclass(frozen=True)
class PlainText:
    """A text in plain form; `offsets[i]` is where its character `i` stands in the original."""

    text: str
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> PlainText:
        characters, offsets, spaced = [], [], True
        for at, character in enumerate(original):
            kept = PLAIN.get(character, character)
            if not kept or (kept.isspace() and spaced):
                continue
            spaced = kept.isspace()
            for letter in " " if spaced else unicodedata.normalize("NFKC", kept).lower():
                characters.append(letter)
                offsets.append(at)
        return cls("".join(characters), tuple(offsets))

    def find(self, wanted: str) -> tuple[Span, ...]:
        """Every place of a plain text in this one, overlapping ones too, in plain offsets."""
        spans = []
        at = self.text.find(wanted) if wanted else -1
        while at >= 0:
            spans.append((at, at + len(wanted)))
            at = self.text.find(wanted, at + 1)
        return tuple(spans)

    def original(self, span: Span) -> Span:
        """Where a span of the plain text stands in the original."""
        return self.offsets[span[0]], self.offsets[span[1] - 1] + 1


def plain(text: str) -> str:
    """The plain form of a text, without white space around it."""
    return PlainText.of(text).text.strip()


def without_markers(answer: str) -> str:
    """An answer's text without its citation markers."""
    return MARKERS.sub(" ", answer)


def has_any(variants: tuple[str, ...], text: str) -> bool:
    """Whether a plain text holds one of the spellings."""
    return any(plain(variant) in text for variant in variants)


def overlap(one: Span, other: Span) -> int:
    """How many characters two spans share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def same_words(one: Span, other: Span) -> bool:
    """Whether two spans share at least half of the shorter one."""
    shorter = min(one[1] - one[0], other[1] - other[0])
    return overlap(one, other) >= SHARED * shorter
