"""True claims with a word of general English in another one's place."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from evals.mutation.edits import in_quotation, reworded
from evals.mutation.pairs import Pair, statement_start

__all__ = ["inflected", "synonym"]

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
    return reworded(pair, "synonym", options, rng)


def inflected(verb: str) -> tuple[str, str, str, str]:
    """A regular verb as it is, with s, ed and ing."""
    stem = verb.removesuffix("e")
    return verb, f"{verb}{'es' if verb.endswith('sh') else 's'}", f"{stem}ed", f"{stem}ing"


@cache
def _synonyms() -> Mapping[str, str]:
    table = dict(WORD_SYNONYMS)
    for one, other in (*VERB_SYNONYMS, *OBJECT_SYNONYMS):
        table.update(zip(inflected(one), inflected(other), strict=True))
    return MappingProxyType(table)


@cache
def _synonym_pattern() -> re.Pattern[str]:
    before_object = {form for one, _ in OBJECT_SYNONYMS for form in inflected(one)}
    anywhere = sorted(set(_synonyms()) - before_object, key=len, reverse=True)
    return re.compile(
        rf"(?<![\w-])(?:(?:{'|'.join(anywhere)})(?![\w-])"
        rf"|(?:{'|'.join(sorted(before_object))})(?=\s{DETERMINERS}\s))",
        re.I,
    )
