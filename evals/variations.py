"""Harmless rewordings of a true claim, and the figures and dates in it that they rest on.

Numbers, months, currencies and territories of a language come from the Unicode CLDR, by
way of Babel, which this module alone of the evals imports.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from evals.pairs import Pair, derived, statement_start
from ingest.words import function_words

__all__ = [
    "CURRENCIES",
    "VARIATIONS",
    "Amount",
    "Day",
    "Variation",
    "amounts",
    "currency_name",
    "date_reworded",
    "days",
    "figure_reworded",
    "figure_translated",
    "grouped",
    "in_quotation",
    "month_names",
    "passive",
    "spelled",
    "synonym",
    "territories",
]

LANGUAGES = ("en", "nl", "fr", "de")

# --- words that a language counts with

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
NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
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

# --- what is not an amount although it has digits

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
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|(?<!\w)‘[^’]*’(?!\w)")


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


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text; `single` unless it is one end of a range such as 10 and 11 July."""

    start: int
    end: int
    day: int
    month: int
    year: int | None
    form: str
    single: bool = True


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


def days(text: str, language: str) -> tuple[Day, ...]:
    """The days with a month that a text names, in order, ranges included."""
    if language not in LANGUAGES:
        return ()
    found: list[Day] = []
    for form, pattern in _day_patterns(language):
        for match in pattern.finditer(text):
            day = _day(match, form, language)
            if day and all(day.end <= other.start or other.end <= day.start for other in found):
                found.append(day)
    return tuple(sorted(found, key=lambda day: day.start))


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


@cache
def month_names() -> frozenset[str]:
    """The months' names in all languages."""
    return frozenset(name for language in LANGUAGES for name in _months(language))


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


def currency_name(currency: str, language: str) -> str:
    """The plural name of a currency."""
    from babel.numbers import get_currency_name

    known = NAMES[language].get(currency)
    return known[0] if known else get_currency_name(currency, count=2, locale=language)


def in_quotation(text: str, start: int) -> bool:
    """Whether a place lies within quotation marks, where a rewording would misquote."""
    return any(match.start() < start < match.end() for match in QUOTED.finditer(text))


# --- finding them


@cache
def _amount_pattern(language: str) -> re.Pattern[str]:
    marks = sorted((m for all_ in CURRENCIES.values() for m in all_), key=len, reverse=True)
    names = sorted((n for all_ in NAMES[language].values() for n in all_), key=len, reverse=True)
    percent = "|".join(PERCENT[language])
    scales = "|".join(sorted(SCALES[language], key=len, reverse=True))
    words = "|".join(sorted(_numbers_of_words(language), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.,:/#$€£¥&–‑-])(?P<before>(?:{'|'.join(map(re.escape, marks))})\s?)?"
        rf"(?P<number>{NUMBERS[language]}|\b(?:{words})\b)"
        rf"(?:(?P<percent>\s?%|\s(?:{percent}))|"
        rf"(?:\s(?P<scale>{scales}))?(?:\s(?:d[e’']\s?)?(?P<after>{'|'.join(names)}))?)"
        r"(?![\w%]|[.,:/]\d|\s?[–‑-]\s?\w|\.\s)"
    )


@cache
def _numbers_of_words(language: str) -> Mapping[str, int]:
    """Lower case and at the head of a sentence."""
    known = {w: n for n, w in spelled(language).items() if w not in AMBIGUOUS.get(language, ())}
    return MappingProxyType(known | {_upper_first(word): n for word, n in known.items()})


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
        value=Decimal(_numbers_of_words(language)[number]) if word else _value(number, language),
        power=SCALES[language].get(match["scale"] or "", 0),
        percent=match["percent"] is not None,
        currency=currency,
        form=form,
        word=word,
    )


def _value(number: str, language: str) -> Decimal:
    if language == "en":
        return Decimal(number.replace(",", ""))
    return Decimal(re.sub(r"[.\s](?=\d{3})", "", number).replace(",", "."))


