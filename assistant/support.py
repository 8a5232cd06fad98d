"""Holds a written sentence to its sources: to those it cites, else to others that say it.

Its facts are compared (`assistant/check.py`), and a network reads whether the sources say it
(`assistant/entailment.py`). Where they say it word by word (`assistant/strict.py`) the network need
not be as sure as where they say it in other words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import Verdict
from assistant.check import Checked, Cited, check, source_of
from assistant.claims import Claims, claims
from assistant.entailment import Entailment
from assistant.excerpts import Excerpt
from assistant.joining import clauses, together, with_antecedents
from assistant.strict import objections
from assistant.wording import plain
from assistant.written import Written
from ingest.words import function_words

__all__ = ["Held", "hold", "judged"]

# A sentence that cites more than this cites everything.
MOST_CITED = 4
# A sentence that needs more sources than this to stand word by word is a list of everything.
MOST = 3
# Words, figures and dates that say something: fewer are in any source.
SAYS = 3
# Words of a line without a stop at its end that state nothing: a heading, a name.
FRAGMENT_WORDS = 8
FRAGMENT = "it is no whole sentence"
UNSURE = "its sources may say it in other words"
NOT_SAID = "the cited words do not say it"
UNCITED = "nothing that is cited says it"
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


_Unit = tuple[Excerpt, ...]
# Sentences that may support one together, with what checking it against them gave.
_ByUnit = Mapping[_Unit, Checked]


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence, its verdict and why, and the sentences that it is to cite.

    No verdict, and nothing to cite, where it states nothing.
    """

    text: str
    sources: tuple[Excerpt, ...]
    verdict: Verdict | None
    reasons: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it is to be shown: it is supported, or only a little of it is in doubt."""
        return self.verdict in ("supported", "partly")


def judged(
    text: str, language: str, evidence: Sequence[Cited], entailment: Entailment
) -> tuple[Verdict, tuple[str, ...]]:
    """Whether the evidence, all of it together, says a sentence, and why not, for the reader.

    Partly where one thing alone is in doubt: whether it says the same in other words, or a name,
    denial or modal that the evidence does not have.
    """
    checked = check(text, language, evidence)
    if checked.amiss == "much":
        against = checked.verdict == "contradicted"
        return "contradicted" if against else "not supported", checked.reasons
    score = entailment.score(text, evidence)
    claim = claims(text, language, foreign=True)
    strictly = _word_by_word(claim, evidence)
    enough = _least(claim, evidence, entailment) if strictly else entailment.sure
    if checked.amiss == "nothing" and score >= enough:
        return "supported", ()
    if score >= (entailment.likely if checked.amiss == "nothing" else entailment.sure):
        return "partly", checked.reasons or (UNSURE,)
    return "not supported", checked.reasons or (NOT_SAID,)


def _word_by_word(claim: Claims, evidence: Sequence[Cited]) -> bool:
    """Whether one source alone, in the sentence's language, has every word of it, as it has it."""
    alone = len(evidence) == 1 and evidence[0].language == claim.language
    return alone and _content(claim) >= SAYS and _strictly(claim, evidence).verdict == "supported"


def _least(claim: Claims, evidence: Sequence[Cited], entailment: Entailment) -> float:
    """The score from which a sentence stands whose sources have all of its words.

    Any where its figures are written otherwise than there: that those are the same the check
    knows, and the network does not.
    """
    told = plain(
        " ".join(part for one in evidence for part in (one.text, one.title, *one.headings))
    )
    written = (claim.written(figure).rstrip(".,;:") for figure in claim.quantities)
    verbatim = all(figure in told for figure in written)
    return entailment.unlikely if verbatim else -math.inf


