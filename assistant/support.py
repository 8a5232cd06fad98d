"""Holds a written sentence to its sources: to those it cites, else to others that say it.

Several sources support a sentence together only where no claim in it can come half from one and
half from another: a sentence that opens with "it" or "they" with the one before it, a list with
what introduces it, or one source for each clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.answers import Verdict
from assistant.check import Checked, check
from assistant.claims import Claims, claims
from assistant.contrast import TOGETHER_FORMS
from assistant.excerpts import Excerpt
from assistant.names import form
from assistant.pointers import opens_pointing
from assistant.written import Written
from ingest.words import function_words

__all__ = ["Held", "hold"]

# A source that the model did not name has to have more of the sentence's words than one it did.
RECITED = 0.8
# So does one that says "will" or "aims to" of a sentence that says neither: another verb may hide
# that something is planned.
PLANNED = 0.9
# Of a source in another language only figures, dates and names are compared: so many at least.
FACTS = 2
# A sentence that needs more sources than this to stand is a list of everything.
MOST = 3
MOST_ITEMS = 8
CLAUSE = re.compile(
    r"(?:[,;]\s+)?\b(?:and|but|while|whereas|en|maar|terwijl|et|mais|tandis que|und|aber|während)\s"
    r"|;\s+"
)
# Words, figures and dates that say something: fewer are in any source.
SAYS = 3
# A line of such words alone, with a colon after it, announces what comes and states nothing.
ANNOUNCING_WORDS = (
    "according document documents following here list overview point points question quoted say "
    "says sentence sentences source sources state states summary text texts "
    "bronnen document documenten hier lijst overzicht staat tekst teksten volgende volgens vraag "
    "zeggen zegt punten "
    "document documents question voici suivant suivants suivante suivantes selon source sources "
    "textes texte disent dit points liste "
    "dokument dokumente dokumenten folgende folgendes folgenden frage hier laut liste quellen "
    "sagen sagt steht text texte texten übersicht punkte"
)
ANNOUNCING = frozenset(ANNOUNCING_WORDS.split())


# Sentences that may support one together, with what checking it against them gave.
_ByUnit = Mapping[tuple[Excerpt, ...], Checked]


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence, its verdict and why, and the sentences that it is to cite.

    No verdict, and nothing to cite, where it states nothing.
    """

    text: str
    sources: tuple[Excerpt, ...]
    verdict: Verdict | None
    reasons: tuple[str, ...] = ()


def hold(one: Written, language: str, given: Sequence[Excerpt]) -> Held:
    """The sentence with what supports it among `given`, or its verdict where nothing does."""
    if _announces(one.text, language):
        return Held(one.text, (), None)
    known = {excerpt.number: excerpt for excerpt in given}
    named = [known[number] for number in one.cited if number in known]
    found = _supporting(one.text, language, named, least=0.0)
    found = found or _supporting(one.text, language, given, least=RECITED)
    if found:
        return Held(one.text, found, "supported")
    checked = _amiss(one.text, language, named)
    return Held(one.text, tuple(named[:MOST]), checked.verdict, checked.reasons)


def _supporting(
    text: str, language: str, among: Sequence[Excerpt], *, least: float
) -> tuple[Excerpt, ...]:
    """The fewest sentences that say it, of several such those with most of its words; or none."""
    alone: _ByUnit = {(one,): _together(text, language, (one,)) for one in among}
    best = _best(alone, text, language, least)
    if best:
        return best
    joined = {unit: _together(text, language, unit) for unit in _units(among)}
    best = _best(joined, text, language, least)
    return best or _by_clause(text, language, among, least=least)


def _best(checked: _ByUnit, text: str, language: str, least: float) -> tuple[Excerpt, ...]:
    """Of the units that support a text those with most of its words; or none."""
    claim = claims(text, language, foreign=True)
    if _content(claim) < SAYS:
        return ()
    found = {
        unit: one.share or 0.0
        for unit, one in checked.items()
        if one.verdict == "supported" and _stands(claim, unit, one.share, least)
    }
    return max(found, key=lambda unit: found[unit]) if found else ()