def _currency(before: str, after: str | None, language: str) -> tuple[str | None, str | None]:
    if before:
        code = next(code for code, marks in CURRENCIES.items() if before in marks)
        return code, "code" if before.isalpha() else "symbol"
    if after:
        return next(code for code, names in NAMES[language].items() if after in names), "name"
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


@cache
def _months(language: str) -> Mapping[str, int]:
    from babel.dates import get_month_names

    return MappingProxyType(
        {name: number for number, name in get_month_names("wide", "format", language).items()}
    )


@cache
def _day_patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    months = "|".join(_months(language))
    joint = r"\s?(?:[–/&-]|and|to|or|en|tot|et|au|und|bis)\s?"
    year = r"(?P<year>(?:19|20)\d\d)"
    first = (
        rf"(?<![\w./–-])(?P<earlier>(?:\d{{1,2}}(?:er|\.)?{joint})*)(?P<day>\d{{1,2}})(?:er|\.)?"
        rf"\s(?P<month>{months})(?:,?\s{year})?(?!\w)"
    )
    last = (
        rf"(?<!\w)(?P<month>{months})\s(?P<day>\d{{1,2}})(?P<later>(?:{joint}\d{{1,2}}(?![\d%]))*)"
        rf"(?:,?\s{year})?(?![\w%]|[.,–-]\d|\s(?:per|million|billion))"
    )
    iso = r"(?<![\w./–-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w/-])"
    forms = [("iso", iso), ("day first", first)]
    if language == "en":
        forms.append(("month first", last))
    return tuple((form, re.compile(pattern)) for form, pattern in forms)


def _day(match: re.Match[str], form: str, language: str) -> Day | None:
    parts = match.groupdict()
    month = int(parts["month"]) if form == "iso" else _months(language)[parts["month"]]
    day = int(parts["day"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return Day(
        start=match.start(),
        end=match.end(),
        day=day,
        month=month,
        year=int(parts["year"]) if parts["year"] else None,
        form=form,
        single=not (parts.get("earlier") or parts.get("later")),
    )


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- the variations

Variation = Callable[[Pair, random.Random], "Pair | None"]


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
        for new in _day_forms(day, pair.language)
        if new != text[day.start : day.end]
    ]
    stated = [option for option in options if option[0] >= start]
    return _varied(pair, "date reworded", stated or options, rng)


def figure_reworded(pair: Pair, rng: random.Random) -> Pair | None:
    """40 per cent as 40%, 1.5 billion as 1,500 million, 23 as twenty-three, € as EUR …"""
    text = pair.origin
    options = [
        (amount.start, amount.end, new)
        for amount in _own_amounts(pair)
        for new in _reworded(text, amount, pair.language)
        if new != text[amount.start : amount.end]
    ]
    return _varied(pair, "figure reworded", options, rng)


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
        (day.start, day.end, _day_forms(day, target)[0])
        for day in days(text, pair.language)
        if day.single and day.form != "iso" and day.start >= statement_start(pair)
    ]
    options = [option for option in options if option[2] != text[option[0] : option[1]]]
    return _varied(pair, "figure translated", options, rng)


def synonym(pair: Pair, rng: random.Random) -> Pair | None:
    """A word of general English in another one's place, inflected alike."""
    text, start = pair.origin, statement_start(pair)
    if pair.language != "en":
        return None
    options = []
    for match in _synonym_pattern().finditer(text, start):
        new = _synonyms()[match.group().lower()]
        if match.group()[0].isupper() and match.start() != start:
            continue
        if in_quotation(text[start:], match.start() - start):
            continue
        article = re.search(r"\b(?P<article>an?)\s$", text[: match.start()], re.I)
        if article:
            new = f"{'an' if new[0] in 'aeiou' else 'a'} {new}"
        options.append((article.start() if article else match.start(), match.end(), new))
    return _varied(pair, "synonym", options, rng)


