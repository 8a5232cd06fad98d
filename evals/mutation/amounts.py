"""The figures in a text that count something, with their units; and the names of currencies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from evals.mutation.days import days
from evals.mutation.locales import LANGUAGES, currency_plural
from evals.mutation.numerals import NUMBERS, PERCENT, SCALES, number_value, number_words

__all__ = ["CURRENCIES", "CURRENCY_NAMES", "Amount", "amounts", "currency_name"]

# What stands in a text for a currency. "$" alone, and "dollars", may be of several countries.
CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "USD": ("USD", "US$"),
    "EUR": ("EUR", "€"),
    "GBP": ("GBP", "£"),
    "JPY": ("JPY", "¥"),
    "CAD": ("CAD", "C$"),
    "AUD": ("AUD", "A$"),
    "$": ("$",),
}
CURRENCY_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "USD": ("US dollars", "U.S. dollars", "American dollars", "US dollar", "U.S. dollar"),
        "CAD": ("Canadian dollars",),
        "AUD": ("Australian dollars",),
        "EUR": ("euros", "euro"),
        "GBP": ("pounds", "pounds sterling", "pound"),
        "JPY": ("yen",),
        "$": ("dollars", "dollar"),
    },
    "nl": {
        "USD": ("Amerikaanse dollar",),
        "EUR": ("euro",),
        "GBP": ("pond",),
        "JPY": ("yen",),
        "$": ("dollar",),
    },
    "fr": {
        "USD": ("dollars américains",),
        "EUR": ("euros",),
        "GBP": ("livres sterling",),
        "JPY": ("yens",),
        "$": ("dollars",),
    },
    "de": {
        "USD": ("US-Dollar",),
        "EUR": ("Euro",),
        "GBP": ("Pfund",),
        "JPY": ("Yen",),
        "$": ("Dollar",),
    },
}
# What is not an amount although it has digits.
REFERENCES = (
    r"(?:articles?|art|paragraphs?|para|pages?|section|chapter|annex|appendix|phase|step|tier|"
    r"level|goal|resolution|no|nos|nr|number|pillar|point|item|group|track|chapitre|alinéa|"
    r"artikel|paragraaf|lid|bladzijde|hoofdstuk|absatz|seite|kapitel|punkt|nummer|fase|stap)"
)
BEFORE_NAME = re.compile(rf"(?:\b{REFERENCES}\.?|[Gg]roup of)\s$", re.I)
CAPITALISED = re.compile(r"(?<![^\s(“\"‘'«])(?P<word>[^\W\d_][\w’'.-]*)\s$")
FRACTION = re.compile(
    r"\s(?:thirds?|quarters?|fifths?|tenths?|halves|derde|kwart|tiers|quarts?|Drittel|Viertel)\b"
)
CLOCK = re.compile(r"\s?(?:[ap]\.?m\b|o[’']clock|hours? GMT|uur\b|Uhr\b)", re.I)
YEAR_LIKE = re.compile(r"(?:19|20)\d\d")
LONGEST_BARE = 5


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure in a text: its whole place, the place of its number, and what it says.

    `value` is the number as written; with `power` it counts in tens to that power.
    `currency` is a key of CURRENCIES, `form` how it is written: "code", "symbol", "name".
    """

    start: int
    end: int
    number: tuple[int, int]
    value: Decimal
    power: int = 0
    percent: bool = False
    currency: str | None = None
    form: str | None = None
    word: bool = False

    @property
    def bare(self) -> bool:
        return not (self.percent or self.power or self.currency)


def amounts(text: str, language: str) -> tuple[Amount, ...]:
    """The figures of a text, in order: no years, days, times, nor numbers in names."""
    if language not in LANGUAGES:
        return ()
    taken = [(day.start, day.end) for day in days(text, language)]
    found = [
        amount
        for match in _amount_pattern(language).finditer(text)
        if (amount := _amount(match, language)) and _counts(text, amount)
    ]
    return tuple(a for a in found if all(a.end <= start or end <= a.start for start, end in taken))


def currency_name(currency: str, language: str) -> str:
    """The plural name of a currency, a key of `CURRENCIES`."""
    known = CURRENCY_NAMES[language].get(currency)
    return known[0] if known else currency_plural(currency, language)


@cache
def _amount_pattern(language: str) -> re.Pattern[str]:
    marks = sorted((m for all_ in CURRENCIES.values() for m in all_), key=len, reverse=True)
    names = sorted(
        (n for all_ in CURRENCY_NAMES[language].values() for n in all_), key=len, reverse=True
    )
    percent = "|".join(PERCENT[language])
    scales = "|".join(sorted(SCALES[language], key=len, reverse=True))
    words = "|".join(sorted(number_words(language), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.,:/#$€£¥&–‑-])(?P<before>(?:{'|'.join(map(re.escape, marks))})\s?)?"
        rf"(?P<number>{NUMBERS[language]}|\b(?:{words})\b)"
        rf"(?:(?P<percent>\s?%|\s(?:{percent}))|"
        rf"(?:\s(?P<scale>{scales}))?(?:\s(?:d[e’']\s?)?(?P<after>{'|'.join(names)}))?)"
        r"(?![\w%]|[.,:/]\d|\s?[–‑-]\s?\w|\.\s)"
    )


def _amount(match: re.Match[str], language: str) -> Amount | None:
    number = match["number"]
    word = not number[0].isdigit()
    before = (match["before"] or "").strip()
    if word and (before or (match["percent"] and match["percent"].strip() == "%")):
        return None
    currency, form = _currency(before, match["after"], language)
    return Amount(
        start=match.start(),
        end=match.end(),
        number=match.span("number"),
        value=Decimal(number_words(language)[number]) if word else number_value(number, language),
        power=SCALES[language].get(match["scale"] or "", 0),
        percent=match["percent"] is not None,
        currency=currency,
        form=form,
        word=word,
    )


def _currency(before: str, after: str | None, language: str) -> tuple[str | None, str | None]:
    if before:
        code = next(code for code, marks in CURRENCIES.items() if before in marks)
        return code, "code" if before.isalpha() else "symbol"
    if after:
        return next(
            code for code, names in CURRENCY_NAMES[language].items() if after in names
        ), "name"
    return None, None


def _counts(text: str, amount: Amount) -> bool:
    """Whether these digits count something, and are no year, time, mark or part of a name."""
    start, end = amount.number
    digits = text[start:end]
    before, after = text[:start], text[end:]
    if amount.word and digits[0].isupper() and not re.search(r"(?:^|[:.,]\s)[“\"‘]?$", before):
        return False
    if not amount.bare:
        return True
    if FRACTION.match(after) or YEAR_LIKE.fullmatch(digits):
        return False
    if digits.isdigit() and len(digits) > LONGEST_BARE:
        return False
    listed = re.search(r"(?:^|\()$", before) and re.match(r"[.)]", after)
    named = BEFORE_NAME.search(before) or (_names(before) and not digits[0].islower())
    return not (listed or CLOCK.match(after) or named)


def _names(before: str) -> bool:
    """Whether a capitalised word stands right before, unless it opens the sentence."""
    word = CAPITALISED.search(before)
    return word is not None and word["word"][0].isupper() and word.start() > 0