def hold(one: Written, language: str, given: Sequence[Excerpt], entailment: Entailment) -> Held:
    """The sentence with what supports it among `given`, or its verdict where nothing does."""
    if _announces(one.text, language):
        return Held(one.text, (), None)
    named = tuple(excerpt for excerpt in given if excerpt.number in one.cited)
    if _is_fragment(one.text) or _is_title(one.text, given):
        return Held(one.text, named[:MOST_CITED], "not supported", (FRAGMENT,))
    claim = claims(one.text, language, foreign=True)
    for among in (with_antecedents(named, given), given):
        found = _supporting(one.text, claim, among)
        if found:
            evidence = _cited(found)
            if entailment.score(one.text, evidence) >= _least(claim, evidence, entailment):
                return Held(one.text, found, "supported")
    read = [
        Held(one.text, unit, *judged(one.text, language, _cited(unit), entailment))
        for unit in _units(named, given)
    ]
    order = ("supported", "partly", "contradicted", "not supported")
    return min(
        read,
        key=lambda held: order.index(held.verdict or ""),
        default=Held(one.text, named[:MOST_CITED], "not supported", (UNCITED,)),
    )


def _cited(unit: _Unit) -> list[Cited]:
    return [one.cited for one in unit]


def _units(named: _Unit, given: Sequence[Excerpt]) -> Iterator[_Unit]:
    """What is cited, and the same with what it points back to or is introduced by."""
    if 0 < len(named) <= MOST_CITED:
        yield named
        more = with_antecedents(named, given)
        if len(named) < len(more) <= MOST_CITED:
            yield more


def _supporting(text: str, claim: Claims, among: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """The fewest sentences that say it word by word, of several such those with most of its words.

    Only sentences in its own language; or none.
    """
    among = [one for one in among if one.found.document.language == claim.language]
    best = _best({(one,): _strictly(claim, _cited((one,))) for one in among}, claim)
    if not best:
        units = together(text, claim.language, among)
        best = _best({unit: _strictly(claim, _cited(unit)) for unit in units}, claim)
    return best or _by_clause(text, claim, among)


def _best(checked: _ByUnit, claim: Claims) -> tuple[Excerpt, ...]:
    """Of the units that support a text those with most of its words; or none."""
    if _content(claim) < SAYS:
        return ()
    found = {unit: one.share or 0.0 for unit, one in checked.items() if one.verdict == "supported"}
    return max(found, key=lambda unit: found[unit]) if found else ()


def _strictly(claim: Claims, evidence: Sequence[Cited]) -> Checked:
    """The check's verdict, and where that is "supported" the objections to it."""
    checked = check(claim.text, claim.language, evidence)
    if checked.verdict != "supported":
        return checked
    reasons = objections(claim, [source_of(one) for one in evidence])
    return Checked("partly", reasons, checked.share) if reasons else checked


def _content(claim: Claims) -> int:
    words = sum(word.content for word in claim.words)
    return words + len(claim.quantities) + len(claim.dates)


def _by_clause(text: str, claim: Claims, among: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """One sentence for each clause, which all together say the whole; or none."""
    found: dict[Excerpt, None] = {}
    for clause in clauses(text, claim.language):
        part = claims(clause, claim.language, foreign=True)
        best = _best({(one,): _strictly(part, _cited((one,))) for one in among}, part)
        if not best:
            return ()
        found |= dict.fromkeys(best)
    unit = tuple(found)
    if not unit or len(unit) > MOST:
        return ()
    return unit if _strictly(claim, _cited(unit)).verdict == "supported" else ()


def _is_fragment(text: str) -> bool:
    """Whether a line has too few words to state something, and no stop at its end."""
    return not re.search(r"[.!?…]\W*$", text) and len(text.split()) < FRAGMENT_WORDS


def _is_title(text: str, given: Sequence[Excerpt]) -> bool:
    """Whether a line is the title of a document that is given, or a part of it, with its date."""
    documents = [one.found.document for one in given]
    return any(_letters(text) in _letters(f"{d.title} {d.date or ''}") for d in documents)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _announces(text: str, language: str) -> bool:
    """Whether a line only announces the answer: no figure, name or date, and no denial."""
    claim = claims(text, language)
    if claim.quantities or claim.dates or claim.names or claim.denials or re.search(r"\d", text):
        return False
    said = {word.text.casefold() for word in claim.words}
    rest = said - ANNOUNCING - function_words(language)
    return text.endswith(":") and bool(said & ANNOUNCING) and not rest
