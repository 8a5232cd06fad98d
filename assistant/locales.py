"""What the Unicode CLDR knows of four languages: months, scales, per cent, currencies, countries.

The door to Babel for what a sentence states. Words are case-folded, with plain
spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

__all__ = [
    "LANGUAGES",
    "currency_marks",
    "currency_names",
    "months",
    "percent_words",
    "scales",
    "territories",
]

LANGUAGES = ("en", "nl", "de", "fr")
# Symbols differ by region: "$" is the Canadian dollar in Canada.
REGIONS = ("en", "en_GB", "en_CA", "en_AU", "en_NZ", "nl", "de", "de_CH", "fr", "fr_CA")
WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
# Spoken and written forms that the CLDR has not.
SPOKEN = {
    "us dollar": "USD",
    "us dollars": "USD",
    "u.s. dollar": "USD",
    "u.s. dollars": "USD",
    "american dollars": "USD",
    "dollars américains": "USD",
    "dollar américain": "USD",
    "dollars canadiens": "CAD",
    "pounds sterling": "GBP",
    "sterling": "GBP",
}
ABBREVIATED = {"us": "US", "usa": "US", "uk": "GB", "vs": "US", "vk": "GB", "america": "US"}
NEWSPAPER_SCALES = {"en": {"bn": 9, "mn": 6, "tn": 12, "hundred": 2}}
HUNDREDS = {"nl": ("honderd",), "de": ("hundert",), "fr": ("cent", "cents")}


@cache
def months(language: str) -> Mapping[str, int]:
    """Month names and abbreviations (without stop) of a language, each with its number."""
    from babel.dates import get_month_names

    names: dict[str, int] = {}
    for width in WIDTHS:
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, locale=language).items():
                names.setdefault(name.casefold().rstrip("."), number)
    return MappingProxyType(names)


@cache
def scales(language: str) -> Mapping[str, int]:
    """The words that stand after a number for a power of ten, with the power: billion, 9."""
    from babel import Locale

    found: dict[str, int] = dict(NEWSPAPER_SCALES.get(language, {}))
    for width in ("long", "short"):
        for forms in Locale.parse(language).compact_decimal_formats[width].values():
            for size, form in forms.items():
                pattern = str(getattr(form, "pattern", form)).replace("'", "")
                word = _folded(re.sub(r"[0¤\s]+", " ", pattern)).rstrip(".")
                if len(word) > 1 and word.isalpha():
                    found.setdefault(word, (len(size) - 1) // 3 * 3)
    if language == "fr":
        found |= {f"{word}s": power for word, power in found.items() if not word.endswith("s")}
    found.update(dict.fromkeys(HUNDREDS.get(language, ()), 2))
    return MappingProxyType(found)


@cache
def percent_words() -> frozenset[str]:
    """How the languages write per cent in words."""
    from babel.units import format_unit

    regions = (*LANGUAGES, "en_GB")
    written = (format_unit(2, "concentr-percent", "long", locale=region) for region in regions)
    return frozenset(_folded(re.sub(r"\d", "", words)) for words in written)


@cache
def currency_marks() -> Mapping[str, frozenset[str]]:
    """Codes and symbols of currencies as written, each with the ISO 4217 codes it may be.

    A bare "$" stands for every dollar of which it is a symbol in its own country.
    """
    from babel.numbers import get_currency_symbol

    found: dict[str, set[str]] = {}
    for code in _in_use():
        found.setdefault(code, set()).add(code)
        for region in REGIONS:
            symbol = get_currency_symbol(code, locale=region)
            if not symbol.isalpha():
                found.setdefault(symbol, set()).add(code)
    return MappingProxyType({mark: frozenset(codes) for mark, codes in found.items()})


@cache
def currency_names() -> Mapping[str, frozenset[str]]:
    """Names of currencies, each with the ISO 4217 codes it may be.

    A noun alone ("dollars", "pond") stands for every currency of that name.
    """
    from babel.numbers import get_currency_name

    found: dict[str, set[str]] = {form: {code} for form, code in SPOKEN.items()}
    for code in _in_use():
        for language in LANGUAGES:
            for count in (1, 2):
                for form in _names(get_currency_name(code, count, locale=language), language):
                    found.setdefault(form, set()).add(code)
    return MappingProxyType({form: frozenset(codes) for form, codes in found.items() if form})


@cache
def _in_use() -> tuple[str, ...]:
    """The codes of currencies that are tender somewhere today."""
    from babel import Locale
    from babel.numbers import get_territory_currencies

    territories = [str(code) for code in Locale.parse("en").territories if len(str(code)) == 2]
    return tuple(sorted({c for code in territories for c in get_territory_currencies(code)}))


@cache
def territories() -> Mapping[str, str]:
    """Names of countries in the four languages, with their ISO 3166 codes."""
    from babel import Locale

    found = dict(ABBREVIATED)
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code):
                found.setdefault(_folded(name), code)
    return MappingProxyType(found)


def _names(name: str, language: str) -> tuple[str, ...]:
    """A currency's name and its noun alone: the first word in French, elsewhere the last."""
    folded = _folded(re.sub(r"\(.*?\)|[\d–-]{4,}", "", name))
    words = re.split(r"[\s-]", folded)
    noun = words[0] if language == "fr" else words[-1]
    return (folded, noun) if noun.isalpha() and len(noun) > 2 else (folded,)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
