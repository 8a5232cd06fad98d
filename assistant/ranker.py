"""Scores the sentences of a passage by how likely each answers a question: the evidence model.

The door to onnxruntime (`evals/training/export.py` quantizes with it). The model reads the
question, what the passage belongs to (title, date, headings) and all its sentences at once,
and gives each sentence a logit. How it was trained, and what it cannot do, is in
`model/README.md`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore import Document, Passage

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = [
    "END",
    "MODEL",
    "START",
    "UNREAD",
    "Encoded",
    "EvidenceModel",
    "OnnxModel",
    "Ranker",
    "Reading",
    "encode",
    "reading",
]

MODEL = Path(__file__).parent / "model"
# The model's limits, in tokens: of the whole, the question, the heading line, one sentence.
WHOLE, QUESTION, HEADING, SENTENCE = 400, 64, 40, 96
# And of what was said already: sentences, their tokens, those of their headings.
MOST_SAID, SAID, SAID_IN = 3, 56, 20
# The logit of a sentence that the model's limits left no room for.
UNREAD = -6.0
# Ids of the tokenizer: the start of the text, and what ends each of its parts.
START, END = 0, 2


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model is shown of a passage: what it belongs to, and its sentences in order."""

    heading: str
    sentences: tuple[str, ...]


class Ranker(Protocol):
    """Scores sentences for a question."""

    def score(
        self, question: str, readings: Sequence[Reading], said: Sequence[Reading] = ()
    ) -> list[NDArray[np.float32]]:
        """For each reading a logit for each of its sentences, 0 where it is as likely as not.

        `said` are sentences that the answer has already, each with its heading: the logit is
        then of what a sentence adds to them.
        """
        ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """The tokens of a question and a reading; `owners[i]` is token i's sentence, -1 for none."""

    ids: tuple[int, ...]
    owners: tuple[int, ...]


def reading(document: Document, passage: Passage) -> Reading:
    """The passage as a model is shown it; a sentence of a speaker begins with the name."""
    heading = [document.title, document.date or "", *passage.heading_path]
    return Reading(
        " | ".join(dict.fromkeys(part for part in heading if part)),
        tuple(f"{s.speaker}: {s.text}" if s.speaker else s.text for s in passage.sentences),
    )


def encode(
    question: str,
    shown: Reading,
    tokenize: Callable[[str], list[int]],
    said: Sequence[Reading] = (),
) -> Encoded:
    """Start, question, heading, sentences, each ended; cut to the model's limits.

    What was said comes before the heading, after one more end: sentences with their headings.
    """
    ids = [START, *tokenize(question)[:QUESTION], END]
    for one in said[:MOST_SAID]:
        ids += [END, *tokenize(" ".join(one.sentences))[:SAID], *tokenize(one.heading)[:SAID_IN]]
    ids += [*([END] if said else []), *tokenize(shown.heading)[:HEADING], END]
    owners = [-1] * len(ids)
    for number, sentence in enumerate(shown.sentences):
        room = min(SENTENCE, WHOLE - len(ids) - 1)
        if room < 3:
            break
        tokens = tokenize(sentence)[:room]
        ids += [*tokens, END]
        owners += [*[number] * len(tokens), -1]
    return Encoded(tuple(ids), tuple(owners))


class OnnxModel:
    """A network of a folder (a file beside `tokenizer.json`) that scores what is encoded for it.

    Making one is cheap; it is loaded when first asked. May be used from several threads.
    """

    def __init__(self, folder: Path, file: str) -> None:
        self._folder = folder
        self._file = file
        self._lock = threading.Lock()
        self._loaded: tuple[InferenceSession, Tokenizer] | None = None

    def tokenize(self, text: str) -> list[int]:
        """The ids of a text, without start and end."""
        return list(self._load()[1].encode(text, add_special_tokens=False).ids)

    def logits(self, encoded: Encoded, sentences: int) -> NDArray[np.float32]:
        """For each sentence its logit; `UNREAD` where none of its tokens was encoded."""
        scores = np.full(sentences, UNREAD, np.float32)
        owners = np.array(encoded.owners)
        read = np.unique(owners[owners >= 0])
        if len(read):
            own = (owners == read[:, None]).astype(np.float32)
            share = own / own.sum(1, keepdims=True)
            inputs = {"ids": np.array(encoded.ids, np.int64), "share": share}
            scores[read] = self._load()[0].run(["logits"], inputs)[0]
        return scores

    def _load(self) -> tuple[InferenceSession, Tokenizer]:
        with self._lock:
            if self._loaded is None:
                from onnxruntime import InferenceSession
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                session = InferenceSession(
                    str(self._folder / self._file), providers=["CPUExecutionProvider"]
                )
                self._loaded = (session, tokenizer)
            return self._loaded


class EvidenceModel:
    """The evidence model of a folder (`evidence.onnx`, `tokenizer.json`); a `Ranker`."""

    def __init__(self, folder: Path = MODEL) -> None:
        self._model = OnnxModel(folder, "evidence.onnx")

    def score(
        self, question: str, readings: Sequence[Reading], said: Sequence[Reading] = ()
    ) -> list[NDArray[np.float32]]:
        """For each reading a logit for each of its sentences; `UNREAD` beyond its limits."""
        # one passage at a time: without padding there is nothing to hide from the model
        return [
            self._model.logits(
                encode(question, shown, self._model.tokenize, said), len(shown.sentences)
            )
            for shown in readings
        ]
