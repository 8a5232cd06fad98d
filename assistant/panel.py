"""The source panel's HTML: a document at the cited words, every character escaped.

Like `assistant.render`.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import pairwise

from assistant import fragment
from assistant.answers import Citation
from assistant.escape import day, exactly, label, problem
from assistant.exchange import Place
from vectorstore import Document

__all__ = ["no_source", "source", "whole"]

# How much of a document is sent to the browser around a citation, in characters each way.
AROUND = 200_000


def no_source() -> str:
    """The source panel before anything is opened."""
    return (
        '<p class="hint">Choose a number such as [1] after a sentence. The document opens here '
        "at the exact words that the sentence was taken from.</p>"
    )


def source(document: Document, place: Place, citations: Sequence[Citation]) -> str:
    """A document at the cited words, `citations` being the list in which `place` lies.

    The words are highlighted only where the document still has exactly these there.
    """
    citation = citations[place.number - 1]
    return (
        f'<article class="document" data-showing="{place}">{_steps(place, len(citations))}'
        f"{_heading(document)}{_facts(document, citation)}{_body(document, citation)}</article>"
    )


def whole(document: Document) -> str:
    """A document from its beginning, without a citation."""
    last = min(len(document.text), 2 * AROUND)
    return (
        '<article class="document"><div class="steps"><p></p><button type="button" '
        f'data-library="{label(document.id)}">Back to the documents</button></div>'
        f"{_heading(document)}{_facts(document)}{_text(document, _range(document, 0, last))}"
        f"{_left_out(len(document.text) - last, 'after')}</article>"
    )


def _heading(document: Document) -> str:
    return f'<h2 dir="auto"><bdi>{label(document.title or document.source, 300)}</bdi></h2>'


def _steps(place: Place, count: int) -> str:
    """Where in the list of citations the reader is, and the ways on and back."""
    what = "Source" if place.kind == "c" else "Nearest passage"
    steps = ""
    for name, number in (("Previous", place.number - 1), ("Next", place.number + 1)):
        to = f'data-open="{Place(place.exchange, place.kind, number)}"'
        steps += (
            f'<button type="button" {to}>{name}</button>'
            if 1 <= number <= count
            else f'<button type="button" aria-disabled="true">{name}</button>'
        )
    return (
        f'<div class="steps"><p role="status">{what} {place.number} of {count}</p>{steps}'
        '<button type="button" data-back>Back to the answer</button></div>'
    )


def _facts(document: Document, citation: Citation | None = None) -> str:
    page = str(citation.page) if citation and citation.page is not None else ""
    facts = (
        ("Date", day(document.date)),
        ("Publisher", label(document.publisher or "")),
        ("Page", page),
        ("File", ", ".join(label(name) for name in document.sources)),
        ("Published at", _link(document, citation)),
    )
    rows = "".join(
        f"<div><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div>" for name, value in facts if value
    )
    return f'<dl class="facts">{rows}</dl>'


def _link(document: Document, citation: Citation | None) -> str:
    """A link to the cited words at a web address, and the bare text of anything else."""
    shown = label(document.url or "")
    start, end = (citation.start, citation.end) if citation else (0, 0)
    address = fragment.link(document, start, end)
    if address is None:
        return shown
    return f'<a href="{html.escape(address)}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def _body(document: Document, citation: Citation) -> str:
    start, end = citation.start, citation.end
    if document.text[start:end] != citation.quote:
        return problem(
            "This document no longer has the cited words where they were. They were: "
            f"“{citation.quote}”"
        )
    first, last = max(0, start - AROUND), min(len(document.text), end + AROUND)
    marked = (
        f'{_range(document, first, start)}<mark id="cited" tabindex="-1">'
        f"{_range(document, start, end)}</mark>{_range(document, end, last)}"
    )
    return (
        f"{_left_out(first, 'before')}{_text(document, marked)}"
        f"{_left_out(len(document.text) - last, 'after')}"
    )


def _text(document: Document, content: str) -> str:
    return (
        '<div class="text" tabindex="0" role="region" aria-label="Text of the document" '
        f'lang="{label(document.language)}" dir="auto">{content}</div>'
    )


def _left_out(characters: int, where: str) -> str:
    return f'<p class="hint">{characters:,} characters {where} this are not shown.</p>' * (
        characters > 0
    )


def _range(document: Document, start: int, end: int) -> str:
    """A range of the text, exact; furniture is dimmed, and pages are numbered by the style."""
    furniture = sorted(f for f in document.furniture if f[0] < end and f[1] > start)
    pages = {at: number for number, at in enumerate(document.pages, 1) if start <= at < end}
    cuts = {start, end, *pages, *(edge for f in furniture for edge in f[:2])}
    inside = sorted(cut for cut in cuts if start <= cut <= end)
    parts: list[str] = []
    for a, b in pairwise(inside):
        if a in pages:
            parts.append(f'<span class="page" data-page="Page {pages[a]}"></span>')
        while furniture and furniture[0][1] <= a:
            furniture.pop(0)
        text = exactly(document.text[a:b])
        if furniture and furniture[0][0] <= a:
            text = f'<span class="furniture" title="{label(furniture[0][2])}">{text}</span>'
        parts.append(text)
    return "".join(parts)
