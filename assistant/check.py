"""Whether a written sentence says what the words that it cites say, fact by fact.

Deterministic and without a model: figures, dates, names, denials, modals, speakers and the
words themselves. What is not in the words, or turns their order around ("A helps B"), it does
not see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.answers import Verdict
from assistant.claims import Claims, claims
from assistant.compare import Finding, Source, figures, named, times
from assistant.contrast import asserted, denied, said_by
from assistant.coverage import coverage
from assistant.dates import Date
from assistant.voice import whose
from vectorstore import Document, Sentence

__all__ = ["Checked", "Cited", "check", "cited", "source_of"]

# The share of a sentence's content words that its sources must have, for what it says to be
# theirs, and for a part of it (evals/EXPERIMENTS.md, "The checker of written sentences").
ENOUGH, PART = 0.65, 0.4
# Characters of a sentence and of a cited text that are read; no sentence is so long.
LONGEST, LONGEST_CITED = 1_000, 2_000

_Amiss = Literal["nothing", "little", "much"]
_Look = Callable[[Claims, Sequence[Source]], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Cited:
    """Words that a sentence cites, with what they belong to.

    `text` is the exact slice or its display text; `date` is the document's (ISO 8601) and
    `language` its ISO 639-1 code; `speaker` is whose words they are, where that is known.
    """

    text: str
    language: str
    title: str = ""
    date: str | None = None
    headings: tuple[str, ...] = ()
    speaker: str | None = None


def cited(sentence: Sentence, document: Document, headings: Sequence[str] = ()) -> Cited:
    """A sentence of a document as it is cited; `headings` are of its passage."""
    return Cited(
        text=sentence.text,
        language=document.language,
        title=document.title,
        date=document.date,
        headings=tuple(headings),
        speaker=whose(sentence, document),
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict, and why, in words for the reader; no reasons where it is supported.

    `share` is `coverage`, as far as it was looked at. `amiss` tells how grave the facts are that
    are not as in the evidence: "little" where only names, denials, modals or speakers are, and the
    evidence says nothing against them.
    """

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    share: float | None = field(default=None, compare=False)
    amiss: _Amiss = field(default="nothing", compare=False)


def check(sentence: str, language: str, evidence: Sequence[Cited]) -> Checked:
    """Whether the evidence, all of it together, says what the sentence says.

    Without evidence nothing is supported, nor is a sentence of more than a thousand characters.
    """
    if not evidence:
        return Checked("not supported", ("nothing is cited",), amiss="much")
    if len(sentence) > LONGEST:
        return Checked("not supported", (f"it has more than {LONGEST} characters",), amiss="much")
    sources = [source_of(one) for one in evidence]
    claim = claims(sentence, language, foreign=True)
    grave = _found((figures, times), claim, sources)
    slight = _found((named, denied, asserted, said_by), claim, sources)
    found = list(dict.fromkeys((*grave, *slight)))
    share = coverage(claim, sources)
    reasons = [finding.reason for finding in found]
    if share is not None and share < ENOUGH:
        reasons.append(f"the cited words have only {share:.0%} of what it says")
    if share is None and not (claim.quantities or claim.dates or claim.names):
        reasons.append(f"the source is in another language than “{language}”: not compared")
    if not reasons:
        return Checked("supported", share=share)
    much = grave or any(finding.what == "against" for finding in slight)
    amiss: _Amiss = "much" if much else "little" if slight else "nothing"
    return Checked(_verdict(claim, found, share), tuple(reasons), share, amiss)


def _found(looks: Sequence[_Look], claim: Claims, sources: Sequence[Source]) -> list[Finding]:
    return [finding for look in looks for finding in look(claim, sources)]


def _verdict(claim: Claims, found: Sequence[Finding], share: float | None) -> Verdict:
    """The verdict where something is amiss."""
    if share is not None and share < PART:
        return "not supported"
    if any(finding.what == "against" for finding in found):
        return "contradicted"
    facts = len(claim.quantities) + len(claim.dates) + len(claim.names)
    missing = sum(finding.what == "missing" for finding in found)
    return "partly" if missing < facts or share is None or share >= ENOUGH else "not supported"


def source_of(one: Cited) -> Source:
    """Cited words taken apart."""
    about = " | ".join((one.title, *one.headings, one.speaker or ""))
    return Source(
        text=claims(one.text[:LONGEST_CITED], one.language),
        about=claims(about, one.language),
        date=_date(one.date),
        speaker=one.speaker,
    )


def _date(iso: str | None) -> Date | None:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", iso or "")
    return Date(0, 0, *map(int, match.groups())) if match else None
