"""The figures that a text states, with scale, unit and currency; no dates and no years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from assistant.locales import LANGUAGES, currency_marks, currency_names, percent_words, scales
from assistant.numerals import is_written_as, number_words, readings

__all__ = ["Quantity", "opposite_bounds", "quantities", "same_quantity", "same_unit"]

Span = tuple[int, int]

DIGITS = (
    r"\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,]\d+)?"
    r"|\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
)
# French groups thousands with a plain space too where a typist had no other.
FRENCH = r"\d{1,3}(?: \d{3})+(?!\d)(?:,\d+)?|" + DIGITS
POINTS = r"\s?(?:percentage[ -]?points?|procentpunt(?:en)?|Prozentpunkten?|points? de pourcentage)"
ADJECTIVE = r"(?:\s(?:de\s|d[’'])?|-)?"
# What makes a figure a least or a most, in the words right before it; denied ones first.
BOUNDS: tuple[tuple[Literal["least", "most"], str], ...] = (
    ("most", r"(?:no|not) (?:more|greater) than|niet meer dan|nicht mehr als|pas plus de"),
    ("least", r"(?:no|not) (?:less|fewer) than|niet minder dan|nicht weniger als|pas moins de"),
    ("most", r"up to|at most|less than|fewer than|a maximum of|under|below|as (?:much|many) as"),
    ("most", r"hoogstens|ten hoogste|maximaal|tot (?:wel)?|minder dan"),
    ("most", r"bis zu|höchstens|maximal|weniger als|unter"),
    ("most", r"jusqu[’']à|au plus|au maximum|moins de"),
    ("least", r"more than|over|at least|a minimum of|above|exceeding"),
    ("least", r"meer dan|ten minste|tenminste|minstens|minimaal|ruim|boven"),
    ("least", r"mehr als|mindestens|wenigstens|über"),
    ("least", r"plus de|au moins|au minimum"),
)
LONGEST_BOUND = 24
RANGE = re.compile(r"\s?(?:to|and|or|tot|en|of|à|et|ou|bis|und|oder|[-–‑])\s?", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure at `start` to `end` of a text (characters, half-open).

    `values` is what it may stand for, scale included: several where the notation is
    ambiguous. `unit` is "percent", "points" (of a per cent) or empty. `currency` holds the ISO
    4217 codes that it may be in, and is empty without one. `bound` tells a least or a most,
    in words that begin at `lead`; `word` a number word.
    """

    start: int
    end: int
    values: frozenset[Decimal]
    unit: Literal["", "percent", "points"] = ""
    currency: frozenset[str] = frozenset()
    bound: Literal["", "least", "most"] = ""
    lead: int = 0
    word: bool = False

    @property
    def bare(self) -> bool:
        return not (self.unit or self.currency)


def quantities(
    text: str, language: str, *, taken: Sequence[Span] = (), foreign: bool = False
) -> tuple[Quantity, ...]:
    """The figures of a text in order, outside the spans in `taken` (its dates and years).

    With `foreign` they may also be written as another of the four languages writes them.
    """
    found = [
        quantity
        for match in _pattern(language, foreign).finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in taken)
        and (quantity := _quantity(match, language, foreign=foreign))
    ]
    if foreign:  # "50 cent" is a hundred times fifty only in French
        own = {q.start: q.values for q in quantities(text, language, taken=taken)}
        found = [replace(q, values=q.values | own.get(q.start, frozenset())) for q in found]
    return tuple(_with_ranges(text, found))


def same_quantity(one: Quantity, other: Quantity) -> bool:
    """Whether `other` may say what `one` says; `one` may leave a currency out, no per cent."""
    same_currency = not one.currency or bool(one.currency & other.currency)
    return bool(one.values & other.values) and one.unit == other.unit and same_currency


def opposite_bounds(one: Quantity, other: Quantity) -> bool:
    """Whether one figure is said to be a least and the other a most."""
    return {one.bound, other.bound} == {"least", "most"}


def same_unit(one: Quantity, other: Quantity) -> bool:
    """Whether both are in the same unit, which both state."""
    if one.bare or other.bare:
        return False
    return one.unit == other.unit and (not one.currency or bool(one.currency & other.currency))