def _stands(claim: Claims, unit: Sequence[Excerpt], share: float | None, least: float) -> bool:
    """Whether a sentence that its check holds supported stands by stricter signs too."""
    sources = [claims(one.cited.text, one.cited.language) for one in unit]
    about = [claims(f"{one.cited.title}. {one.cited.speaker}", one.cited.language) for one in unit]
    known = [text.known for text in (*sources, *about)]
    for head in claim.openings:  # a name, perhaps, of somebody of whom they do not speak
        together = all(form(word.text) in TOGETHER_FORMS for word in head.words)
        if not together and all(one.lacks(head) for one in known):
            return False
    if not claim.modals and any(source.modals for source in sources):
        least = max(least, PLANNED)
    if share is not None:
        return share >= least
    facts = len(claim.quantities) + len(claim.dates) + len(claim.names) + len(claim.openings)
    return not least and facts >= FACTS


def _content(claim: Claims) -> int:
    words = sum(word.content for word in claim.words)
    return words + len(claim.quantities) + len(claim.dates)


def _together(text: str, language: str, unit: Sequence[Excerpt]) -> Checked:
    return check(text, language, [one.cited for one in unit])


def _units(among: Sequence[Excerpt]) -> Iterator[tuple[Excerpt, ...]]:
    """Sentences with what they point back to, and items of lists with what introduces them."""
    order = sorted(among, key=lambda one: one.number)
    for one, other in pairwise(order):
        inside = one.found.passage.sentences
        places = [sentence.start for sentence in inside]
        start, then = one.sentence.start, other.sentence.start
        if one.found.document.id == other.found.document.id and start in places:
            after = places.index(start) + 1
            follows = after < len(places) and places[after] == then
            if follows and opens_pointing(other.sentence.text, other.found.document.language):
                yield one, other
    for lead in order:
        items = [
            one
            for one in order
            if one.sentence.lead == lead.sentence.start
            and one.found.document.id == lead.found.document.id
        ]
        if items:
            yield (lead, *items[:MOST_ITEMS])


def _by_clause(
    text: str, language: str, among: Sequence[Excerpt], *, least: float
) -> tuple[Excerpt, ...]:
    """One sentence for each clause, which all together say the whole; or none."""
    clauses = [clause for part in CLAUSE.split(text) if (clause := part.strip(" ,;"))]
    if len(clauses) < 2 or not all(_says(claims(one, language)) for one in clauses):
        return ()
    found: dict[Excerpt, None] = {}
    for clause in clauses:
        checked: _ByUnit = {(one,): _together(clause, language, (one,)) for one in among}
        best = _best(checked, clause, language, least)
        if not best:
            return ()
        found |= dict.fromkeys(best)
    unit = tuple(found)
    whole = _together(text, language, unit)
    return unit if len(unit) <= MOST and whole.verdict == "supported" else ()


def _says(claim: Claims) -> bool:
    """Whether a clause says enough by itself to be compared by itself: more than names."""
    plain = any(word.content and not word.capital for word in claim.words)
    return plain and _content(claim) >= SAYS


def _amiss(text: str, language: str, named: Sequence[Excerpt]) -> Checked:
    """The verdict on a sentence that nothing supports, after the sentences that it cites."""
    checked = [check(text, language, [one.cited]) for one in named]
    order = ("partly", "contradicted", "not supported")
    amiss = [one for one in checked if one.verdict in order]
    if amiss:
        return min(amiss, key=lambda one: order.index(one.verdict))
    if checked:
        return Checked(
            "partly", ("too little of it can be compared with a source in another language",)
        )
    return Checked("not supported", ("nothing that is cited says it",))


def _announces(text: str, language: str) -> bool:
    """Whether a line only announces the answer: no figure, name or date, and no denial."""
    claim = claims(text, language)
    if claim.quantities or claim.dates or claim.names or claim.denials or re.search(r"\d", text):
        return False
    said = {word.text.casefold() for word in claim.words}
    rest = said - ANNOUNCING - function_words(language)
    return text.endswith(":") and bool(said & ANNOUNCING) and not rest
