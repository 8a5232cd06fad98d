"""How an answer came about: the passages that were read for it, and what was chosen of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.choose import THRESHOLD
from assistant.evidence import Choice, Evidence
from assistant.retrieve import Found

__all__ = ["Chosen", "Considered", "Trace", "trace_of"]

# A trace is kept with each answer of a conversation: so many passages, and so many characters.
MOST, PREVIEW = 24, 160


@dataclass(frozen=True, slots=True)
class Considered:
    """A passage that was read for an answer, and how it was found.

    `heading` is the path of headings above it, without the title. `preview` is how it begins,
    at most 160 characters. `lexical`, `dense` and `fused` are those of `assistant.retrieve.Found`.
    """

    title: str
    date: str | None
    language: str
    page: int | None
    heading: str
    preview: str
    lexical: int | None
    dense: int | None
    fused: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence of the answer as it stands in its document, at most 160 characters of it.

    `probability` is that it answers, 0 to 1.
    """

    title: str
    date: str | None
    language: str
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Trace:
    """What was read for an answer, and what was chosen.

    `considered` are the passages with the highest fused scores, highest first, at most 24;
    `read` counts all. `threshold` is the confidence below which there is no answer.
    """

    considered: tuple[Considered, ...]
    read: int
    chosen: tuple[Chosen, ...]
    threshold: float


def trace_of(found: Sequence[Found], choice: Choice) -> Trace:
    """The trace of an answer made of `choice` among the passages in `found`."""
    best = sorted(found, key=lambda item: -item.fused)[:MOST]
    return Trace(
        considered=tuple(_considered(item) for item in best),
        read=len(found),
        chosen=tuple(_chosen(item) for item in choice.evidence),
        threshold=THRESHOLD,
    )


def _considered(found: Found) -> Considered:
    document, passage = found.document, found.passage
    return Considered(
        title=document.title or document.source,
        date=document.date,
        language=document.language,
        page=document.page_at(passage.start),
        heading=" › ".join(part for part in passage.heading_path if part != document.title),
        preview=_preview(passage.text),
        lexical=found.lexical,
        dense=found.dense,
        fused=found.fused,
    )


def _chosen(evidence: Evidence) -> Chosen:
    document = evidence.found.document
    return Chosen(
        title=document.title or document.source,
        date=document.date,
        language=document.language,
        text=_preview(evidence.sentence.text),
        probability=evidence.probability,
    )


def _preview(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW else line[: PREVIEW - 1].rstrip() + "…"
