"""False claims by where they are from: another summit, or a citation one sentence off."""

from __future__ import annotations

import datetime
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from evals.mutation.amounts import amounts
from evals.mutation.context import KNOWN, Context, Event
from evals.mutation.edits import falsified, one_line
from evals.mutation.pairs import Pair, attribution, statement_start
from ingest.words import function_words
from vectorstore import stems

__all__ = ["another_summit", "neighbouring_sentence", "summits_of"]

# Of a claim's content words, the share that another sentence may have and still not carry it.
CARRIED = 0.4
# Two events this many days apart are not the same one.
APART_DAYS = 30
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
        known = f"{one_line(pair.quote)} {pair.title}".casefold()
        others = [
            name
            for name in context.summits
            if (name.upper() == name) == acronym and name.casefold() not in known
        ]
        if others:
            return falsified(pair, "another summit", match.span("name"), rng.choice(others))
    if not start or pair.date is None:
        return None
    statement = pair.origin[start:]
    for event in rng.sample(context.events, min(8, len(context.events))):
        if _other_event(event, pair, statement):
            opening = attribution(event.title, event.date, pair.language)
            return falsified(pair, "another summit", (0, start), opening)
    return None


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


def summits_of(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """What stands before "summit" in all claims, most frequent first."""
    found = Counter(match["name"] for pair in pairs for match in SUMMIT.finditer(pair.origin))
    return tuple(name for name, count in found.most_common() if count >= KNOWN)


def _other_event(event: Event, pair: Pair, statement: str) -> bool:
    one, other = (datetime.date.fromisoformat(d) for d in (event.date, pair.date or event.date))
    return (
        event.language == pair.language
        and event.title != pair.title
        and abs((one - other).days) > APART_DAYS
        and not any(_carries(text, statement, pair.language) for text in event.sentences)
    )


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
    return frozenset(a.value.scaleb(a.power) for a in amounts(one_line(text), language))


@lru_cache(maxsize=50_000)
def _content(text: str, language: str) -> frozenset[str]:
    common = frozenset(stems(" ".join(sorted(function_words(language))), language))
    return frozenset(stems(text, language)) - common
