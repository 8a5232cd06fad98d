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
    """A sentence that may answer. `rank` is its passage's within the language, from 0."""

    sentence: Sentence
    found: Found
    rank: int


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
BIAS = -9.0
FEATURES: Mapping[str, float] = MappingProxyType(
    {
        "cosine": 6.0,  # of question and sentence
        "passage cosine": 2.0,
        "own words": 2.0,  # share of the question's weight that the sentence covers
        "context words": 1.5,  # … with title, date and headings
        "nearby words": 1.0,  # … with the two sentences before and after
        "names": 1.0,  # share of the weight of its names and figures, all of those together
        "fused": 1.0,  # reciprocal rank sum, times 30
        "first": 0.5,  # 1 / rank of the passage
        "figure": 0.5,  # asked for a quantity, and has a figure
        "date": 0.5,  # asked for a time, and has a year or a month
        "other language": 1.0,
        "heading": -1.0,
        "note": -1.0,
        "short": -1.0,  # under six words
        "question": -1.0,
        "length": 0.3,  # in words, sixty or more being 1
    }
)
# No answer below this probability of the best sentence.
THRESHOLD = 0.1
# A further sentence is taken when it is at least this likely, as a share of the best.
SHARE = 0.6
MOST, MOST_SEVERAL, MOST_ITEMS = 2, 4, 12
YEAR_OR_MONTH = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[czc])\w*\b", re.I
)


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
    ranks: dict[str, int] = {}
    for item in found:
        language = item.document.language
        rank = ranks[language] = ranks.get(language, -1) + 1
        for sentence in item.passage.sentences:
            key = (item.document.id, sentence.start)
            if key not in seen:
                seen.add(key)
                listed.append(Candidate(sentence, item, rank))
    return tuple(listed)


def features(
    question: Question, every: Sequence[Candidate], cosines: NDArray[np.float32]
) -> NDArray[np.float64]:
    """`(n, len(FEATURES))`, one row a candidate, columns in the order of `FEATURES`."""
    own = [frozenset(stems(c.sentence.text, c.found.document.language)) for c in every]
    rows = []
    for i, candidate in enumerate(every):
        near = frozenset[str]().union(
            *(
                own[k]
                for k in range(max(0, i - 2), min(len(every), i + 3))
                if every[k].found.passage.id == candidate.found.passage.id
            )
        )
        rows.append(_row(question, candidate, own[i], near=near, cosine=float(cosines[i])))
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def _row(
    question: Question,
    candidate: Candidate,
    own: frozenset[str],
    *,
    near: frozenset[str],
    cosine: float,
) -> tuple[float, ...]:
    sentence, found, document = candidate.sentence, candidate.found, candidate.found.document
    head = " ".join([document.title, document.date or "", *found.passage.heading_path])
    context = own | frozenset(stems(head, document.language))
    words = len(sentence.text.split())
    return (
        cosine,
        found.cosine if found.cosine is not None else cosine,
        _coverage(question.weights, question.weights, own),
        _coverage(question.weights, question.weights, context),
        _coverage(question.weights, question.weights, context | near),
        _coverage(question.names, question.weights, context | near),
        found.fused * 30,
        1 / (1 + candidate.rank),
        float(question.quantity and any(c.isdigit() for c in sentence.text)),
        float(question.time and bool(YEAR_OR_MONTH.search(sentence.text))),
        float(document.language != question.language),
        float(sentence.kind == "heading"),
        float(sentence.kind == "note"),
        float(words < 6),
        float(sentence.text.endswith("?")),
        min(words, 60) / 60,
    )


def _coverage(
    terms: Mapping[str, float] | frozenset[str],
    weights: Mapping[str, float],
    having: frozenset[str],
) -> float:
    """The share of the weight of `terms` that `having` covers; 1 when there are none."""
    total = sum(weights[term] for term in terms)
    return sum(weights[term] for term in terms if term in having) / total if total else 1.0


def _enough(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence, others nearly as likely, and whole lists where several are asked."""
    several = question.several or question.compares
    most = MOST_SEVERAL if several else MOST
    floor = SHARE * ranked[0].probability
    chosen: list[Evidence] = []
    for evidence in ranked:
        if len(chosen) >= most or evidence.probability < floor:
            break
        if not any(_same(evidence.sentence.text, other.sentence.text) for other in chosen):
            chosen.append(evidence)
    return _with_lists(chosen, several=several)


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
