"""Sentences that support one together: only where no claim can come half from each.

A sentence that opens with "it" with the one before it, which tells who that is; a list with what
introduces it, an item for each part of the sentence; one source for each of its clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from assistant.check import source_of
from assistant.claims import Claims, claims
from assistant.compare import Source, figures, times
from assistant.coverage import words_missing
from assistant.excerpts import Excerpt
from assistant.pointers import opens_pointing
from ingest.words import function_words

__all__ = ["clauses", "together", "with_antecedents"]

# A list of everything supports nothing.
MOST_ITEMS = 8
AND = r"and|en|et|und|or|of|ou|oder|as well as|evenals|ainsi que|sowie"
PART = re.compile(rf"[,;:]\s+(?:(?:{AND})\s)?|\s(?:{AND})\s")
CLAUSE = re.compile(
    r"(?:[,;]\s+)?\b(?:and|but|while|whereas|en|maar|terwijl|et|mais|tandis que|und|aber|während)\s"
    r"|;\s+"
)
# Words, figures and dates that say something: fewer are in any source.
SAYS = 3

_Unit = tuple[Excerpt, ...]


def with_antecedents(named: Sequence[Excerpt], given: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """The sentences, with what they point back to or are introduced by, in the order given."""
    wanted = {one.number for one in named}
    for one, other in _pointing(given):
        wanted |= {one.number} if other.number in wanted else set()
    for lead, items in _lists(given):
        wanted |= {lead.number} if any(item.number in wanted for item in items) else set()
    return tuple(one for one in given if one.number in wanted)


def together(text: str, language: str, among: Sequence[Excerpt]) -> Iterator[_Unit]:
    """The sentences that may support a text together, in its own language."""
    among = [one for one in among if one.found.document.language == language]
    claim = claims(text, language, foreign=True)
    for one, other in _pointing(among):
        if _but_for_names(claim, source_of(other.cited)):
            yield one, other
    for lead, items in _lists(among):
        used = _used(text, language, lead, items)
        if used:
            yield (lead, *used)


def _pointing(among: Sequence[Excerpt]) -> Iterator[tuple[Excerpt, Excerpt]]:
    """Sentences that open with "it" or the like, each after the one of the same speaker before."""
    order = sorted(among, key=lambda one: one.number)
    for one, other in pairwise(order):
        places = [sentence.start for sentence in one.found.passage.sentences]
        start, then = one.sentence.start, other.sentence.start
        if one.found.document.id == other.found.document.id and start in places:
            after = places.index(start) + 1
            follows = after < len(places) and places[after] == then
            follows = follows and one.cited.speaker == other.cited.speaker
            if follows and opens_pointing(other.sentence.text, other.found.document.language):
                yield one, other


def _lists(among: Sequence[Excerpt]) -> Iterator[tuple[Excerpt, list[Excerpt]]]:
    """What introduces a list, which is no whole sentence, and the items of it."""
    for lead in among:
        items = [
            one
            for one in among
            if one.sentence.lead == lead.sentence.start
            and one.sentence.kind == "item"
            and one.found.document.id == lead.found.document.id
        ]
        if items and not re.search(r"[.!?]\W*$", lead.sentence.text):
            yield lead, items


def _but_for_names(claim: Claims, source: Source) -> bool:
    """Whether a source says all of a sentence but its names."""
    names = {word.stem for name in (*claim.names, *claim.openings) for word in name.words}
    rest = replace(claim, words=tuple(w for w in claim.words if w.stem not in names))
    return not words_missing(rest, [source]) and not _other_facts(claim, [source])


def _other_facts(claim: Claims, sources: Sequence[Source]) -> bool:
    return any(True for _ in chain(figures(claim, sources), times(claim, sources)))


def _used(text: str, language: str, lead: Excerpt, items: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """An item for each part of a text that the introduction alone does not say; or none."""
    first = source_of(lead.cited)
    used: dict[Excerpt, None] = {}
    for part in PART.split(text):
        claim = claims(part, language, foreign=True)
        if _says_all(claim, [first]):
            continue
        fit = next((i for i in items if _says_all(claim, [first, source_of(i.cited)])), None)
        if fit is None:
            return ()
        used[fit] = None
    return tuple(used) if len(used) <= MOST_ITEMS else ()


def _says_all(claim: Claims, sources: Sequence[Source]) -> bool:
    return not words_missing(claim, sources) and not _other_facts(claim, sources)


def clauses(text: str, language: str) -> tuple[str, ...]:
    """The clauses of a text that each say who does what, where it has several; or none."""
    parts = [part for found in CLAUSE.split(text) if (part := found.strip(" ,;"))]
    whole = len(parts) > 1 and all(_is_whole(part, language) for part in parts)
    return tuple(parts) if whole else ()


def _is_whole(part: str, language: str) -> bool:
    """Whether a clause may be compared by itself: it says something, and of whom."""
    claim = claims(part, language)
    says = any(word.content and not word.capital for word in claim.words)
    content = sum(word.content for word in claim.words) + len(claim.quantities) + len(claim.dates)
    first = re.match(r"\w+", part)
    # Without a name right at its head it has to begin as a subject does: "no fee", "the boats".
    headed = first is not None and (
        first[0][0].isupper() or first[0].casefold() in function_words(language)
    )
    return says and content >= SAYS and headed and not opens_pointing(part, language)
