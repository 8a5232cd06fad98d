"""False pairs made from true ones by one small change, and the sets that are measured on."""

from __future__ import annotations

import datetime
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType

from evals.pairs import UNCHANGED, Pair, attribution, derived, statement_start, true_pairs
from evals.variations import (
    VARIATIONS,
    Amount,
    amounts,
    currency_name,
    grouped,
    month_names,
    spelled,
    territories,
)
from ingest.words import function_words
from vectorstore import Document, Passage, stems

__all__ = [
    "FALSE_KINDS",
    "MUTATIONS",
    "TRUE_KINDS",
    "Context",
    "Event",
    "Mutation",
    "make_context",
    "make_pairs",
]

# Of a claim's content words, the share that another sentence may have and still not carry it.
CARRIED = 0.4
# Two events this many days apart are not the same one.
APART_DAYS = 30
# How often a name stands in the documents at least, before it may take another one's place.
KNOWN = 2


@dataclass(frozen=True, slots=True)
class Event:
    """A document whose title names an event, with what its sentences say."""

    title: str
    date: str
    language: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What the documents give to change a pair with.

    `neighbours` has for a source and a quote the slices right before and after it;
    `events` those a claim could be attributed to instead; `actors` the names of each kind
    (language, kind, the word before) and `summits` what stands before "summit", most
    frequent first.
    """

    neighbours: Mapping[tuple[str, str], tuple[str, ...]]
    events: tuple[Event, ...]
    actors: Mapping[tuple[str, str, str], tuple[str, ...]]
    summits: tuple[str, ...]


Mutation = Callable[[Pair, Context, random.Random], "Pair | None"]


# --- figures

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


def another_number(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """One figure of the claim is another one of the same form: 1.5 billion, 2.5 billion."""
    stated = {a.value for a in amounts(_plain(pair.quote), pair.language)}
    own = list(_own_amounts(pair))
    candidates = [a for a in own if sum(a.value == other.value for other in own) == 1]
    rng.shuffle(candidates)
    for amount in candidates:
        values = [v for v in _other_values(pair.origin, amount) if v not in stated]
        written = [_as_written(pair, amount, value) for value in values]
        texts = [text for text in written if text and text not in pair.quote]
        if texts:
            return _changed(pair, "another number", amount.number, rng.choice(texts))
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
            return _changed(pair, "another year", match.span("year"), str(rng.choice(fit)))
    return None


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


FAMILIES = {"$": "USD"}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def another_currency(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """One amount is in another currency, written alike: EUR for USD, £ for $, yen for euros."""
    stated = {_family(a) for a in amounts(_plain(pair.quote), pair.language)}
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
            return _changed(pair, "another currency", span, new) if new else None
    return None


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


# --- who


def another_actor(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """A name is another name of the same kind from the same documents."""
    start = statement_start(pair)
    found = [a for a in _actors(pair.origin[start:], pair.language) if a[1] in context.actors]
    rng.shuffle(found)
    for (first, last), key in found:
        old = pair.origin[start + first : start + last]
        if pair.origin.count(old, start) > 1:
            continue
        others = [n for n in context.actors.get(key, ()) if _another_name(n, old, pair)]
        if others:
            return _changed(
                pair, "another actor", (start + first, start + last), rng.choice(others[:40])
            )
    return None


OFFICES = (
    r"(?:Vice President|Deputy Prime Minister|Prime Minister|Secretary[ -]General|President|Premier"
    r"|Chancellor|Secretary|Minister|Mrs?\.?|Ms\.?|Dr\.?|King|Queen|Ambassador|Senator|Governor"
    r"|president|premier|bondskanselier|minister|secretaris-generaal|koning|président|présidente"
    r"|chancelier|ministre|roi|Präsident|Bundeskanzler|Kanzler|Ministerpräsident|Außenminister)"
)
NAME_WORD = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿāēīńśżžščćłğ]+(?:-[A-Z]\w+)?"
PERSON = re.compile(
    rf"(?<![\w-])(?P<office>{OFFICES})\s"
    rf"(?P<name>{NAME_WORD}(?:\s{NAME_WORD}){{0,2}})(?![\w-]|\s[A-Z])"
)
DONE = (
    r"(?:agreed|announced|committed|decided|launched|pledged|welcomed|promised|approved|signed"
    r"|endorsed|adopted|proposed|invited|condemned|reaffirmed|provided|met|asked|called)"
)
BODY = re.compile(
    rf"(?<![\w./-])(?P<name>[A-Z][A-Z0-9]{{1,6}})(?=\s(?:(?:has|have|had)\s)?{DONE}\b)"
)
ARTICLE = re.compile(
    r"\b(?P<word>the|of|in|de|het|la|le|les|en|au|aux|du|des|der|die|das|den|dem)\s$"
    r"|(?P<elided>\b[ld][’'])$",
    re.I,
)
OF_A_NAME = re.compile(
    r"(?:[^\W\d_](?:epublic|ingdom|ank|ity|niversity|tate|ulf|ay|slands?) of|[A-Z]\w*,"
    r"|[A-Z][\w.]*|[-–/&])\s?$"
)


def _actors(text: str, language: str) -> Iterator[tuple[tuple[int, int], tuple[str, str, str]]]:
    """The places of names of which the kind is known, with (language, kind, word before)."""
    for match in PERSON.finditer(text):
        yield match.span("name"), (language, "person", match["office"])
    for match in BODY.finditer(text):
        yield match.span("name"), (language, "body", _article(text[: match.start()]))
    for match in _countries(language).finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        joined = OF_A_NAME.search(before) and before.strip().lower() not in function_words(language)
        listed = re.search(rf"(?:{_countries(language).pattern}),\s$", before)
        if (joined and not listed) or re.match(r"\s[A-Z]|[-–/]|,\s[A-Z]\w+,?\s[a-z]", after):
            continue
        yield match.span(), (language, "country", _article(before))


def _article(before: str) -> str:
    """The article or preposition that a name has before it, as it decides which names fit."""
    match = ARTICLE.search(before)
    return match.group().strip().lower() if match else ""


@cache
def _countries(language: str) -> re.Pattern[str]:
    names = sorted(territories(language), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")


def _another_name(new: str, old: str, pair: Pair) -> bool:
    """Whether `new` names somebody else, who is not in the quote, its title or the claim."""
    known = f"{pair.quote} {pair.title} {pair.origin}".casefold()
    words = [word for word in re.findall(r"\w+", new.casefold()) if len(word) > 2]
    heads = {word[:4] for word in re.findall(r"\w+", old.casefold())}
    initials = "".join(word[0] for word in re.findall(r"\b[A-Z]\w+", pair.quote))
    return not (
        any(word in known or word[:4] in heads for word in words)
        or (new.isupper() and new in initials)
    )


# --- what is said of it

NEGATIVE = re.compile(
    r"\b(?:no|none|nor|not|never|neither|nobody|nothing|any|without|only|unless)\b|n[’']t\b", re.I
)
AUXILIARY = re.compile(
    r"\b(?P<aux>will|would|can|should|must|is|are|was|were|has|have|had|[’'](?:re|ll))"
    r"(?=\s(?P<next>[a-z][\w-]*))"
)
# After these "not" reads ill or says something else.
NOT_BEFORE = re.compile(
    r"(?:also|all|both|each|every|everyone|just|simply|merely|either|still|already|always|often|now"
    r"|then|once|some|to|as|that|because|why|how|what|when|where|who|if|likely)$|.*ly$"
)
PARTICIPLE = re.compile(
    r"\w+ed\b|(?:been|begun|built|come|done|drawn|fallen|found|given|gone|grown|had|held|kept|led|"
    r"lost|made|met|paid|put|risen|sent|set|shown|spent|spoken|stood|taken|told|won|written|become)\b"
)
NEGATED = {"can": "cannot"}
PREPOSITIONS_NL = (
    "aan als bij binnen door in met na naar naast om onder op over per sinds tegen tot tussen uit "
    "van via voor zonder"
)
NO_PREPOSITION = "".join(rf"(?<!\b{word} )" for word in PREPOSITIONS_NL.split())
SIMPLE_NEGATION = {
    "nl": (
        (
            NO_PREPOSITION + r"\been (?=[a-z]{3})",
            "geen ",
        ),
        (r"\bniet (?!alleen|meer|eens|langer|minder)", ""),
    ),
    "de": ((r"\bnicht (?!nur|mehr|zuletzt|weniger)", ""),),
    "fr": (
        (r"\bsera (?!pas)", "ne sera pas "),
        (r"\bseront (?!pas)", "ne seront pas "),
        (r"(?<![sSlLnN][’'])(?<!\by )\best (?!pas|plus|aussi)", "n'est pas "),
        (r"(?<!\bse )(?<!\bne )(?<!\bs'y )\bsont (?!pas|plus|aussi)", "ne sont pas "),
        (r"(?<!\by )(?<!\ben )\ba (?=[a-zé]+[éi]\b)", "n'a pas "),
        (r"(?<!\by )(?<!\ben )\bont (?=[a-zé]+[éi]\b)", "n'ont pas "),
        (r"\bdoit (?!pas)", "ne doit pas "),
        (r"\bdoivent (?!pas)", "ne doivent pas "),
    ),
}


def negation(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """A "not" is put in, or one is taken out."""
    start = statement_start(pair)
    if pair.language != "en":
        return _by_rules(pair, "negation", SIMPLE_NEGATION.get(pair.language, ()), rng)
    denied = re.search(
        r"\b(will|would|should|must|is|are|was|were|do|does|did) not\b(?! only| just)",
        pair.origin[start:],
    )
    if denied and denied[1] not in ("do", "does", "did"):
        end = start + denied.end()
        return _changed(pair, "negation", (end - 4, end), "")
    if NEGATIVE.search(pair.origin, start):
        return None
    for match in AUXILIARY.finditer(pair.origin, start):
        if not _negatable(pair.origin, match):
            continue
        aux = match["aux"]
        return _changed(pair, "negation", match.span("aux"), NEGATED.get(aux, f"{aux} not"))
    return None


def _negatable(text: str, match: re.Match[str]) -> bool:
    follows = text[match.end() + 1 :]
    if NOT_BEFORE.match(match["next"]):
        return False
    if re.search(
        r"\b(?:there|what|how|the|a|political|good|free|and|or)\s$", text[: match.start()], re.I
    ):
        return False
    return match["aux"] not in ("has", "have", "had") or PARTICIPLE.match(follows) is not None


MODALITY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (
            r"(?<!\bthe )(?<!\bpolitical )(?<!\bgood )(?<!\bfree )(?<!\bour )(?<!\btheir )(?<!\ba )"
            r"(?<!\band )\bwill(?= [a-z])(?! to\b)(?! not\b)",
            "may",
        ),
        (r"\bshall(?= [a-z])(?! not\b)", "may"),
        (r"\bmust(?= [a-z])(?! not\b)(?! and\b)", "may"),
        (r"(?<!\bwho )\bhas to(?= [a-z])", "may"),
        (
            r"(?<!will )(?<!would )(?<!may )(?<!might )(?<!not )(?<!did )(?<!do )"
            r"\bhave to(?= [a-z])",
            "may",
        ),
        (r"(?:(?<=\b[Ii]t )|(?<=\bhe )|(?<=\bwhich )|(?<=\bwho ))plans to(?= [a-z])", "will"),
        (r"\b(?:intends|aims|seeks|hopes|expects) to(?= [a-z])", "will"),
        (
            r"(?:(?<=\b[Ww]e )|(?<=\b[Tt]hey ))(?:intend|aim|plan|seek|hope|expect) to(?= [a-z])",
            "will",
        ),
        (r"\bcommits to(?= \w+ing\b)", "considers"),
        (r"(?:(?<=\b[Ww]e )|(?<=\b[Tt]hey ))commit to(?= \w+ing\b)", "consider"),
        (r"\b(?:pledges|promises|undertakes) to(?= [a-z])", "hopes to"),
        (r"(?:(?<=\b[Ww]e )|(?<=\b[Tt]hey ))(?:pledge|promise|undertake) to(?= [a-z])", "hope to"),
        (r"(?<=s |y )(?:agreed|decided|resolved) to(?= [a-z])", "discussed whether to"),
        (r"(?<=s |y )(?:pledged|promised|undertook) to(?= [a-z])", "hoped to"),
        (r"(?<=\bhas )(?:agreed|decided|resolved) to(?= [a-z])", "discussed whether to"),
        (r"(?<=\bhave )(?:agreed|decided|resolved) to(?= [a-z])", "discussed whether to"),
        (r"(?<=[a-z] )may(?= [a-z])(?! not\b)", "will"),
        (r"\bcould(?= [a-z])(?! not\b)", "will"),
    ),
    "nl": (
        (r"\bzal\b", "kan"),
        (r"\bzullen\b", "kunnen"),
        (r"\bmoet\b", "mag"),
        (r"\bmoeten\b", "mogen"),
        (r"\bkan\b", "moet"),
        (r"\bkunnen\b", "moeten"),
    ),
    "fr": (
        (r"\bdoit\b", "peut"),
        (r"\bdoivent\b", "peuvent"),
        (r"\bdevra\b", "pourra"),
        (r"\bdevront\b", "pourront"),
        (r"\bpeut\b(?!-)", "doit"),
        (r"\bpeuvent\b", "doivent"),
    ),
    "de": (
        (r"\bmuss\b", "kann"),
        (r"\bmüssen\b", "können"),
        (r"\bsoll\b", "kann"),
        (r"\bsollen\b", "können"),
        (r"\bkann\b", "muss"),
        (r"\bkönnen\b", "müssen"),
    ),
}


def modality(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """What will be may be, what is promised is hoped for; or a plan is said to be certain."""
    return _by_rules(pair, "modality", MODALITY.get(pair.language, ()), rng)


def _by_rules(
    pair: Pair, kind: str, rules: Sequence[tuple[str, str]], rng: random.Random
) -> Pair | None:
    start = statement_start(pair)
    found = [
        (match.span(), new)
        for old, new in rules
        for match in re.finditer(old, pair.origin)
        if match.start() >= start
    ]
    if not found:
        return None
    span, new = rng.choice(found)
    return _changed(pair, kind, span, new)


# --- where it was said, and where it is cited

SUMMIT = re.compile(
    r"\b(?P<det>[Tt]he|[Tt]heir|[Aa]t)\s(?P<name>[A-Z][\w’-]+(?:\s[A-Z][\w’-]+)?)(?=\s[Ss]ummit\b)"
)


def another_summit(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """The claim is attributed to another event, or the summit that it names is another."""
    start = statement_start(pair)
    named = list(SUMMIT.finditer(pair.origin, start))
    if named:
        match = rng.choice(named)
        acronym = match["name"].upper() == match["name"]
        known = f"{_plain(pair.quote)} {pair.title}".casefold()
        others = [
            name
            for name in context.summits
            if (name.upper() == name) == acronym and name.casefold() not in known
        ]
        if others:
            return _changed(pair, "another summit", match.span("name"), rng.choice(others))
    if not start or pair.date is None:
        return None
    statement = pair.origin[start:]
    for event in rng.sample(context.events, min(8, len(context.events))):
        if _other_event(event, pair, statement):
            opening = attribution(event.title, event.date, pair.language)
            return _changed(pair, "another summit", (0, start), opening)
    return None


def _other_event(event: Event, pair: Pair, statement: str) -> bool:
    one, other = (datetime.date.fromisoformat(d) for d in (event.date, pair.date or event.date))
    return (
        event.language == pair.language
        and event.title != pair.title
        and abs((one - other).days) > APART_DAYS
        and not any(_carries(text, statement, pair.language) for text in event.sentences)
    )


def neighbouring_sentence(pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    """The citation stands one sentence too early or too late."""
    statement = pair.origin[statement_start(pair) :]
    near = [
        quote
        for quote in context.neighbours.get((pair.source, pair.quote), ())
        if not _carries(quote, statement, pair.language)
    ]
    if not near:
        return None
    return replace(pair, kind="neighbouring sentence", supported=False, quote=rng.choice(near))


def _carries(text: str, statement: str, language: str) -> bool:
    """Whether a text has so much of what the statement says that it may support it.

    Without one of the statement's figures it cannot; otherwise its words decide.
    """
    if _values(statement, language) - _values(text, language):
        return False
    wanted = _content(statement, language)
    return not wanted or len(wanted & _content(text, language)) > CARRIED * len(wanted)


def _values(text: str, language: str) -> frozenset[Decimal]:
    """The figures of a text; not its years, which may go without saying in a document."""
    return frozenset(a.value.scaleb(a.power) for a in amounts(_plain(text), language))


@lru_cache(maxsize=50_000)
def _content(text: str, language: str) -> frozenset[str]:
    common = frozenset(stems(" ".join(sorted(function_words(language))), language))
    return frozenset(stems(text, language)) - common


def _plain(quote: str) -> str:
    """The quote on one line, without the marks of bold and italics."""
    return " ".join(re.sub(r"\*+|</?\w+>|(?<!\w)_+|_+(?!\w)", "", quote).split())


def _changed(pair: Pair, kind: str, span: tuple[int, int], new: str) -> Pair | None:
    sentence = pair.origin[: span[0]] + new + pair.origin[span[1] :]
    return derived(pair, kind, sentence, supported=False) if sentence != pair.origin else None


MUTATIONS: Mapping[str, Mutation] = MappingProxyType(
    {
        "another number": another_number,
        "another year": another_year,
        "another currency": another_currency,
        "another actor": another_actor,
        "negation": negation,
        "modality": modality,
        "another summit": another_summit,
        "neighbouring sentence": neighbouring_sentence,
    }
)
FALSE_KINDS = tuple(MUTATIONS)
TRUE_KINDS = (UNCHANGED, *VARIATIONS)


# --- a set of pairs


def make_pairs(
    store_documents: Iterable[tuple[Document, Sequence[Passage]]], *, per_kind: int, seed: int = 0
) -> tuple[Pair, ...]:
    """At most `per_kind` pairs of each kind, spread over the documents.

    The same documents and seed give the same pairs. No pair comes twice: none has the
    sentence and the quote of another.
    """
    documents = tuple(store_documents)
    pairs = true_pairs(documents)
    context = make_context(documents, pairs)
    made: dict[tuple[str, str], Pair] = {}
    for kind in (*TRUE_KINDS, *FALSE_KINDS):
        rng = random.Random(f"{seed} {kind}")
        count = 0
        for pair in _spread(pairs, rng):
            if count >= per_kind:
                break
            changed = _make(kind, pair, context, rng)
            if changed and (changed.sentence, changed.quote) not in made:
                made[changed.sentence, changed.quote] = changed
                count += 1
    return tuple(made.values())


def _make(kind: str, pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    if kind == UNCHANGED:
        return pair
    if kind in VARIATIONS:
        return VARIATIONS[kind](pair, rng)
    return MUTATIONS[kind](pair, context, rng)


def _spread(pairs: Sequence[Pair], rng: random.Random) -> Iterator[Pair]:
    """All pairs, one of each document in turn, the documents and their pairs shuffled."""
    by_source: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_source[pair.source].append(pair)
    queues = list(by_source.values())
    rng.shuffle(queues)
    for queue in queues:
        rng.shuffle(queue)
    for turn in range(max(map(len, queues), default=0)):
        yield from (queue[turn] for queue in queues if turn < len(queue))


def make_context(
    documents: Sequence[tuple[Document, Sequence[Passage]]], pairs: Sequence[Pair]
) -> Context:
    """What the documents give to change their true pairs with."""
    attributed = {pair.source for pair in pairs if statement_start(pair)}
    neighbours: dict[tuple[str, str], tuple[str, ...]] = {}
    events = []
    for document, passages in documents:
        quotes = _quotes(document, passages)
        for i, quote in enumerate(quotes):
            near = (*quotes[max(0, i - 1) : i], *quotes[i + 1 : i + 2])
            neighbours[document.source, quote] = near
        if document.source in attributed and document.date:
            events.append(Event(document.title, document.date, document.language, quotes))
    return Context(neighbours, tuple(events), _names_of(pairs), _summits_of(pairs))


def _quotes(document: Document, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The slices of a document that could be cited, in order."""
    return tuple(
        document.text[s.start : s.end]
        for passage in passages
        for s in passage.sentences
        if s.kind in ("sentence", "item") and len(s.spans) == 1 and len(s.text.split()) > 3
    )


def _names_of(pairs: Sequence[Pair]) -> Mapping[tuple[str, str, str], tuple[str, ...]]:
    """The names in all statements by kind; a name has no word that is also written small."""
    found: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    small: set[str] = set()
    for pair in pairs:
        statement = pair.origin[statement_start(pair) :]
        small.update(re.findall(r"\b[a-zà-ÿ]{3,}\b", statement))
        for (start, end), key in _actors(statement, pair.language):
            found[key][statement[start:end]] += 1
    return MappingProxyType(
        {
            key: tuple(
                name
                for name, count in names.most_common()
                if count >= (KNOWN if key[1] != "country" else 1)
                and not any(word.lower() in small for word in name.split())
                and (key[2] != "the" or count > found[key[0], key[1], ""][name])
            )
            for key, names in tuple(found.items())
        }
    )


def _summits_of(pairs: Sequence[Pair]) -> tuple[str, ...]:
    found = Counter(match["name"] for pair in pairs for match in SUMMIT.finditer(pair.origin))
    return tuple(name for name, count in found.most_common() if count >= KNOWN)
