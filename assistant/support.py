"""Holds a written sentence to its sources: to those it cites, else to others that say it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import Verdict
from assistant.check import Checked, check, source_of
from assistant.claims import Claims, claims
from assistant.excerpts import Excerpt
from assistant.joining import clauses, together, with_antecedents
from assistant.strict import objections
from assistant.written import Written
from ingest.words import function_words

__all__ = ["Held", "hold"]

FOREIGN = "of a source in another language only figures, dates and names are compared"
# Of a source in another language only figures, dates and names are compared: so many at least.
FACTS = 2
# A sentence that needs more sources than this to stand is a list of everything.
MOST = 3
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

    No verdict, and nothing to cite, where it states nothing. `stands` where it is to be shown:
    supported, or partly as far as a source in another language can be compared.
    """

    text: str
    sources: tuple[Excerpt, ...]
    verdict: Verdict | None
    reasons: tuple[str, ...] = ()
    stands: bool = False


def hold(one: Written, language: str, given: Sequence[Excerpt]) -> Held:
    """The sentence with what supports it among `given`, or its verdict where nothing does."""
    if _announces(one.text, language):
        return Held(one.text, (), None)
    known = {excerpt.number: excerpt for excerpt in given}
    named = [known[number] for number in one.cited if number in known]
    claim = claims(one.text, language, foreign=True)
    found = _supporting(one.text, claim, with_antecedents(named, given))
    found = found or _supporting(one.text, claim, given, own=True)
    if any(source.found.document.language != language for source in found):
        return Held(one.text, found, "partly", (FOREIGN,), stands=True)
    if found:
        return Held(one.text, found, "supported", stands=True)
    checked = _amiss(one.text, claim, named)
    return Held(one.text, tuple(named[:MOST]), checked.verdict, checked.reasons)


def _supporting(
    text: str, claim: Claims, among: Sequence[Excerpt], *, own: bool = False
) -> tuple[Excerpt, ...]:
    """The fewest sentences that say it, of several such those with most of its words; or none.

    With `own` only sentences in its own language.
    """
    if own:
        among = [one for one in among if one.found.document.language == claim.language]
    best = _best({(one,): _checked(text, claim, (one,)) for one in among}, claim)
    if not best:
        units = together(text, claim.language, among)
        best = _best({unit: _checked(text, claim, unit) for unit in units}, claim)
    return best or _by_clause(text, claim, among)


def _best(checked: _ByUnit, claim: Claims) -> tuple[Excerpt, ...]:
    """Of the units that support a text those with most of its words; or none."""
    if _content(claim) < SAYS:
        return ()
    found = {
        unit: one.share or 0.0
        for unit, one in checked.items()
        if one.verdict == "supported" and (one.share is not None or _facts(claim) >= FACTS)
    }
    return max(found, key=lambda unit: found[unit]) if found else ()


def _checked(text: str, claim: Claims, unit: Sequence[Excerpt]) -> Checked:
    """The check's verdict, and where that is "supported" the objections to it."""
    cited = [one.cited for one in unit]
    checked = check(text, claim.language, cited)
    if checked.verdict != "supported":
        return checked
    reasons = objections(claim, [source_of(one) for one in cited])
    return Checked("partly", reasons, checked.share) if reasons else checked


def _facts(claim: Claims) -> int:
    return sum(map(len, (claim.quantities, claim.dates, claim.names, claim.openings)))


def _content(claim: Claims) -> int:
    words = sum(word.content for word in claim.words)
    return words + len(claim.quantities) + len(claim.dates)


def _by_clause(text: str, claim: Claims, among: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """One sentence for each clause, which all together say the whole; or none."""
    found: dict[Excerpt, None] = {}
    for clause in clauses(text, claim.language):
        part = claims(clause, claim.language, foreign=True)
        best = _best({(one,): _checked(clause, part, (one,)) for one in among}, part)
        if not best:
            return ()
        found |= dict.fromkeys(best)
    unit = tuple(found)
    if not unit or len(unit) > MOST:
        return ()
    return unit if _checked(text, claim, unit).verdict == "supported" else ()


def _amiss(text: str, claim: Claims, named: Sequence[Excerpt]) -> Checked:
    """The verdict on a sentence that nothing supports, after the sentences that it cites."""
    checked = [_checked(text, claim, (one,)) for one in named]
    order = ("partly", "contradicted", "not supported")
    amiss = [one for one in checked if one.verdict in order]
    if amiss:
        return min(amiss, key=lambda one: order.index(one.verdict))
    if checked:
        return Checked("partly", ("too little of it can be compared with its source",))
    return Checked("not supported", ("nothing that is cited says it",))


def _announces(text: str, language: str) -> bool:
    """Whether a line only announces the answer: no figure, name or date, and no denial."""
    claim = claims(text, language)
    if claim.quantities or claim.dates or claim.names or claim.denials or re.search(r"\d", text):
        return False
    said = {word.text.casefold() for word in claim.words}
    rest = said - ANNOUNCING - function_words(language)
    return text.endswith(":") and bool(said & ANNOUNCING) and not rest
