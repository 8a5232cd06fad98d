"""The domain's own words: documents, passages and sentences, each known by its place.

Every position is an offset in characters (Unicode code points) into `Document.text`;
every range is half-open, so that `document.text[start:end]` is the text meant.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Document",
    "Entry",
    "Filter",
    "Passage",
    "Sentence",
    "SentenceKind",
    "Span",
    "index_text",
    "passage_id",
]

Span = tuple[int, int]

SentenceKind = Literal["sentence", "item", "row", "note", "heading"]


@dataclass(frozen=True, slots=True)
class Document:
    """One source with its canonical text.

    `id` is a hash of the canonical text, so equal content has one id whatever its
    name. `sources` are all names it is known under (a path relative to the ingested
    folder, a file's name, or a URL), never empty; `source` is the first of them.
    `date` is ISO 8601 (`2024-10-18`); `language` is ISO 639-1. `pages` holds the
    offset at which each page starts, and is empty where the format has no pages.
    `url` is where the document says it was published; it is data and never opened.
    `furniture` lists the ranges of the text that are not the document's own words
    (start, end, kind: "page number", "navigation" …); no passage overlaps them.
    """

    id: str
    sources: tuple[str, ...]
    title: str
    date: str | None
    publisher: str | None
    language: str
    url: str | None
    pages: tuple[int, ...]
    text: str
    furniture: tuple[tuple[int, int, str], ...] = ()

    @property
    def source(self) -> str:
        return self.sources[0]

    def page_at(self, offset: int) -> int | None:
        """The 1-based page on which `offset` lies, or None in a text without pages."""
        return sum(start <= offset for start in self.pages) or None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item, table row, note or heading of a document.

    `spans` are its exact places; more than one only where a page break or other
    furniture interrupts it. `text` is for display and search: the spans joined, with
    white space folded and markup taken off. `lead` is the `start` of the sentence or
    item that introduces this list item, and None outside lists. `speaker` is whose
    words these are, as far as the document tells by its form.
    """

    spans: tuple[Span, ...]
    text: str
    kind: SentenceKind = "sentence"
    lead: int | None = None
    speaker: str | None = None

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document that is indexed: `document.text[start:end] == text`.

    `sentences` are those that begin in the slice, in order. `heading_path` runs from
    the outermost heading to the nearest. `page` is 1-based, None without pages.
    `body` is what is indexed for it besides title, date and headings: the display
    text of its sentences, after the lead-in of a list that began in an earlier one.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...]
    page: int | None
    sentences: tuple[Sentence, ...]
    body: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as the list of documents shows it, without its text.

    The fields are those of `Document`; `passages` counts the indexed passages and
    `added` is the UTC time of the last change, ISO 8601 to the second.
    """

    id: str
    sources: tuple[str, ...]
    title: str
    date: str | None
    publisher: str | None
    language: str
    url: str | None
    passages: int
    added: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents a search may use; an empty field allows all.

    `languages` are ISO 639-1 codes, `documents` ids or sources. `date_from` and
    `date_to` are inclusive ISO dates; a document without a date passes neither.
    """

    languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    date_from: str | None = None
    date_to: str | None = None


def index_text(document: Document, heading_path: tuple[str, ...], body: str) -> str:
    """What is embedded and indexed for a passage: its context, then its own words.

    Title, date and headings in front raised recall@5 by 5 to 8 points (see
    evals/EXPERIMENTS.md). `body` is the display text of the passage's sentences.
    """
    head = [document.title, document.date or "", *heading_path]
    return "\n".join([" | ".join(dict.fromkeys(part for part in head if part)), body])


def passage_id(document_id: str, start: int, indexed: str) -> str:
    """A stable id that changes whenever what is indexed for the passage changes."""
    digest = hashlib.sha256(indexed.encode()).hexdigest()[:8]
    return f"{document_id}-{start}-{digest}"