def passive(pair: Pair, rng: random.Random) -> Pair | None:
    """X will do, has done or did Y as: Y will be, has been or was done by X."""
    start = statement_start(pair)
    clause = CLAUSE.fullmatch(pair.origin, start)
    if pair.language != "en" or clause is None or not _simple(clause):
        return None
    when, subject, aux, verb, noun, rest = (part or "" for part in clause.groups())
    plural = _plural(noun)
    done = TRANSITIVE.get((aux, verb))
    if done is None or (plural is None and aux != "will"):
        return None
    forms = {"will": ("will be", "will be"), "": ("was", "were")}
    be = forms.get(aux, ("has been", "have been"))[plural is True]
    agent = PRONOUNS.get(subject.lower()) or _lower_function_word(subject)
    head = noun if start or when else _upper_first(noun)
    if when:
        head = _lower_function_word(head)
    changed = f"{pair.origin[:start]}{when}{head} {be} {done} by {agent}{rest}"
    return derived(pair, "passive", changed, supported=True)


def _simple(clause: re.Match[str]) -> bool:
    """Whether it is one clause with one phrase for the subject and one for the object."""
    others = " | ".join((clause["subject"], clause["object"], clause["rest"]))
    return (
        NOT_SIMPLE.search(others.lower()) is None
        and ANOTHER_VERB.search(others) is None
        and _one_phrase(("the " if clause["when"] else "") + clause["subject"])
        and _one_phrase(clause["object"])
        and _lists_names(clause["rest"])
        and not re.match(r" (?:with|to [a-z])", clause["rest"])  # which may go with the object
    )


def _varied(
    pair: Pair, kind: str, options: list[tuple[int, int, str]], rng: random.Random
) -> Pair | None:
    """The pair with one of the options (start, end, new words) taken."""
    if not options:
        return None
    start, end, new = rng.choice(options)
    if start == statement_start(pair) and new[:1].islower() and pair.origin[start].isupper():
        new = _upper_first(new)
    changed = pair.origin[:start] + new + pair.origin[end:]
    return derived(pair, kind, changed, supported=True)


def _own_amounts(pair: Pair) -> Iterator[Amount]:
    """The amounts of the statement itself that stand outside quotation marks."""
    start = statement_start(pair)
    for amount in amounts(pair.origin, pair.language):
        if amount.start >= start and not in_quotation(pair.origin[start:], amount.start - start):
            yield amount


def _day_forms(day: Day, language: str) -> list[str]:
    """How a language writes a day, the usual way first; ISO 8601 where there is a year."""
    month = next(name for name, number in _months(language).items() if number == day.month)
    number = {"de": f"{day.day}.", "fr": "1er" if day.day == 1 else f"{day.day}"}.get(
        language, f"{day.day}"
    )
    year = f" {day.year}" if day.year else ""
    forms = [f"{number} {month}{year}"]
    if language == "en":
        forms.append(f"{month} {day.day}{',' if year else ''}{year}")
    if day.year:
        forms.append(f"{day.year}-{day.month:02}-{day.day:02}")
    return forms


def _reworded(text: str, amount: Amount, language: str) -> Iterator[str]:
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
    names = sorted((n for all_ in NAMES[language].values() for n in all_), key=len, reverse=True)
    return re.sub(rf"\s(?:d[e’']\s?)?(?:{'|'.join(names)})$", "", scaled)


def _in_range(text: str, amount: Amount) -> bool:
    """Whether a number beside it shares its unit or its form: 1 to 2 billion, 30 by 30."""
    joint = r"(?:to|and|or|by|in|tot|en|of|à|et|ou|bis|und|oder|,|–|-)"
    number = r"(?:\d[\d.,]*|" + "|".join(_numbers_of_words("en")) + r")"
    before = re.search(rf"{number}\s?{joint}\s?$", text[: amount.start])
    after = re.match(rf"\s?{joint}\s?(?:[$€£]|[A-Z]{{3}}\s)?{number}\b", text[amount.end :])
    return before is not None or after is not None


