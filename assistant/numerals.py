"""The values of numbers as four languages write them, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

__all__ = ["is_written_as", "number_words", "readings"]

DECIMAL_POINT = frozenset({"en"})
ZERO_TO_NINETEEN = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    "nl": "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf",
}
TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante",
}


def readings(written: str, language: str, *, foreign: bool = False) -> frozenset[Decimal]:
    """What a number in digits may stand for: 1.500 is one and a half in English, else 1500.

    With `foreign` it may be written as another language does, so that 1.500 is both. Empty
    where the separators make no number.
    """
    digits = re.sub(r"[\s'’]", "", written)
    marks = set(re.findall(r"[.,]", digits))
    if not marks:
        return frozenset({Decimal(digits)})
    own = "." if language in DECIMAL_POINT else ","
    points = [own, "," if own == "." else "."]
    values = [value for point in points if (value := _value(digits, point)) is not None]
    if _value(digits, own) is not None and not foreign:
        values = values[:1]
    return frozenset(values)


def is_written_as(written: str, language: str) -> bool:
    """Whether a language may write a number so: 4.5 is no number in French."""
    digits = re.sub(r"[\s'’]", "", written)
    return _value(digits, "." if language in DECIMAL_POINT else ",") is not None


def _value(digits: str, point: str) -> Decimal | None:
    """The value with `point` before the decimals and the other mark between thousands."""
    group = "," if point == "." else "."
    pattern = rf"(\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d+)(?:{re.escape(point)}(\d+))?"
    match = re.fullmatch(pattern, digits)
    if match is None:
        return None
    return Decimal(f"{match[1].replace(group, '')}.{match[2] or '0'}")


@cache
def number_words(language: str) -> Mapping[str, int]:
    """The number words of a language up to ninety-nine, in lower case; empty for another."""
    if language not in TENS:
        return MappingProxyType({})
    units = ZERO_TO_NINETEEN[language].split()
    words = {word: value for value, word in enumerate(units)}
    for index, ten in enumerate(TENS[language].split()):
        base = 20 + 10 * index
        words[ten] = base
        for unit in range(1, 20 if language == "fr" and base == 60 else 10):
            words.update(dict.fromkeys(_joined(language, ten, units[unit], unit), base + unit))
    if language == "fr":
        words |= {"quatre-vingts": 80, "quatre-vingt": 80}
        words |= {f"quatre-vingt-{units[unit]}": 80 + unit for unit in range(1, 20)}
    return MappingProxyType({word.lower(): value for word, value in words.items()})


def _joined(language: str, ten: str, unit: str, value: int) -> tuple[str, ...]:
    """A ten and a unit as one word, in the spellings that the language has."""
    if language == "en":
        return f"{ten}-{unit}", f"{ten} {unit}"
    if language == "de":
        return (f"{'ein' if value == 1 else unit}und{ten}",)
    if language == "nl":
        unit = "een" if value == 1 else unit
        return (f"{unit}{'ën' if unit.endswith('e') else 'en'}{ten}",)
    return (f"{ten} et {unit}", f"{ten}-et-{unit}", f"{ten}-{unit}")