@cache
def _pattern(language: str, foreign: bool) -> re.Pattern[str]:
    languages = _languages(language, foreign=foreign)
    marks = _any(currency_marks())
    names = _any(currency_names())
    sizes = _any({word for code in languages for word in scales(code)})
    words = _any({word for code in languages for word in number_words(code)})
    percents = _any(percent_words())
    digits = FRENCH if language == "fr" else DIGITS
    return re.compile(
        rf"(?<![\w/])(?<!\d[.,:])(?<![^\W\d_][-‑.])(?:(?P<before>{marks})\s?)?"
        rf"(?P<number>{digits}|(?i:{words})(?!\w))(?!\d|[.,:/]\d|(?:st|nd|rd|th|ste|de|e|er|ème)\b)"
        rf"(?:(?P<points>{POINTS})|(?P<percent>\s?%|[\s-](?i:{percents})(?!\w))"
        rf"|(?:[\s-]?(?P<scale>(?i:{sizes}))(?!\w)\.?)?"
        rf"(?:{ADJECTIVE}(?P<after>(?i:{names})(?!\w)|(?:{marks})(?!\w)))?)"
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


def _languages(language: str, *, foreign: bool) -> tuple[str, ...]:
    """The languages of which figures are read, the text's own first."""
    others = LANGUAGES if foreign else ()
    return tuple(code for code in dict.fromkeys((language, *others)) if code in LANGUAGES)


def _quantity(match: re.Match[str], language: str, *, foreign: bool) -> Quantity | None:
    written = match["number"]
    order = _languages(language, foreign=foreign)
    word = not written[0].isdigit()
    values = _word_value(written, order) if word else readings(written, language, foreign=foreign)
    before = match["before"] or ""
    if not values or (before.isalpha() and len(written) < 3 and not match["scale"]):
        return None  # COP28 is no sum of money
    lead, bound = _bound(match.string, match.start())
    if not word and not is_written_as(written, language):
        # 4.5 is no French number, so that "billion" after it is English
        order = tuple(sorted(order, key=lambda code: code == language))
    power = _power(match["scale"], order)
    unit: Literal["", "percent", "points"] = (
        "points" if match["points"] else "percent" if match["percent"] else ""
    )
    mark = before or match["after"] or ""
    return Quantity(
        start=match.start(),
        end=match.end(),
        values=frozenset((value.scaleb(power)).normalize() for value in values),
        unit=unit,
        currency=_currency(mark),
        bound=bound,
        lead=lead,
        word=word,
    )


def _bound(text: str, start: int) -> tuple[int, Literal["", "least", "most"]]:
    """Where the words before a figure begin that bound it, and how; else `start` and empty."""
    before = text[max(0, start - LONGEST_BOUND) : start]
    for bound, words in BOUNDS:
        if match := re.search(rf"\b(?:{words})\s*$", before, re.I):
            return start - len(match.group()), bound
    return start, ""


def _currency(mark: str) -> frozenset[str]:
    return currency_marks().get(mark) or currency_names().get(mark.casefold(), frozenset())


def _word_value(written: str, order: Sequence[str]) -> frozenset[Decimal]:
    for language in order:
        value = number_words(language).get(written.lower())
        if value is not None:
            return frozenset({Decimal(value)})
    return frozenset()


def _power(scale: str | None, order: Sequence[str]) -> int:
    """The power of ten of a scale word, in the first language that has it."""
    word = (scale or "").casefold()
    return next((scales(code)[word] for code in order if word in scales(code)), 0)


def _with_ranges(text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    """Each figure; the two of a range share what only one of them states."""
    shared = list(found)
    for i in range(len(shared) - 1):
        one, other = shared[i], shared[i + 1]
        if not RANGE.fullmatch(text[one.end : other.start]):
            continue
        power = max((value.adjusted() for value in other.values), default=0) // 3 * 3
        small = all(value < 1000 for value in one.values)
        if power >= 6 and small:
            scaled = frozenset(value.scaleb(power).normalize() for value in one.values)
            currency = one.currency or other.currency
            shared[i] = replace(one, values=one.values | scaled, currency=currency)
            shared[i + 1] = replace(other, currency=other.currency or one.currency)
        elif one.bare and not one.word:
            shared[i] = replace(one, unit=other.unit, currency=other.currency)
    yield from shared
