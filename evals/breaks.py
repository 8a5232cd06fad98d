"""Answers spoiled on purpose, to see that the figures move when something breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from assistant import Answer
from assistant.compose import refusal
from evals.engines import quoting
from evals.gold import Library
from evals.metrics import parts
from evals.retrieval import RETRIEVAL
from evals.run import Record
from evals.scoring import score

__all__ = ["BREAKS", "half_of", "spoil"]

# How far citations are moved, in characters: about one sentence.
MOVED = 150


def moved_citations(answer: Answer, library: Library) -> Answer:
    """Every citation stands one sentence further on, and quotes what is there."""
    citations = []
    for citation in answer.citations:
        text = library.document(citation.document).text
        shift = MOVED if citation.end + MOVED <= len(text) else -MOVED
        start, end = max(0, citation.start + shift), max(1, citation.end + shift)
        citations.append(replace(citation, start=start, end=end, quote=text[start:end]))
    return replace(answer, citations=tuple(citations))


def lost_places(answer: Answer, library: Library) -> Answer:
    """The quotes are right, but the offsets are one character off."""
    citations = tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in answer.citations)
    return replace(answer, citations=citations)


def never_refuses(answer: Answer, library: Library) -> Answer:
    """Where the engine refuses, the passage that came nearest is the answer."""
    if not answer.abstained or not answer.nearest:
        return answer
    near = answer.nearest[0]
    document = library.document(near.document)
    quotes = [(document, (near.start, near.end), near.quote)]
    return quoting(answer.question, quotes, engine=answer.engine, started=0.0)


def always_refuses(answer: Answer, library: Library) -> Answer:
    """Every question is refused."""
    return replace(
        answer,
        answer=refusal(answer.standalone_question, "en"),
        abstained=True,
        sentences=(),
        citations=(),
    )


BREAKS: Mapping[str, Callable[[Answer, Library], Answer]] = MappingProxyType(
    {
        "citations moved": moved_citations,
        "places lost": lost_places,
        "never refuses": never_refuses,
        "always refuses": always_refuses,
    }
)


def spoil(records: Sequence[Record], name: str, library: Library) -> tuple[Record, ...]:
    """The records of the same answers, spoiled by the break of this name, scored again."""
    spoiled = []
    for record in records:
        answer = BREAKS[name](record.answer, library)
        answer = replace(answer, id=record.answer.id, seconds=record.answer.seconds)
        scored = score(record.question, answer, library)
        unranked = parts(scored, None)
        spoiled.append(Record(record.question, answer, scored, {**record.parts, **_own(unranked)}))
    return tuple(spoiled)


def half_of(library: Library) -> tuple[str, ...]:
    """The ids of every other document: what is left to search where an index lost half."""
    return library.ids()[::2]


def _own(unranked: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Without the retrieval figures, which an answer that is changed afterwards leaves alone."""
    return {name: part for name, part in unranked.items() if name not in RETRIEVAL}
