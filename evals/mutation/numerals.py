"""The words and forms that a language counts with: number words, scales, per cent, digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from evals.mutation.edits import upper_first

__all__ = ["NUMBERS", "PERCENT", "SCALES", "number_value", "number_words", "spelled"]

UNITS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
    "zestien zeventien achttien negentien",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn",
}
TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "fr": "vingt trente quarante cinquante soixante",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
}
# How ten and unit join; the first is for a unit of one.
JOINED: Mapping[str, tuple[str, str]] = {
    "en": ("{ten}-one", "{ten}-{unit}"),
    "nl": ("eenen{ten}", "{unit}en{ten}"),
    "fr": ("{ten} et un", "{ten}-{unit}"),
    "de": ("einund{ten}", "{unit}und{ten}"),
}
# Words that are also something else: "neuf" is new, "acht" is heed.
AMBIGUOUS = {"fr": {"neuf"}, "nl": {"acht"}, "de": {"acht"}}
SCALES = {
    "en": {"million": 6, "billion": 9, "trillion": 12},
    "nl": {"miljoen": 6, "miljard": 9, "biljoen": 12},
    "fr": {
        "million": 6,
        "millions": 6,
        "milliard": 9,
        "milliards": 9,
        "billion": 12,
        "billions": 12,
    },
    "de": {
        "Million": 6,
        "Millionen": 6,
        "Milliarde": 9,
        "Milliarden": 9,
        "Billion": 12,
        "Billionen": 12,
    },
}
PERCENT = {
    "en": ("per cent", "percent"),
    "nl": ("procent",),
    "fr": ("pour cent",),
    "de": ("Prozent",),
}
NUMBERS = {
    "en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
    "nl": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "fr": r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "de": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
}


@cache
def spelled(language: str) -> Mapping[int, str]:
    """The numbers from two on as words, as far as the language forms them simply."""
    units = dict(enumerate(UNITS[language].split(), start=2))
    words = dict(units)
    for ten, name in enumerate(TENS[language].split(), start=2):
        words[10 * ten] = name
        for unit in range(1, 10):
            one, more = JOINED[language]
            joined = (one if unit == 1 else more).format(ten=name, unit=units.get(unit, ""))
            words[10 * ten + unit] = re.sub(r"^(twee|drie)en", r"\1ën", joined)
    return MappingProxyType(words)


@cache
def number_words(language: str) -> Mapping[str, int]:
    """The words that are nothing but numbers: lower case and at the head of a sentence."""
    known = {w: n for n, w in spelled(language).items() if w not in AMBIGUOUS.get(language, ())}
    return MappingProxyType(known | {upper_first(word): n for word, n in known.items()})


def number_value(number: str, language: str) -> Decimal:
    """The value of a number that matches the language's `NUMBERS`."""
    if language == "en":
        return Decimal(number.replace(",", ""))
    return Decimal(re.sub(r"[.\s](?=\d{3})", "", number).replace(",", "."))
