"""What another document says otherwise of the same: both are shown, and not reconciled.

Only what is alike in every other word counts: the same names and words with another figure of the
same kind, or another date by which something is due. What two documents say in other words is not
seen, nor what they say of two years.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.check import source_of
from assistant.claims import Claims, claims
from assistant.coverage import words_missing
from assistant.dates import Date
from assistant.excerpts import Excerpt
from assistant.quantities import Quantity, same_quantity, same_unit

__all__ = ["otherwise", "told"]

# Fewer content words in common are in any two sentences.
LEAST = 4
# What stands before the date by which something is due, or until when it lasts.
DUE = frozenset({"by", "until", "till", "before", "tot", "uiterlijk", "voor", "bis", "vor"})
DUE |= frozenset({"jusqu", "avant", "jusque"})
# How it is told, by the question's language: an earlier, a later and another document.
TELLING = {
    "en": (
        "An earlier document, {}, says otherwise: “{}”",
        "A later document, {}, says otherwise: “{}”",
        "Another document, {}, says otherwise: “{}”",
    ),
    "nl": (
        "Een eerder document, {}, zegt iets anders: “{}”",
        "Een later document, {}, zegt iets anders: “{}”",
        "Een ander document, {}, zegt iets anders: “{}”",
    ),
    "fr": (
        "Un document antérieur, {}, dit autre chose : « {} »",
        "Un document postérieur, {}, dit autre chose : « {} »",
        "Un autre document, {}, dit autre chose : « {} »",
    ),
    "de": (
        "Ein früheres Dokument, {}, sagt etwas anderes: „{}“",
        "Ein späteres Dokument, {}, sagt etwas anderes: „{}“",
        "Ein anderes Dokument, {}, sagt etwas anderes: „{}“",
    ),
}


def otherwise(source: Excerpt, given: Sequence[Excerpt]) -> Excerpt | None:
    """The first sentence of another document that says otherwise than `source`; None if none."""
    here = source.found.document
    for other in given:
        there = other.found.document
        if there.id != here.id and there.language == here.language and _differ(source, other):
            return other
    return None


def told(other: Excerpt, source: Excerpt, language: str) -> str:
    """A sentence for the reader with the other one's own words and its document's date."""
    here, there = source.found.document, other.found.document
    dates = here.date, there.date
    order = 2 if None in dates or dates[0] == dates[1] else int((dates[1] or "") > (dates[0] or ""))
    name = there.title or there.source
    whence = f"{name} ({there.date})" if there.date else name
    return TELLING.get(language, TELLING["en"])[order].format(whence, other.sentence.text)


def _differ(one: Excerpt, other: Excerpt) -> bool:
    """Whether two sentences are the same but for a figure, or for when something is due."""
    a, b = (claims(each.cited.text, each.cited.language) for each in (one, other))
    sources = source_of(one.cited), source_of(other.cited)
    if sum(word.content for word in a.words) < LEAST:
        return False
    if words_missing(a, [sources[1]]) or words_missing(b, [sources[0]]):
        return False
    if a.denials or b.denials or {m.mood for m in a.modals} != {m.mood for m in b.modals}:
        return False
    if [name for name in a.names if sources[1].text.known.lacks(name)]:
        return False
    if [name for name in b.names if sources[0].text.known.lacks(name)]:
        return False
    return _figures_differ(a, b) != _due_differ(a, b) and _same_time(a, b)


def _figures_differ(a: Claims, b: Claims) -> bool:
    """Whether just one figure is another, of the same kind."""
    if len(a.quantities) != len(b.quantities):
        return False
    pairs = list(zip(a.quantities, b.quantities, strict=True))
    other = [pair for pair in pairs if not same_quantity(*pair)]
    return len(other) == 1 and _same_kind(a, b, *other[0])


def _same_kind(a: Claims, b: Claims, one: Quantity, other: Quantity) -> bool:
    nouns = {
        next((w.stem for w in text.words if 0 < w.start - figure.end <= 2), "")
        for text, figure in ((a, one), (b, other))
    }
    both_bare = one.bare and other.bare and len(nouns) == 1 and nouns != {""}
    return one.bound == other.bound and (same_unit(one, other) or both_bare)


def _due_differ(a: Claims, b: Claims) -> bool:
    """Whether something is due at another date, all else the same."""
    one, other = _due(a), _due(b)
    same = len(a.quantities) == len(b.quantities) and all(
        same_quantity(*pair) for pair in zip(a.quantities, b.quantities, strict=True)
    )
    return same and len(one) == len(other) == 1 and not one[0].agrees(other[0])


def _due(text: Claims) -> list[Date]:
    return [date for date in text.dates if DUE & set(text.beside(date)[:2])]


def _same_time(a: Claims, b: Claims) -> bool:
    """Whether the dates agree, but for those by which something is due."""
    mine, theirs = ([d for d in t.dates if d not in _due(t)] for t in (a, b))
    due = _due_differ(a, b)
    if not due:
        mine, theirs = list(a.dates), list(b.dates)
    return len(mine) == len(theirs) and all(x.agrees(y) for x, y in zip(mine, theirs, strict=True))
