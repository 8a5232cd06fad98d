"""Which sentences of the retrieved passages answer the question, and how sure that is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import (
    Candidate,
    Choice,
    Evidence,
    candidates,
    follows,
    introduces,
    same,
    with_twins,
)
from assistant.pointers import opens_pointing
from assistant.question import Question
from assistant.ranker import UNREAD, Ranker, Reading, reading
from assistant.retrieve import Found
from vectorstore import Sentence, stems

__all__ = ["FEATURES", "THRESHOLD", "choose", "evidence_logits", "features"]


# A logistic model over these features gives the probability that a sentence answers.
# The weights were fitted, and the other figures chosen, as evals/EXPERIMENTS.md tells ("What a
# second sentence adds" and, for the weights, "The weights of the features, fitted anew").
BIAS = -8.7
FEATURES: Mapping[str, float] = MappingProxyType(
    {
        "evidence": 0.6,  # the ranker's logit
        "context words": 0.9,  # share of the question's weight in sentence, title, date, headings
        "fused": 7.0,  # the passage's reciprocal rank sum, times 30: 0 to 1
        "aside": -1.0,  # 1 for a heading or a note, 2 for a line that only refers to a source
    }
)
# The confidence of an answer from the highest logit of all: slope and intercept (Platt 1999).
SLOPE, INTERCEPT = 0.55, -0.83
# No answer below this confidence.
THRESHOLD = 0.16
# So many passages are named where there is no answer.
NEAREST = 3
# A second sentence is taken when the ranker, told of the first, gives it a logit that reaches
# ADDS; to it is added GAP times how far its first score is above the best's, mostly below, and
# NEXT for a sentence beside the best. The likeliest passages are read again for it.
ADDS, GAP, NEXT = -1.5, 0.6, 2.0
AGAIN = 8
# What a language model may be shown of them; its budget of tokens is less.
LIKELIEST = 60
# Items of a list of which one is chosen are taken from this share of the best's probability on.
ITEM = 0.2
MOST_ITEMS = 12
# What a reference ends in.
ADDRESS = re.compile(r"(?:https?://|www\.)\S+$")


def choose(question: Question, found: Sequence[Found], *, ranker: Ranker) -> Choice:
    """The evidence for `question` among the sentences of the passages in `found`."""
    every = candidates(found)
    if not every:
        return Choice((), 0.0)
    logits = evidence_logits(question, found, every, ranker)
    confidence = _sigmoid(SLOPE * float(logits.max()) + INTERCEPT)
    weights = np.array(list(FEATURES.values()))
    scores = features(question, every, logits) @ weights + BIAS
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    if confidence < THRESHOLD:
        nearest = {every[i].found.passage.id: every[i].found for i in order}
        return Choice((), confidence, nearest=tuple(nearest.values())[:NEAREST])
    ranked = [
        Evidence(every[i].sentence, every[i].found, _sigmoid(float(scores[i]))) for i in order
    ]
    alike = [*every, *candidates([twin for item in found for twin in item.twins])]
    evidence = [with_twins(one, alike) for one in _enough(question, ranked, ranker)]
    likeliest = tuple(ranked[:LIKELIEST])
    return Choice(_in_reading_order(evidence), confidence, who=question.who, likeliest=likeliest)


def _sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def evidence_logits(
    question: Question,
    found: Sequence[Found],
    every: Sequence[Candidate],
    ranker: Ranker,
    said: Sequence[Reading] = (),
) -> NDArray[np.float32]:
    """`(n,)`: the ranker's logit of each candidate, the highest where passages overlap."""
    scores = ranker.score(question.text, [reading(f.document, f.passage) for f in found], said)
    best: dict[tuple[str, int], float] = {}
    for item, logits in zip(found, scores, strict=True):
        for sentence, logit in zip(item.passage.sentences, logits, strict=True):
            key = (item.document.id, sentence.start)
            best[key] = max(float(logit), best.get(key, UNREAD))
    return np.array([best[c.found.document.id, c.sentence.start] for c in every], np.float32)


