"""True claims with a figure or a day written in another way, or as another language does."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from evals.mutation.amounts import CURRENCIES, CURRENCY_NAMES, Amount, amounts, currency_name
from evals.mutation.days import day_forms, days
from evals.mutation.edits import in_quotation, reworded
from evals.mutation.locales import LANGUAGES, grouped
from evals.mutation.numerals import PERCENT, SCALES, number_words, spelled
from evals.mutation.pairs import Pair, statement_start
from ingest.words import function_words

__all__ = ["date_reworded", "figure_reworded", "figure_translated"]


def date_reworded(pair: Pair, rng: random.Random) -> Pair | None:
    """3 May 2024 as May 3, 2024 or 2024-05-03, and the reverse."""
    text = pair.origin
    start = statement_start(pair)
    options = [
        (day.start, day.end, new)
        for day in days(text, pair.language)
        if day.single
        and (day.start < start or not in_quotation(text[start:], day.start - start))
        and text[day.start - 1 : day.start] in ("", " ", "(")
        for new in day_forms(day, pair.language)
        if new != text[day.start : day.end]
    ]
    stated = [option for option in options if option[0] >= start]
    return reworded(pair, "date reworded", stated or options, rng)


def figure_reworded(pair: Pair, rng: random.Random) -> Pair | None:
    """40 per cent as 40%, 1.5 billion as 1,500 million, 23 as twenty-three, € as EUR …"""
    text = pair.origin
    options = [
        (amount.start, amount.end, new)
        for amount in _own_amounts(pair)
        for new in _figure_forms(text, amount, pair.language)
        if new != text[amount.start : amount.end]
    ]
    return reworded(pair, "figure reworded", options, rng)


def figure_translated(pair: Pair, rng: random.Random) -> Pair | None:
    """A figure with its unit, or a day, as another language writes it; the words stay."""
    text = pair.origin
    target = rng.choice([language for language in LANGUAGES if language != pair.language])
    if pair.language not in LANGUAGES:
        return None
    options = [
        (amount.start, amount.end, new)
        for amount in _own_amounts(pair)
        if (new := _translated(text, amount, pair.language, target))
    ]
    options += [
        (day.start, day.end, day_forms(day, target)[0])
        for day in days(text, pair.language)
        if day.single and day.form != "iso" and day.start >= statement_start(pair)
    ]
    options = [option for option in options if option[2] != text[option[0] : option[1]]]
    return reworded(pair, "figure translated", options, rng)


def _own_amounts(pair: Pair) -> Iterator[Amount]:
    """The amounts of the statement itself that stand outside quotation marks."""
    start = statement_start(pair)
    for amount in amounts(pair.origin, pair.language):
        if amount.start >= start and not in_quotation(pair.origin[start:], amount.start - start):
            yield amount


def _figure_forms(text: str, amount: Amount, language: str) -> Iterator[str]:
    number = text[slice(*amount.number)]
    if amount.percent:
        yield from _percent_forms(amount, number, language)
    elif amount.bare:
        yield from _count_forms(text, amount, language)
    elif not amount.word:
        scaled = text[amount.number[0] : amount.end]
        if amount.form == "name":
            scaled = _without_name(scaled, language)
        yield from _money_forms(text, amount, scaled, language)
        if amount.power >= 9 and not _in_range(text, amount):
            yield from _scale_forms(text, amount, language)


def _percent_forms(amount: Amount, number: str, language: str) -> Iterator[str]:
    figure = grouped(amount.value, language) if amount.word else number
    yield f"{figure}%" if language in ("en", "nl") else f"{figure} %"
    for word in PERCENT[language]:
        yield f"{number} {word}"


def _count_forms(text: str, amount: Amount, language: str) -> Iterator[str]:
    """A count in digits as a word, and the reverse; not beside another in digits."""
    if amount.word:
        yield grouped(amount.value, language)
    elif (
        amount.value in spelled(language)
        and text[slice(*amount.number)].isdigit()
        and not _in_range(text, amount)
    ):
        yield spelled(language)[int(amount.value)]


def _money_forms(text: str, amount: Amount, scaled: str, language: str) -> Iterator[str]:
    if amount.currency is None:
        return
    for mark in CURRENCIES[amount.currency]:
        yield f"{mark} {scaled}" if mark.isalpha() else f"{mark}{scaled}"
    if _noun_may_follow(text[amount.end :]) and not _in_range(text, amount):
        of = {"fr": "d’" if currency_name(amount.currency, "fr")[0] in "ae" else "de "}
        joint = of.get(language, "") if amount.power else ""
        yield f"{scaled} {joint}{currency_name(amount.currency, language)}"


def _scale_forms(text: str, amount: Amount, language: str) -> Iterator[str]:
    """A thousand of the next smaller scale, where that is a whole number."""
    thousands = amount.value * 1000
    if thousands != int(thousands):
        return
    name = next(name for name, p in reversed(SCALES[language].items()) if p == amount.power - 3)
    old = text[amount.start : amount.end]
    rest = old[amount.number[1] - amount.start :]
    scale = next(word for word in rest.split() if word in SCALES[language])
    head = old[: amount.number[0] - amount.start]
    yield head + grouped(thousands, language) + rest.replace(scale, name, 1)


def _translated(text: str, amount: Amount, language: str, target: str) -> str | None:
    if amount.bare:
        return spelled(target).get(int(amount.value)) if amount.word else None
    if _in_range(text, amount):
        return None
    number = grouped(amount.value, target)
    if amount.power:
        names = [name for name, power in SCALES[target].items() if power == amount.power]
        # CLDR plural rules: French counts up to two as one, German only one itself.
        one = amount.value < 2 if target == "fr" else amount.value == 1
        number = f"{number} {names[0] if one else names[-1]}"
    if amount.percent:
        return f"{number} {PERCENT[target][0]}"
    if amount.currency is None:
        return number
    name = currency_name(amount.currency, target)
    of = "" if target != "fr" or not amount.power else "d’" if name[0] in "ae" else "de "
    return f"{number} {of}{name}"


def _without_name(scaled: str, language: str) -> str:
    names = sorted(
        (n for all_ in CURRENCY_NAMES[language].values() for n in all_), key=len, reverse=True
    )
    return re.sub(rf"\s(?:d[e’']\s?)?(?:{'|'.join(names)})$", "", scaled)


def _in_range(text: str, amount: Amount) -> bool:
    """Whether a number beside it shares its unit or its form: 1 to 2 billion, 30 by 30."""
    joint = r"(?:to|and|or|by|in|tot|en|of|à|et|ou|bis|und|oder|,|–|-)"
    number = r"(?:\d[\d.,]*|" + "|".join(number_words("en")) + r")"
    before = re.search(rf"{number}\s?{joint}\s?$", text[: amount.start])
    after = re.match(rf"\s?{joint}\s?(?:[$€£]|[A-Z]{{3}}\s)?{number}\b", text[amount.end :])
    return before is not None or after is not None


def _noun_may_follow(after: str) -> bool:
    """Whether an amount ends here, and is not itself an adjective of the next noun."""
    word = re.match(r"\s?(?P<word>[^\W\d_]*)", after)
    following = word["word"] if word else ""
    return not following or any(following in function_words(code) for code in LANGUAGES)
