"""Sentences that may answer a question, those that were chosen, and how they stand to others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.retrieve import Found
from vectorstore import Sentence

__all__ = [
    "Candidate",
    "Choice",
    "Evidence",
    "candidates",
    "follows",
    "introduces",
    "same",
    "with_twins",
]

# What may stand between what introduces a list and the words of its first item.
BULLET = re.compile(r"\W*(?:\w{1,4}[.)]\W*)?")
# Twins share so much of the longer one's words, of which there are so many at least.
TWIN, TWIN_WORDS = 0.8, 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, in its passage."""

    sentence: Sentence
    found: Found


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that was chosen, and the probability that it answers, 0 to 1.

    `twins` say nearly the same in other documents.
    """

    sentence: Sentence
    found: Found
    probability: float
    twins: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The evidence for an answer, in reading order; empty when it is too weak to answer.

    `confidence` is the probability that the best sentence answers, 0 to 1. `who` tells that
    a person is asked for, so that the answer has to show who speaks. `nearest` are the passages
    with the likeliest sentences, best first, where none is likely enough; `likeliest` are the
    sentences with the highest probabilities, highest first, chosen or not, where one is.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    who: bool = False
    nearest: tuple[Found, ...] = ()
    likeliest: tuple[Evidence, ...] = ()


def candidates(found: Sequence[Found]) -> tuple[Candidate, ...]:
    """Every sentence of the passages, each once."""
    seen: set[tuple[str, int]] = set()
    listed: list[Candidate] = []
    for item in found:
        for sentence in item.passage.sentences:
            key = (item.document.id, sentence.start)
            if key not in seen:
                seen.add(key)
                listed.append(Candidate(sentence, item))
    return tuple(listed)


def follows(last: Evidence, item: Evidence) -> bool:
    """Whether a sentence of running text comes right after another one, in its paragraph."""
    before, after = last.sentence, item.sentence
    if last.found.document.id != item.found.document.id or before.speaker != after.speaker:
        return False
    between = item.found.document.text[before.end : after.start]
    running = before.kind == after.kind == "sentence"
    # a blank line would be a new paragraph
    return (
        running
        and before.end <= after.start
        and bool(re.fullmatch(r"[^\S\n]*\n?[^\S\n]*", between))
    )


def introduces(last: Evidence, item: Evidence) -> bool:
    """Whether a sentence introduces a list whose first item comes right after it."""
    if last.found.document.id != item.found.document.id or item.sentence.kind != "item":
        return False
    between = item.found.document.text[last.sentence.end : item.sentence.start]
    # a bullet or a number at most
    return item.sentence.lead == last.sentence.start and bool(BULLET.fullmatch(between))


def with_twins(evidence: Evidence, every: Sequence[Candidate]) -> Evidence:
    """The evidence with those of `every` that say nearly the same, one a document."""
    said = _words(evidence.sentence.text)
    if len(said) < TWIN_WORDS:
        return evidence
    twins: dict[str, Candidate] = {}
    for other in every:
        words = _words(other.sentence.text)
        alike = len(said & words) >= TWIN * max(len(said), len(words))
        # with another figure it says something else
        if alike and _figures(said) == _figures(words):
            twins.setdefault(other.found.document.id, other)
    twins.pop(evidence.found.document.id, None)
    return replace(evidence, twins=tuple(twins.values()))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _figures(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(map(str.isdigit, word)))


def same(one: str, other: str) -> bool:
    """Whether two sentences share four fifths of the shorter one's words."""
    a, b = _words(one), _words(other)
    return len(a & b) >= 0.8 * min(len(a), len(b))
