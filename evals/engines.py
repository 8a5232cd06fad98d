"""What the evals ask of anything that answers questions, and the assistant in that form."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from assistant import Answer, Assistant, Filter, Seconds, Sentence, Turn
from assistant.compose import REFUSALS, cite
from evals.gold import Library
from evals.retrieval import Place
from vectorstore import Document, Span

__all__ = ["AssistantEngine", "Engine", "quoting"]

# How many passages of a ranking the retrieval figures look at, at the most.
DEPTH = 20


class Engine(Protocol):
    """Something that answers questions about the documents of one store."""

    @property
    def name(self) -> str:
        """The name under which its figures stand."""
        ...

    @property
    def settings(self) -> Mapping[str, str]:
        """What its answers depend on: models, sizes."""
        ...

    def answer(self, question: str, history: Sequence[Turn]) -> Answer:
        """The answer, with `seconds` taken."""
        ...

    def ranking(self, question: str) -> Sequence[Place]:
        """The passages retrieved for a question that stands alone, best first."""
        ...

    def passages(self, document_id: str) -> Sequence[Span]:
        """Where the engine's passages of a document stand in its text."""
        ...


class AssistantEngine:
    """The assistant as it is shipped; with a filter, over a part of the documents."""

    name = "assistant"

    def __init__(
        self, assistant: Assistant, library: Library, *, filter: Filter | None = None
    ) -> None:
        self._assistant = assistant
        self._library = library
        self._filter = filter

    @property
    def settings(self) -> Mapping[str, str]:
        return {"engine": "extractive"}

    def answer(self, question: str, history: Sequence[Turn]) -> Answer:
        return self._assistant.answer(question, history, filter=self._filter)

    def ranking(self, question: str) -> Sequence[Place]:
        """All languages in one ranking, by their reciprocal rank sums."""
        each = self._assistant.retrieve(question, filter=self._filter, limit=DEPTH)
        found = sorted(each, key=lambda f: -f.fused)
        return [
            (passage.document_id, (passage.start, passage.end))
            for item in found
            for passage in (item.passage, *(twin.passage for twin in item.twins))
        ]

    def passages(self, document_id: str) -> Sequence[Span]:
        return [(p.start, p.end) for p in self._library.passages(document_id)]


def quoting(
    question: str,
    quotes: Sequence[tuple[Document, Span, str]],
    *,
    engine: str,
    started: float,
) -> Answer:
    """An answer that is these quotes (document, place, text to show), each cited.

    Without any it is a refusal. `started` is when the question came (`time.perf_counter`).
    """
    citations = tuple(
        cite(number, document, span) for number, (document, span, _) in enumerate(quotes, start=1)
    )
    sentences = tuple(
        Sentence(text, (number,)) for number, (_, _, text) in enumerate(quotes, start=1)
    )
    whole = " ".join(f"{s.text} [{s.citations[0]}]" for s in sentences)
    answer = Answer(
        question=question,
        standalone_question=question,
        answer=whole or REFUSALS["en"].format(question),
        abstained=not quotes,
        language=citations[0].language if citations else "en",
        engine=engine,
        sentences=sentences,
        citations=citations,
    )
    spent = time.perf_counter() - started
    return replace(answer, seconds=Seconds(spent, spent))