def _noun_may_follow(after: str) -> bool:
    """Whether an amount ends here, and is not itself an adjective of the next noun."""
    word = re.match(r"\s?(?P<word>[^\W\d_]*)", after)
    following = word["word"] if word else ""
    return not following or any(following in function_words(code) for code in LANGUAGES)


# --- words that stand for each other

# The first of each pair may become the second in any sentence; both inflect alike.
VERB_SYNONYMS = (
    ("reaffirm", "reiterate"),
    ("reiterate", "reaffirm"),
    ("strengthen", "reinforce"),
    ("reinforce", "strengthen"),
    ("underscore", "underline"),
    ("condemn", "denounce"),
    ("denounce", "condemn"),
    ("assist", "help"),
    ("pledge", "promise"),
    ("commence", "start"),
)
# The same before a noun phrase only ("announce that" has no "unveil that").
OBJECT_SYNONYMS = (("announce", "unveil"), ("increase", "raise"))
WORD_SYNONYMS = (
    ("begin", "start"),
    ("begins", "starts"),
    ("began", "started"),
    ("begun", "started"),
    ("enhance", "improve"),  # but what is "enhanced" may be so by name
    ("enhances", "improves"),
    ("enhancing", "improving"),
    ("demonstrate", "show"),
    ("demonstrates", "shows"),
    ("demonstrating", "showing"),
    ("crucial", "essential"),
    ("vital", "essential"),
    ("promised", "pledged"),
    ("countries", "nations"),
    ("rapidly", "quickly"),
    ("quickly", "rapidly"),
    ("swiftly", "quickly"),
    ("approximately", "roughly"),
    ("roughly", "approximately"),
    ("nearly", "almost"),
    ("almost", "nearly"),
    ("annually", "every year"),
    ("in order to", "to"),
    ("because of", "owing to"),
    ("at present", "currently"),
    ("immediately", "at once"),
    ("assistance", "aid"),
)
DETERMINERS = r"(?:an?|the|its|their|our|his|her|new|more|another)"

# Regular verbs that take an object and nothing else.
TRANSITIVE_VERBS = (
    "accelerate accept accomplish address adopt announce appoint approve back cancel close "
    "complete conclude condemn confirm convene create deliver deploy develop discuss dispatch "
    "double endorse enhance establish examine expand extend finance fund host implement improve "
    "increase introduce launch maintain mobilise mobilize open organise organize prepare present "
    "produce promote propose protect provide publish raise reinforce reject release renew repeat "
    "replace review sign strengthen support sustain transfer update visit welcome"
)
PRONOUNS = {"we": "us", "they": "them", "he": "him", "she": "her", "it": "it", "i": "me"}


def _inflected(verb: str) -> tuple[str, str, str, str]:
    """A regular verb as it is, with s, ed and ing."""
    stem = verb.removesuffix("e")
    if verb.endswith("y"):
        return (
            verb,
            f"{verb[:-1]}ies" if verb == "supply" else f"{verb}s",
            f"{verb}ed",
            f"{verb}ing",
        )
    return verb, f"{verb}{'es' if verb.endswith('sh') else 's'}", f"{stem}ed", f"{stem}ing"


@cache
def _synonyms() -> Mapping[str, str]:
    table = dict(WORD_SYNONYMS)
    for one, other in (*VERB_SYNONYMS, *OBJECT_SYNONYMS):
        table.update(zip(_inflected(one), _inflected(other), strict=True))
    return MappingProxyType(table)


@cache
def _synonym_pattern() -> re.Pattern[str]:
    before_object = {form for one, _ in OBJECT_SYNONYMS for form in _inflected(one)}
    anywhere = sorted(set(_synonyms()) - before_object, key=len, reverse=True)
    return re.compile(
        rf"(?<![\w-])(?:(?:{'|'.join(anywhere)})(?![\w-])"
        rf"|(?:{'|'.join(sorted(before_object))})(?=\s{DETERMINERS}\s))",
        re.I,
    )


