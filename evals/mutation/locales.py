"""What the Unicode CLDR knows of a language: its numbers, months, currencies and territories.

It comes by way of Babel, which this module alone of the evals imports.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

__all__ = ["LANGUAGES", "currency_plural", "grouped", "month_names", "months", "territories"]

LANGUAGES = ("en", "nl", "fr", "de")


def grouped(value: Decimal, language: str, *, plain: bool = False) -> str:
    """A number as the language writes it, with its thousands grouped unless `plain`."""
    from babel.numbers import format_decimal

    pattern = "0.######" if plain else "#,##0.######"
    return format_decimal(value, format=pattern, locale=language)


@cache
def territories(language: str) -> frozenset[str]:
    """The names of countries in a language, as far as they are plain names."""
    from babel import Locale

    names = Locale.parse(language).territories
    return frozenset(
        name
        for code, name in names.items()
        if re.fullmatch(r"[A-Z]{2}", code) and re.fullmatch(r"[^\W\d_][^\d(&,.]*[^\W\d_]", name)
    )


def currency_plural(currency: str, language: str) -> str:
    """The plural name of a currency, which is given by its ISO 4217 code."""
    from babel.numbers import get_currency_name

    return get_currency_name(currency, count=2, locale=language)


@cache
def months(language: str) -> Mapping[str, int]:
    """The months' names in a language, each with its number."""
    from babel.dates import get_month_names

    return MappingProxyType(
        {name: number for number, name in get_month_names("wide", "format", language).items()}
    )


@cache
def month_names() -> frozenset[str]:
    """The months' names in all languages."""
    return frozenset(name for language in LANGUAGES for name in months(language))
