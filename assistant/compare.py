"""Where a sentence says something else than the words that it cites, fact by fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Literal

from assistant.claims import Claims
from assistant.dates import Date
from assistant.names import Known, Name
from assistant.quantities import Quantity, opposite_bounds, same_quantity, same_unit

__all__ = ["Finding", "Source", "figures", "is_dated", "is_stated", "named", "times"]

# What stands before any date, and does not tell which one.
MERELY_IN = frozenset(
    ("", "in", "im", "en", "de", "van", "of", "on", "am", "op", "le", "the", "and")
)
ONE = frozenset({"one", "een", "één", "ein", "eine", "einen", "einer", "un", "une", "a", "an"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, in words for the reader; `missing` is not in the source, `against` it says
    otherwise."""

    what: Literal["missing", "against"]
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """Cited words taken apart, with what they belong to: `about` is of title and headings."""

    text: Claims
    about: Claims
    date: Date | None
    speaker: str | None

    @property
    def known(self) -> Known:
        return self.text.known | self.about.known


def figures(claim: Claims, sources: Sequence[Source]) -> Iterator[Finding]:
    """Each figure of the sentence that is not in the sources, or is another one there."""
    forms = frozenset[str]().union(*(s.known.forms for s in sources))
    for one in claim.quantities:
        written = claim.written(one)
        if one.word and (written.casefold() in forms or one.values == {Decimal(1)}):
            continue
        if one.bare and one.values == {Decimal(1)} and forms & ONE:
            continue
        instead = _other_currency(one, sources) or _instead(claim, one, sources)
        if is_stated(one, sources):
            yield from _bounded(claim, one, sources)
        elif is_stated(one, sources, titles=True) and not _other_currency(one, sources):
            continue
        elif instead is None:
            yield Finding("missing", f"“{written}” is not in the cited words")
        else:
            yield Finding("against", _otherwise(written, instead))


def _bounded(claim: Claims, one: Quantity, sources: Sequence[Source]) -> Iterator[Finding]:
    """Whether the sentence says "more than" where all the sources say "at most"."""
    alike = [q for s in sources for q in s.text.quantities if same_quantity(one, q)]
    if alike and all(opposite_bounds(one, other) for other in alike):
        reason = f"“{claim.written(one)}” is said to be the {one.bound}, in the source it is not"
        yield Finding("against", reason)


def is_stated(one: Quantity, sources: Sequence[Source], *, titles: bool = False) -> bool:
    """Whether the sources, or their titles, state a figure; its currency may stand elsewhere."""
    stated = [q for s in sources for q in s.text.quantities]
    if titles:
        stated += [q for s in sources for q in s.about.quantities]
    currencies = frozenset[str]().union(*(q.currency for q in stated))
    return any(
        same_quantity(one, other)
        or (one.values & other.values and other.bare and one.currency & currencies)
        for other in stated
    )


def _instead(claim: Claims, one: Quantity, sources: Sequence[Source]) -> str | None:
    """The source's figure of which this one has taken the place, as it is written there."""
    noun = _noun(claim, one)
    for source in sources:
        for other in source.text.quantities:
            if any(same_quantity(said, other) for said in claim.quantities):
                continue
            same_noun = one.bare and other.bare and noun and noun == _noun(source.text, other)
            if same_unit(one, other) or same_noun:
                return source.text.written(other)
    return None


def _other_currency(one: Quantity, sources: Sequence[Source]) -> str | None:
    """The same sum in the sources in another currency, as it is written there."""
    for source in sources:
        for other in source.text.quantities:
            both = one.currency and other.currency and one.values & other.values
            if both and not one.currency & other.currency:
                return source.text.written(other)
    return None


def _noun(claims: Claims, of: Quantity) -> str:
    """The stem of the word right after a figure: what it counts."""
    return next((w.stem for w in claims.words if 0 < w.start - of.end <= 2), "")


def times(claim: Claims, sources: Sequence[Source]) -> Iterator[Finding]:
    """Each date, month or year of the sentence that the sources do not name, nor are from."""
    for date in claim.dates:
        written = claim.written(date)
        if is_dated(date, sources) or _verbatim(written, sources):
            continue
        instead = _displaced(claim, date, sources)
        if instead is None and any(_from(date, source) for source in sources):
            continue
        instead = instead or _other_date(claim, date, sources)
        if instead is None:
            yield Finding("missing", f"“{written}” is not in the cited words")
        else:
            yield Finding("against", _otherwise(written, instead))