def features(
    question: Question, every: Sequence[Candidate], logits: NDArray[np.float32]
) -> NDArray[np.float64]:
    """`(n, len(FEATURES))`, one row a candidate, columns in the order of `FEATURES`."""
    rows = [
        _row(question, candidate, float(logit))
        for candidate, logit in zip(every, logits, strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def _row(question: Question, candidate: Candidate, logit: float) -> tuple[float, ...]:
    sentence, found = candidate.sentence, candidate.found
    return (
        logit,
        _coverage(_weights(question, found), _stated(sentence, found)),
        found.fused * 30,
        _aside(sentence),
    )


def _aside(sentence: Sentence) -> float:
    if sentence.kind in ("item", "note", "row") and ADDRESS.search(sentence.text):
        return 2.0
    return float(sentence.kind in ("heading", "note"))


def _stated(sentence: Sentence, found: Found) -> frozenset[str]:
    """The stems of a sentence and of what it belongs to: title, date, headings."""
    document = found.document
    parts = [document.title, document.date or "", *found.passage.heading_path, sentence.text]
    return frozenset(stems(" ".join(parts), document.language))


def _weights(question: Question, found: Found) -> Mapping[str, float]:
    if found.document.language == question.language:
        return question.weights
    # Only names and figures are spelt alike in two languages.
    return {term: question.weights[term] for term in question.names}


def _coverage(weights: Mapping[str, float], having: frozenset[str]) -> float:
    """The share of the weight that `having` covers; 0 when there is none."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in having) / (total or 1.0)


def _enough(question: Question, ranked: Sequence[Evidence], ranker: Ranker) -> list[Evidence]:
    """The best sentence, one that adds to it, whom they speak of, and items of their lists."""
    best = ranked[0]
    again = list({e.found.passage.id: e.found for e in ranked}.values())[:AGAIN]
    every = candidates(again)
    logits = evidence_logits(question, again, every, ranker, [_shown(best)])
    adds = {_key(c.sentence, c.found): float(z) for c, z in zip(every, logits, strict=True)}
    beside = _beside(best)
    scored = [
        (adds[key] + GAP * (_logit(e) - _logit(best)) + NEXT * (key in beside), e)
        for e in ranked[1:]
        if (key := _key(e.sentence, e.found)) in adds
        and not same(e.sentence.text, best.sentence.text)
    ]
    score, second = max(scored, key=lambda pair: pair[0], default=(UNREAD, best))
    chosen = [best, second] if score >= ADDS else [best]
    return chosen + _meant(chosen, ranked) + _items(chosen, ranked)


def _key(sentence: Sentence, found: Found) -> tuple[str, int]:
    return found.document.id, sentence.start


def _logit(evidence: Evidence) -> float:
    # a sentence may be so sure that its probability is 1
    probability = min(max(evidence.probability, 1e-9), 1 - 1e-9)
    return math.log(probability / (1 - probability))


def _beside(best: Evidence) -> frozenset[tuple[str, int]]:
    """The sentences of running text just before and after the best one, if it is one."""
    inside = best.found.passage.sentences
    at = [sentence.start for sentence in inside].index(best.sentence.start)
    near = inside[max(0, at - 1) : at + 2] if best.sentence.kind == "sentence" else ()
    return frozenset(_key(s, best.found) for s in near if s.kind == "sentence")


def _shown(evidence: Evidence) -> Reading:
    """The sentence as the ranker was shown it, under its heading."""
    shown = reading(evidence.found.document, evidence.found.passage)
    at = [s.start for s in evidence.found.passage.sentences].index(evidence.sentence.start)
    return Reading(shown.heading, (shown.sentences[at],))


def _meant(chosen: Sequence[Evidence], ranked: Sequence[Evidence]) -> list[Evidence]:
    """The sentences right before those that open with "it" or "he": they tell who that is."""
    known = {_key(e.sentence, e.found) for e in chosen}
    return [
        before
        for e in chosen
        if opens_pointing(e.sentence.text, e.found.document.language)
        for before in ranked
        if before.found.passage.id == e.found.passage.id
        and follows(before, e)
        and _key(before.sentence, before.found) not in known
    ]


def _items(chosen: Sequence[Evidence], ranked: Sequence[Evidence]) -> list[Evidence]:
    """Further items of the lists that a chosen lead-in opens or a chosen item stands in.

    With several items from the first one on comes what introduces them. What introduces a list or
    a table says nothing alone: where none of it is likely, all of it comes along.
    """
    leads = {(e.found.document.id, _lead(e.sentence)) for e in chosen} - {
        (e.found.document.id, None) for e in chosen
    }
    known = {_key(e.sentence, e.found) for e in chosen}
    every = [
        e
        for e in ranked
        if e.sentence.kind == "item" and (e.found.document.id, e.sentence.lead) in leads
    ]
    further = [
        e
        for e in every
        if _key(e.sentence, e.found) not in known and e.probability >= ITEM * ranked[0].probability
    ][:MOST_ITEMS]
    listed = [e for e in (*chosen, *further) if e in every]
    openings = [
        e
        for e in ranked
        if _key(e.sentence, e.found) not in known
        and sum(_introduced(e, item) for item in listed) > 1
        and any(introduces(e, item) for item in listed)
    ]
    told = {_key(e.sentence, e.found) for e in (*chosen, *further)}
    unsaid = [_announced(e, ranked) for e in chosen]
    alone = [a for a in unsaid if told.isdisjoint(_key(e.sentence, e.found) for e in a)]
    return [*further, *openings, *(e for announced in alone for e in announced)]


def _announced(opening: Evidence, ranked: Sequence[Evidence]) -> list[Evidence]:
    """The items or rows that a sentence with a colon at its end introduces, as they stand."""
    if not opening.sentence.text.endswith(":"):
        return []
    document, end = opening.found.document, opening.sentence.end
    after = sorted(
        (e for e in ranked if e.found.document.id == document.id and e.sentence.start >= end),
        key=lambda e: e.sentence.start,
    )
    items = [e for e in after if e.sentence.kind == "item" and _introduced(opening, e)]
    beside = after and not re.search(r"\w", document.text[end : after[0].sentence.start])
    rows = takewhile(lambda e: e.sentence.kind == "row", after if beside else ())
    return (items or list(rows))[:MOST_ITEMS]


def _introduced(opening: Evidence, item: Evidence) -> bool:
    return (item.found.document.id, item.sentence.lead) == _key(opening.sentence, opening.found)


def _lead(sentence: Sentence) -> int | None:
    if sentence.kind == "item":
        return sentence.lead
    return sentence.start if sentence.text.endswith(":") else None


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
