"""Which sentences of the retrieved passages answer the question, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from assistant.question import Question
from assistant.retrieve import Found
from vectorstore import Sentence, stems

__all__ = ["FEATURES", "Candidate", "Choice", "Evidence", "candidates", "choose", "features"]

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, in its passage."""

    sentence: Sentence
    found: Found


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that was chosen, and the probability that it answers, 0 to 1."""

    sentence: Sentence
    found: Found
    probability: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The evidence for an answer, in reading order; empty when it is too weak to answer.

    `confidence` is the probability of the best sentence, 0 to 1.
    """

    evidence: tuple[Evidence, ...]
    confidence: float


# A logistic model over these features gives the probability that a sentence answers.
# The weights were fitted as evals/EXPERIMENTS.md ("Sentence ranking") tells.
BIAS = -33.0
FEATURES: Mapping[str, float] = MappingProxyType(
    {
        "cosine": 24.0,  # of question and sentence, -1 to 1
        "context words": 4.8,  # share of the question's weight in sentence, title, date, headings
        "fused": 8.0,  # the passage's reciprocal rank sum, times 30: 0 to 1
        "question": -2.8,  # 1 for a sentence that asks
        "aside": -2.0,  # 1 for a heading or a note
    }
)
# No answer below this probability of the best sentence.
THRESHOLD = 0.01
# A further sentence is taken when it is at least this likely, as a share of the best.
SHARE = 0.5
MOST, MOST_SEVERAL, MOST_ITEMS = 2, 4, 12


def choose(
    question: Question,
    found: Sequence[Found],
    *,
    vector: NDArray[np.float32],
    embed: Embed,
) -> Choice:
    """The evidence for `question` among the sentences of the passages in `found`.

    `vector` is the question's embedding, `embed` embeds sentences; both of unit length.
    """
    every = candidates(found)
    if not every:
        return Choice((), 0.0)
    cosines = embed([c.sentence.text for c in every]) @ vector
    weights = np.array(list(FEATURES.values()))
    likely = 1 / (1 + np.exp(-(features(question, every, cosines) @ weights + BIAS)))
    order = [int(i) for i in np.argsort(-likely, kind="stable")]
    best = float(likely[order[0]])
    if best < THRESHOLD:
        return Choice((), best)
    ranked = [Evidence(every[i].sentence, every[i].found, float(likely[i])) for i in order]
    return Choice(_in_reading_order(_enough(question, ranked)), best)


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


def features(
    question: Question, every: Sequence[Candidate], cosines: NDArray[np.float32]
) -> NDArray[np.float64]:
    """`(n, len(FEATURES))`, one row a candidate, columns in the order of `FEATURES`."""
    rows = [
        _row(question, candidate, float(cosine))
        for candidate, cosine in zip(every, cosines, strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def _row(question: Question, candidate: Candidate, cosine: float) -> tuple[float, ...]:
    sentence, found, document = candidate.sentence, candidate.found, candidate.found.document
    parts = [document.title, document.date or "", *found.passage.heading_path, sentence.text]
    stated = frozenset(stems(" ".join(parts), document.language))
    weights = question.weights
    if document.language != question.language:
        # Only names and figures are spelt alike in two languages.
        weights = {term: weights[term] for term in question.names}
    return (
        cosine,
        _coverage(weights, stated),
        found.fused * 30,
        float(sentence.text.endswith("?")),
        float(sentence.kind in ("heading", "note")),
    )


def _coverage(weights: Mapping[str, float], having: frozenset[str]) -> float:
    """The share of the weight that `having` covers; 0 when there is none."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in having) / (total or 1.0)


def _enough(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence, others nearly as likely, and whole lists where several are asked."""
    most = MOST_SEVERAL if question.several else MOST
    floor = SHARE * ranked[0].probability
    chosen: list[Evidence] = []
    for evidence in ranked:
        if len(chosen) >= most or evidence.probability < floor:
            break
        if not any(_same(evidence.sentence.text, other.sentence.text) for other in chosen):
            chosen.append(evidence)
    return _with_lists(chosen, several=question.several)


def _same(one: str, other: str) -> bool:
    """Whether two sentences share four fifths of the shorter one's words."""
    a, b = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return len(a & b) >= 0.8 * min(len(a), len(b))


def _with_lists(chosen: Sequence[Evidence], *, several: bool) -> list[Evidence]:
    """Adds the items that a chosen lead-in introduces; for `several`, an item's siblings too."""
    whole = list(chosen)
    for evidence in chosen:
        sentence = evidence.sentence
        lead = sentence.start if sentence.text.endswith(":") else None
        if lead is None and several and sentence.kind == "item":
            lead = sentence.lead
        if lead is None:
            continue
        inside = evidence.found.passage.sentences
        siblings = [s for s in inside if s.kind == "item" and s.lead == lead]
        known = {(e.found.document.id, e.sentence.start) for e in whole}
        whole += [
            Evidence(s, evidence.found, evidence.probability)
            for s in siblings[:MOST_ITEMS]
            if (evidence.found.document.id, s.start) not in known
        ]
    return whole


def _in_reading_order(chosen: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Documents by their best sentence, sentences as they stand in the document."""
    best: dict[str, float] = {}
    for evidence in chosen:
        document = evidence.found.document.id
        best[document] = max(best.get(document, 0.0), evidence.probability)
    return tuple(
        sorted(
            chosen,
            key=lambda e: (-best[e.found.document.id], e.found.document.id, e.sentence.start),
        )
    )
