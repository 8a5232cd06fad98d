"""False claims by a misquoted figure: another number, another year, another currency."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from evals.mutation.amounts import Amount, amounts, currency_name
from evals.mutation.context import Context
from evals.mutation.edits import falsified, one_line
from evals.mutation.locales import grouped, month_names
from evals.mutation.numerals import spelled
from evals.mutation.pairs import Pair, statement_start

__all__ = ["another_currency", "another_number", "another_year"]

# What makes a figure a bound: beyond it the quote would still support the claim.
AT_LEAST = re.compile(
    r"\b(?:more than|over|at least|above|exceed(?:s|ed|ing)?|beyond|(?:no|not) (?:less|fewer) than"
    r"|a minimum of|well over|surpass(?:ed|ing)?|meer dan|ten minste|minstens|minimaal|ruim|boven"
    r"|plus de|au moins|mehr als|mindestens|über|wenigstens)[”\"’»]*\s(?:\w+\s)?$",
    re.I,
)
AT_MOST = re.compile(
    r"\b(?:up to|(?:less|fewer) than|under|below|at most|no more than|within|a maximum of"
    r"|as (?:many|much) as|tot|minder dan|hoogstens|ten hoogste|maximaal|binnen|onder|jusqu[’']à"
    r"|moins de"
    r"|au plus|bis zu|weniger als|höchstens|unter)[”\"’»]*\s(?:\w+\s)?$",
    re.I,
)
ABOUT = re.compile(
    r"\b(?:about|around|some|roughly|approximately|nearly|almost|close to|an estimated|ongeveer"
    r"|bijna|circa|zo’n|environ|près de|presque|etwa|rund|fast|knapp)\s$",
    re.I,
)
# The least change, as a share of the value: plainly another figure, also of a rounded one.
EXACT_DIGITS = 3
LEAST, LEAST_ABOUT = Decimal("0.08"), Decimal("0.3")
YEAR = re.compile(
    r"(?<![\w.,:/–‑-])(?P<year>(?:19|20)\d\d)(?![\w%]|[.,:/]\d|\s?[–‑/-]\s?\d"
    r"|\s(?:per cent|percent|million|billion|procent|pour cent|Prozent))"
)
# From here on, or up to here: which way a year must move to leave what was said.
EARLIER_ONLY = re.compile(
    r"\b(?:by|before|since|from|starting|beginning|no later than|uiterlijk|vóór|voor|sinds|vanaf"
    r"|d'ici|d’ici|avant|depuis|dès|bis|vor|seit|ab|spätestens)\b[^,;.]{0,25}$",
    re.I,
)
LATER_ONLY = re.compile(
    r"\b(?:after|until|through|up to|na|tot|après|jusqu.en|nach)\b[^,;.]{0,20}$", re.I
)
YEARS_OFF = (1, 2, 3, 4, 5)
FAMILIES = {"$": "USD"}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def another_number(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """One figure of the claim is another one of the same form: 1.5 billion, 2.5 billion."""
    stated = {a.value for a in amounts(one_line(pair.quote), pair.language)}
    own = list(_own_amounts(pair))
    candidates = [a for a in own if sum(a.value == other.value for other in own) == 1]
    rng.shuffle(candidates)
    for amount in candidates:
        values = [v for v in _other_values(pair.origin, amount) if v not in stated]
        written = [_as_written(pair, amount, value) for value in values]
        texts = [text for text in written if text and text not in pair.quote]
        if texts:
            return falsified(pair, "another number", amount.number, rng.choice(texts))
    return None


def another_year(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """One year of the claim is another one; the order of its years stays."""
    start = statement_start(pair)
    found = [m for m in YEAR.finditer(pair.origin, start) if _is_year(pair.origin, m.start())]
    years = [int(m["year"]) for m in found]
    rng.shuffle(found)
    for match in found:
        old = int(match["year"])
        others = [year for year in years if year != old]
        if years.count(old) > 1:
            continue
        before = pair.origin[start : match.start()]
        signs = (
            [-1] if EARLIER_ONLY.search(before) else [1] if LATER_ONLY.search(before) else [-1, 1]
        )
        new = [old + sign * off for sign in signs for off in YEARS_OFF]
        known = pair.quote + pair.title
        fit = [
            year
            for year in new
            if str(year) not in known and all((year > o) == (old > o) for o in others)
        ]
        if fit:
            return falsified(pair, "another year", match.span("year"), str(rng.choice(fit)))
    return None


def another_currency(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """One amount is in another currency, written alike: EUR for USD, £ for $, yen for euros."""
    stated = {_family(a) for a in amounts(one_line(pair.quote), pair.language)}
    candidates = [a for a in _own_amounts(pair) if a.currency and a.form]
    rng.shuffle(candidates)
    for amount in candidates:
        text = pair.origin[amount.start : amount.end]
        others = [
            code
            for code in SYMBOLS
            if code not in stated and code != FAMILIES.get(amount.currency or "", amount.currency)
        ]
        twice = re.match(r"\s(?:USD|dollars?)\b", pair.origin[amount.end :])  # "$10 billion USD"
        if others and not twice:
            new = _in_currency(text, amount, rng.choice(others), pair.language)
            span = (amount.start, amount.end)
            return falsified(pair, "another currency", span, new) if new else None
    return None


def _own_amounts(pair: Pair) -> Iterator[Amount]:
    start = statement_start(pair)
    return (a for a in amounts(pair.origin, pair.language) if a.start >= start)


def _other_values(text: str, amount: Amount) -> Iterator[Decimal]:
    """Values with as many significant digits, between half and twice the value.

    Of a long number only the first three digits change. A lower bound only grows and an
    upper one only shrinks, or the claim would stay true.
    """
    sign, digits, exponent = amount.value.normalize().as_tuple()
    first, last = digits[:EXACT_DIGITS], digits[EXACT_DIGITS:]
    significant = int("".join(map(str, first)))
    if significant == 0 or sign or not isinstance(exponent, int):
        return
    before = text[: amount.start]
    least = LEAST_ABOUT if ABOUT.search(before) else LEAST
    low = 10 ** (len(first) - 1)
    for other in range(max(low, significant // 2), min(10 * low, 2 * significant + 1)):
        changed = Decimal((0, (*map(int, str(other)), *last), exponent))
        grows = other > significant
        if (other % 10 == 0 and not last) or abs(other - significant) < least * significant:
            continue
        if (AT_LEAST.search(before) and not grows) or (AT_MOST.search(before) and grows):
            continue
        if changed == 1 or (amount.percent and amount.value <= 100 < changed):
            continue
        yield changed


def _as_written(pair: Pair, amount: Amount, value: Decimal) -> str | None:
    """The value in the form that the amount has: a word, plain digits or grouped ones."""
    old = pair.origin[slice(*amount.number)]
    if amount.word:
        new = spelled(pair.language).get(int(value))
        return new.capitalize() if new and old[0].isupper() else new
    return grouped(value, pair.language, plain=old.isdigit())


def _is_year(text: str, start: int) -> bool:
    """Whether no name stands before it, as in Agenda 2030; a month may."""
    before = re.search(r"(?P<word>[^\W\d_][\w’'-]*)\s$", text[:start])
    if before is None or before["word"][0].islower() or before.start() == 0:
        return True
    return before["word"] in _time_words()


@cache
def _time_words() -> frozenset[str]:
    """Months, and what else stands before a year with a capital."""
    seasons = ("Spring", "Summer", "Autumn", "Fall", "Winter", "Ende", "Anfang", "Mitte", "Jahr")
    first = ("In", "By", "Since", "From", "Until", "Sinds", "Vanaf", "En", "Depuis", "Seit", "Im")
    return month_names() | frozenset((*seasons, *first))


def _family(amount: Amount) -> str | None:
    return FAMILIES.get(amount.currency or "", amount.currency)


def _in_currency(text: str, amount: Amount, code: str, language: str) -> str | None:
    """The amount's words with another currency in the place of its own."""
    number = amount.number[0] - amount.start
    gap = " " if number and text[number - 1].isspace() else ""
    if amount.form == "code":
        return code + gap + text[number:]
    if amount.form == "symbol":
        return SYMBOLS[code] + gap + text[number:]
    old = currency_name(amount.currency or "", language)
    if not text.endswith(old):
        return None
    new = text.removesuffix(old) + currency_name(code, language)
    return re.sub(r"\bde (?=e)", "d’", re.sub(r"\bd[’'](?=[^aeiou])", "de ", new))
