"""Names of persons, bodies and countries in a claim; false claims by another actor."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from evals.mutation.context import KNOWN, Context
from evals.mutation.edits import falsified
from evals.mutation.locales import territories
from evals.mutation.pairs import Pair, statement_start
from ingest.words import function_words

__all__ = ["another_actor", "names_of"]

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
            return falsified(
                pair, "another actor", (start + first, start + last), rng.choice(others[:40])
            )
    return None


def names_of(pairs: Sequence[Pair]) -> Mapping[tuple[str, str, str], tuple[str, ...]]:
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
