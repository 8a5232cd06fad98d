"""Whether words say what a written sentence says: a network that reads both.

`assistant/check.py` compares facts; this tells a paraphrase from a sentence in which another
verb, actor or time makes it wrong. It has the form of the evidence model. How it was trained, and
what it cannot do, is in `model/README.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Protocol

from assistant.check import Cited
from assistant.ranker import END, MODEL, START, UNREAD, Encoded, OnnxModel

__all__ = ["Entailment", "EntailmentModel", "belongs_to", "encode_claim", "told"]

# The model's limits, in tokens: of the whole, the sentence, what its source belongs to, a source.
WHOLE, CLAIM, HEADING, SOURCE = 400, 128, 48, 120


class Entailment(Protocol):
    """Scores whether sources, all of them together, say what a sentence says."""

    sure: float
    """The logit from which a sentence counts as said by its sources, in whatever words."""
    likely: float
    """The logit from which it may be."""
    unlikely: float
    """The logit below which it is not said, though all of its words are there."""

    def score(self, claim: str, sources: Sequence[Cited]) -> float:
        """The logit that the sources say it."""
        ...


def belongs_to(source: Cited) -> str:
    """What a source belongs to, on a line: title, date, headings."""
    parts = [source.title, source.date or "", *source.headings]
    return " | ".join(dict.fromkeys(part for part in parts if part))


def told(source: Cited) -> str:
    """The words of a source on a line, after its speaker's name."""
    text = " ".join(source.text.split())
    return f"{source.speaker}: {text}" if source.speaker else text


def encode_claim(
    claim: str, sources: Sequence[Cited], tokenize: Callable[[str], list[int]]
) -> Encoded:
    """Start, claim, then for each thing that sources belong to its line and they, each ended.

    The sources are one sentence to the model, which nothing owns where they do not fit, or the
    claim does not.
    """
    ids = [START, *tokenize(claim), END]
    if len(ids) > CLAIM + 2:
        return Encoded((START, END), (-1, -1))
    owners = [-1] * len(ids)
    for heading, group in groupby(sources, belongs_to):
        ids += [*tokenize(heading)[:HEADING], END]
        owners += [-1] * (len(ids) - len(owners))
        for source in group:
            tokens = tokenize(told(source))[:SOURCE]
            if len(ids) + len(tokens) + 1 > WHOLE:
                return Encoded(tuple(ids), tuple(owners))
            ids += [*tokens, END]
            owners += [*[0] * len(tokens), -1]
    return Encoded(tuple(ids), tuple(owners))


class EntailmentModel:
    """The entailment model of a folder (`entailment.onnx`, `tokenizer.json`)."""

    sure, likely, unlikely = 1.0, -0.5, -2.0

    def __init__(self, folder: Path = MODEL) -> None:
        self._model = OnnxModel(folder, "entailment.onnx")

    def score(self, claim: str, sources: Sequence[Cited]) -> float:
        """The logit that the sources say it; `UNREAD` where it is too long to be read."""
        encoded = encode_claim(claim, sources, self._model.tokenize)
        return float(self._model.logits(encoded, 1)[0]) if sources else UNREAD
