"""An answer with its citations, as Python values and as the JSON of INTERFACE.md."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.trace import Trace

__all__ = ["EXTRACTIVE", "Answer", "Citation", "Seconds", "Sentence", "Turn", "Verdict", "as_json"]

# How many reasons a reader is told.
REASONS = 2
# The engine that quotes; one that writes is "llm:" with the model's name.
EXTRACTIVE = "extractive"

Verdict = Literal["supported", "partly", "not supported", "contradicted"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation before the question; `content` is plain text."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words that support a sentence: `document.text[start:end] == quote`.

    `document` is the document's id, `source` its first known name, `page` 1-based. The
    numbers of an answer run 1, 2, 3 … in the order of first use. In `Answer.nearest` the
    number is 0, and the quote is a whole passage that does not answer the question.
    """

    number: int
    document: str
    source: str
    title: str
    date: str | None
    language: str
    page: int | None
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer, the numbers of its citations, and whether they hold.

    A quoted sentence is supported by construction: it is its citation. `text` has no
    markers. A sentence without a claim (an introduction) has no citations and no verdict.
    `reasons` say in words why a sentence is not supported wholly.
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict | None = "supported"
    reasons: tuple[str, ...] = ()

    @property
    def doubt(self) -> str:
        """What the reader is told beside it, as plain text; nothing where it is supported."""
        if self.verdict is None or self.verdict == "supported":
            return ""
        told = "partly supported" if self.verdict == "partly" else self.verdict
        why = "; ".join(self.reasons[:REASONS])
        return f"{told}: {why}" if why else told


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock time spent."""

    retrieve: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant answers; fields as in INTERFACE.md.

    `answer` is the text with markers [1][2]; an abstaining answer has no citations and
    says what was searched for. `engine` is "extractive" or "llm:<model name>".
    `confidence` is the probability (0 to 1) that the best sentence answers, also where it
    was too low to answer with; None where the engine has none. `trace` tells how the answer
    came about, None where the engine does not say. `notice` is what the reader should know of
    how it went, such as why a language model did not write it. None is part of the JSON.
    """

    question: str
    standalone_question: str
    answer: str
    abstained: bool
    language: str
    engine: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...] = ()
    seconds: Seconds = field(default=Seconds(0.0, 0.0))
    id: str | None = None
    confidence: float | None = None
    trace: Trace | None = None
    notice: str | None = None

    @property
    def quotes(self) -> bool:
        """Whether the sentences are the documents' own words, and so in their language."""
        return self.engine == EXTRACTIVE


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as the JSON object of INTERFACE.md, keys in its order."""
    everything = asdict(answer)
    order = ("id", "question", "standalone_question", "answer", "abstained", "language", "engine")
    for nearest in everything["nearest"]:
        del nearest["number"]
    everything["seconds"] = {k: round(v, 3) for k, v in everything["seconds"].items()}
    return {
        key: everything[key] for key in (*order, "sentences", "citations", "nearest", "seconds")
    }
