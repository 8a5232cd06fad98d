"""Passages: runs of whole sentences that are indexed together, each an exact slice."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.blocks import Part
from ingest.furniture import Mark
from ingest.tokens import MAX_TOKENS, count_tokens
from vectorstore.document import Document, Passage, Sentence, index_text, passage_id

__all__ = ["find_passages"]


@dataclass(slots=True)
class _Draft:
    path: tuple[str, ...] = ()
    sentences: list[Sentence] = field(default_factory=list)
    tokens: int = 0
    start: int | None = None  # where the rest of a sentence begun earlier continues
    has_body: bool = False  # something besides headings
    notes: bool = False


def find_passages(
    document: Document,
    parts: Sequence[tuple[Part, tuple[Sentence, ...]]],
    *,
    marks: Sequence[Mark],
    max_tokens: int = MAX_TOKENS,
) -> tuple[Passage, ...]:
    """The passages of `document`, in order, none overlapping a mark.

    A heading opens a passage; a passage ends where the next sentence would take it over
    `max_tokens`, at furniture, and where notes begin.
    """
    leads = {s.start: s for _, sentences in parts for s in sentences}
    done: list[_Draft] = []
    draft = _Draft()
    path: list[tuple[int, str]] = []
    for part, sentences in parts:
        if part.kind == "heading":
            path = [entry for entry in path if entry[0] < part.level]
            path.append((part.level, sentences[0].text))
        titles = tuple(title for _, title in path)
        for sentence in sentences:
            tokens = _tokens(document.text, draft, sentence)
            if _full(draft, sentence, tokens, max_tokens) or _furniture(draft, sentence, marks):
                done.append(draft)
                draft = _Draft()
            _add(draft, sentence, tokens, titles)
            if len(sentence.spans) > 1:
                done.append(draft)
                draft = _Draft(start=sentence.spans[-1][0])
    done.append(draft)
    return tuple(_passage(document, draft, leads) for draft in done if draft.sentences)


def _add(draft: _Draft, sentence: Sentence, tokens: int, path: tuple[str, ...]) -> None:
    if not draft.has_body:
        draft.path = path
    draft.sentences.append(sentence)
    draft.tokens += tokens
    draft.notes = sentence.kind == "note"
    draft.has_body = draft.has_body or sentence.kind != "heading"


def _tokens(text: str, draft: _Draft, sentence: Sentence) -> int:
    """What the sentence adds to the slice, markup and line breaks included."""
    if draft.sentences:
        at = draft.sentences[-1].end
    else:
        at = sentence.start if draft.start is None else draft.start
    return count_tokens(text[at : sentence.spans[0][1]])


def _full(draft: _Draft, sentence: Sentence, tokens: int, max_tokens: int) -> bool:
    if not draft.sentences:
        return False
    if draft.has_body and (sentence.kind == "heading" or draft.notes != (sentence.kind == "note")):
        return True
    return draft.tokens + tokens > max_tokens


def _furniture(draft: _Draft, sentence: Sentence, marks: Sequence[Mark]) -> bool:
    if not draft.sentences:
        if draft.start is not None and _between(draft.start, sentence.start, marks):
            draft.start = None
        return False
    return _between(draft.sentences[-1].end, sentence.start, marks)


def _between(start: int, end: int, marks: Sequence[Mark]) -> bool:
    """Whether one of `marks`, which are in order and apart, lies in the range."""
    first = bisect.bisect_right(marks, start, key=lambda mark: mark.end)
    return first < len(marks) and marks[first].start < end


def _passage(document: Document, draft: _Draft, leads: dict[int, Sentence]) -> Passage:
    first, last = draft.sentences[0], draft.sentences[-1]
    start = first.start if draft.start is None else draft.start
    end = last.spans[0][1]
    texts = [s.text for s in draft.sentences if s.kind != "heading" or not draft.has_body]
    lead = leads.get(first.lead) if first.lead is not None else None
    if lead is not None and lead.kind != "heading":
        texts.insert(0, lead.text)
    body = "\n".join(texts)
    return Passage(
        id=passage_id(document.id, start, index_text(document, draft.path, body)),
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        heading_path=draft.path,
        page=document.page_at(start),
        sentences=tuple(draft.sentences),
        body=body,
    )
