"""Which sentences of the retrieved passages answer the question, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.question import Question
from assistant.retrieve import Found
from vectorstore import Sentence

__all__ = ["Choice", "Evidence", "choose"]

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence in its passage. `score` ranks it within one question, higher is better."""

    sentence: Sentence
    found: Found
    score: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The evidence for an answer, in reading order; empty when it is too weak to answer.

    `confidence` is 0 to 1.
    """

    evidence: tuple[Evidence, ...]
    confidence: float


def choose(
    question: Question,
    found: Sequence[Found],
    *,
    vector: NDArray[np.float32],
    embed: Embed,
) -> Choice:
    """The evidence for `question` among the sentences of the passages in `found`."""
    ranked = sorted(
        (
            Evidence(s, f, float(e))
            for (s, f), e in zip(
                [(s, f) for f in found for s in f.passage.sentences],
                embed([s.text for f in found for s in f.passage.sentences]) @ vector,
                strict=True,
            )
        ),
        key=lambda e: -e.score,
    )
    return Choice(tuple(ranked[:2]), 1.0)
