"""Functions that judge a pair, and how often they are right for each kind of pair."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.check import Cited, check
from assistant.entailment import EntailmentModel
from assistant.support import judged
from evals.intervals import Figure, ratio
from evals.mutation.pairs import Checker, Pair
from ingest.words import function_words
from vectorstore import stems

__all__ = [
    "ALL_FALSE",
    "ALL_TRUE",
    "Rate",
    "as_shown",
    "fact_by_fact",
    "load_checker",
    "measure",
    "word_overlap",
]

ALL_FALSE, ALL_TRUE = "all false", "all true"

# The share of a claim's content words that its citation must have. With at most 200 pairs of
# each kind from the bundled documents (seed 0) it catches 0.27 of the false pairs and refuses
# 0.07 of the true ones; at 0.7 it is 0.23 and 0.02, at 0.9 0.54 and 0.31.
ENOUGH = 0.8


@dataclass(frozen=True, slots=True)
class Rate:
    """How many pairs of a kind a checker refused, of how many.

    For a false kind (`supported` is False) the share refused is the catch rate, higher is
    better; for a true kind it is the false-alarm rate, lower is better.
    """

    kind: str
    supported: bool
    refused: int
    total: int

    @property
    def share(self) -> Figure:
        """Refused of all, 0 to 1, with its 95 % interval over the pairs; NaN without pairs."""
        refused = [1.0] * self.refused + [0.0] * (self.total - self.refused)
        return ratio(refused, [1.0] * self.total)


def measure(checker: Checker, pairs: Iterable[Pair]) -> tuple[Rate, ...]:
    """One rate for each kind in the order of their first pairs, true kinds first, then both sums.

    Each pair is judged once. The sums, "all true" and "all false", weigh every pair alike.
    """
    counts: dict[tuple[bool, str], list[int]] = {}
    for pair in pairs:
        count = counts.setdefault((pair.supported, pair.kind), [0, 0])
        count[0] += not checker(pair)
        count[1] += 1
    kinds = sorted(counts, key=lambda key: not key[0])
    rates = tuple(Rate(kind, supported, *counts[supported, kind]) for supported, kind in kinds)
    return (*rates, _sum(rates, supported=True), _sum(rates, supported=False))


def word_overlap(pair: Pair) -> bool:
    """Whether the citation, its title and its date have most content words of the sentence.

    A baseline: stems compared as a set, whatever their order. It is blind to a word that is
    short or common ("not", "may"), and one wrong figure weighs no more than any other word.
    """
    wanted = _content(pair.sentence, pair.language)
    having = _content(f"{pair.quote} {pair.title} {pair.date or ''}", pair.language)
    return len(wanted & having) >= ENOUGH * len(wanted)


def fact_by_fact(pair: Pair) -> bool:
    """Whether the assistant's own check supports the sentence, given its quote, title and date."""
    cited = Cited(pair.quote, pair.language, title=pair.title, date=pair.date)
    return check(pair.sentence, pair.language, (cited,)).verdict == "supported"


def as_shown(pair: Pair) -> bool:
    """Whether a written sentence with that one source would be shown as supported."""
    cited = Cited(pair.quote, pair.language, title=pair.title, date=pair.date)
    return judged(pair.sentence, pair.language, (cited,), _entailment())[0] == "supported"


@cache
def _entailment() -> EntailmentModel:
    return EntailmentModel()


def load_checker(name: str) -> Checker:
    """The function that `package.module:function` names.

    ValueError where the name has another form, or there is no such module or function; an
    error within the module itself goes through.
    """
    module_name, colon, function_name = name.partition(":")
    if not (module_name and colon and function_name):
        raise ValueError(f"{name!r} names no checker; write it as 'package.module:function'.")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise  # what is missing is something that the module itself imports
        raise ValueError(
            f"There is no module {error.name!r} for the checker {name!r}. Check the name, or "
            "install the module where Python finds it."
        ) from error
    found = getattr(module, function_name, None)
    if not callable(found):
        what = "is no function" if hasattr(module, function_name) else "does not exist"
        raise ValueError(
            f"{function_name!r} {what} in the module {module_name!r}; name a function that takes "
            "a Pair and returns whether it is supported."
        )
    checker: Checker = found
    return checker


def _sum(rates: Sequence[Rate], *, supported: bool) -> Rate:
    of = [rate for rate in rates if rate.supported is supported]
    kind = ALL_TRUE if supported else ALL_FALSE
    return Rate(kind, supported, sum(r.refused for r in of), sum(r.total for r in of))


def _content(text: str, language: str) -> frozenset[str]:
    return frozenset(stems(text, language)) - _common(language)


@cache
def _common(language: str) -> frozenset[str]:
    return frozenset(stems(" ".join(sorted(function_words(language))), language))