# --- active and passive

PREPOSITIONS = (
    r"(?:for|to|in|on|at|with|within|from|by|through|across|during|over|under|against|until|since"
    r"|before|after|upon|between|among|towards?|into|per|about|around|via|without)"
)
_done = {verb: _inflected(verb)[2] for verb in TRANSITIVE_VERBS.split()}
# Auxiliary and form of the verb → its participle; no auxiliary is the simple past.
TRANSITIVE = MappingProxyType(
    {("will", verb): done for verb, done in _done.items()}
    | {(aux, done): done for done in _done.values() for aux in ("has", "have", "")}
)
CLAUSE = re.compile(
    r"(?P<when>(?:[IO]n|[io]n)\s(?:\d{1,2}\s)?(?:[A-Z][a-z]+\s)?(?:(?:19|20)\d\d)?,?\s)?"
    r"(?P<subject>[^,;:()“”\"]{2,60}?)\s(?:(?P<aux>will|has|have)\s)?"
    rf"(?P<verb>{'|'.join(sorted({v for _, v in TRANSITIVE}, key=len, reverse=True))})\s"
    rf"(?P<object>[^,;:()“”\"]{{4,80}}?)(?P<rest>(?:\s{PREPOSITIONS}\s[^,;:()“”\"]{{2,80}})?\.)"
)
NOT_SIMPLE = re.compile(
    r"\b(?:that|which|who|whom|whose|what|where|when|while|if|because|as|than|so|but|whether|how"
    r"|including|not|never|ever|both|each|every|all|only|same|other|it|them|us|itself|themselves"
    r"|ourselves|soon|again|later|earlier|too|here|there|today|tomorrow|yesterday|ago|also|then)\b"
)
ANOTHER_VERB = re.compile(
    r"\b(?:will|would|is|are|was|were|has|have|had|can|could|may|must|should|shall|be|been|do|did"
    r"|does)\b"
)
PHRASE_STARTS = frozenset(
    ("the", "a", "an", "our", "these", "those", "this", "we", "they", "he", "she", "new", "more")
)
NO_PHRASE = re.compile(
    rf"\b{PREPOSITIONS}\b|^(?:and|but|so|or|yet)\b|\w’(?:ve|re|ll|d)\b|\w(?:ly|ing)$", re.I
)
# Plurals without s, and words in s of which there is one.
UNSURE = re.compile(
    r"(?:people|women|men|children|forces|data|media|means|series|\w+(?:ss|us|is|ics))$"
)


def _one_phrase(text: str) -> bool:
    """Whether these words are one noun phrase of at most nine words, as far as can be told."""
    words = text.split()
    starts = words[0].lower() in PHRASE_STARTS or words[0][0].isupper() or words[0][0].isdigit()
    starts = starts or words[0].lower() in spelled("en").values()
    return starts and len(words) <= 9 and not NO_PHRASE.search(text) and _lists_names(text)


def _lists_names(text: str) -> bool:
    """Whether every "and" joins names or figures, not what may be clauses."""
    return all(
        word[0].isupper() or word[0].isdigit() for word in re.findall(r"\b(?:and|or)\s(\S+)", text)
    )


def _plural(noun: str) -> bool | None:
    """Whether a noun phrase is plural; None where its form does not tell."""
    head = noun.split(" of ", 1)[0].split()
    if UNSURE.search(head[-1]) or " and " in noun:
        return None
    if (head[0][0].isdigit() and head[-1] != head[0]) or head[0] in spelled("en").values():
        return True
    return head[-1].endswith("s")


def _lower_function_word(text: str) -> str:
    first = text.split(maxsplit=1)[0]
    return text[0].lower() + text[1:] if first.lower() in function_words("en") else text


VARIATIONS: Mapping[str, Variation] = MappingProxyType(
    {
        "date reworded": date_reworded,
        "figure reworded": figure_reworded,
        "passive": passive,
        "synonym": synonym,
        "figure translated": figure_translated,
    }
)