def is_dated(date: Date, sources: Sequence[Source]) -> bool:
    """Whether the sources themselves name a date."""
    return any(_names(date, other) for s in sources for other in s.text.dates)


def _verbatim(written: str, sources: Sequence[Source]) -> bool:
    """Whether the very words stand in the sources: a month's name may be another word there."""
    whole = re.compile(rf"(?<!\w){re.escape(written)}(?!\w)", re.I)
    return any(whole.search(source.text.text) for source in sources)


def _names(date: Date, other: Date) -> bool:
    """Whether `other` names all that `date` does; a day's year may go without saying."""
    if date.month is None:
        return date.year == other.year
    same_year = date.year is None or other.year is None or date.year == other.year
    same_day = date.day is None or date.day == other.day
    return date.month == other.month and same_day and same_year


def _from(date: Date, source: Source) -> bool:
    """Whether the source's document is from that time, or its title or headings name it."""
    if source.date is not None and date.agrees(source.date):
        return True
    return any(_names(date, other) for other in source.about.dates)


def _displaced(claim: Claims, date: Date, sources: Sequence[Source]) -> str | None:
    """Another date of the sources in the very place that this one has."""
    for source in sources:
        for other in source.text.dates:
            same_place = _same_place(claim.beside(date), source.text.beside(other))
            if same_place and _alike(date, other) and not _said(claim, other):
                return source.text.written(other)
    return None


def _same_place(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether dates stand between the same words, after the same two, or one that says more
    than "in"."""
    telling = one[1] == other[1] and one[1] not in MERELY_IN
    return one[1:] == other[1:] or one[:2] == other[:2] != ("", "") or telling


def _other_date(claim: Claims, date: Date, sources: Sequence[Source]) -> str | None:
    """A date of the sources in the same month, or on that day of another year or month."""
    for source in sources:
        for other in source.text.dates:
            same = date.month == other.month or date.day == other.day
            if date.month and other.month and same and not _said(claim, other):
                return source.text.written(other)
    return None


def _alike(date: Date, other: Date) -> bool:
    """Whether both are years, or neither is."""
    return (date.month is None) == (other.month is None)


def _said(claim: Claims, other: Date) -> bool:
    return any(_names(other, date) for date in claim.dates)


def named(claim: Claims, sources: Sequence[Source]) -> Iterator[Finding]:
    """Each name, and each word with digits, that neither the sources nor their titles have.

    A name of a title stands for no other that the sources have in its place. Where all sources
    are in another language only the names of countries can be compared.
    """
    known = reduce(or_, (source.known for source in sources))
    inside = reduce(or_, (source.text.known for source in sources))
    foreign = all(source.text.language != claim.language for source in sources)
    for name in claim.names:
        if not inside.lacks(name) or (foreign and known.names_country(name)):
            continue
        missing = known.lacks(name)
        if other := _other_name(claim, name, sources):
            yield Finding("against", _otherwise(claim.written(name), other))
        elif missing:
            yield Finding("missing", f"the name “{', '.join(missing)}” is not in the cited words")
    for opening in claim.openings:
        if known.lacks(opening) and (other := _other_opening(claim, opening, sources)):
            yield Finding("against", _otherwise(claim.written(opening), other))
    yield from _designations(claim, known)


def _designations(claim: Claims, known: Known) -> Iterator[Finding]:
    """Each word with digits that is no name and is not known: 31st, 155mm."""
    of_names = {word for name in claim.names for word in name.words}
    for word in claim.words:
        digits = any(map(str.isdigit, word.text)) and word not in of_names
        if digits and word.stem not in known.stems:
            yield Finding("missing", f"“{word.text}” is not in the cited words")


def _other_name(claim: Claims, name: Name, sources: Sequence[Source]) -> str | None:
    """The name that stands in the sources between the words that this one stands between."""
    for source in sources:
        for other in source.text.names:
            one, its = claim.beside(name), source.text.beside(other)
            same_place = one[1:] == its[1:] or one[:2] == its[:2] != ("", "")
            if same_place and claim.known.lacks(other):
                return source.text.written(other)
    return None


def _other_opening(claim: Claims, opening: Name, sources: Sequence[Source]) -> str | None:
    """The name that opens a sentence of the sources before the word that follows this one."""
    for source in sources:
        for other in source.text.names:
            same_place = claim.beside(opening)[2] == source.text.beside(other)[2]
            if other.words[0].first and same_place and claim.known.lacks(other):
                return source.text.written(other)
    return None


def _otherwise(written: str, other: str) -> str:
    return f"the cited words say “{other}”, not “{written}”"
