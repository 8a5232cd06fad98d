"""The documents of a store in plain form, and where gold evidence and quotes stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from evals.plain import PlainText, plain
from evals.questions import Question, QuestionsError
from vectorstore import Document, Passage, Span, Store

__all__ = ["Gold", "Library", "locate"]


@dataclass(frozen=True, slots=True)
class Gold:
    """One place of gold evidence: `span` in the plain form of the document `document`."""

    document: str
    span: Span
    quote: str


class Library:
    """The documents of an open store, each read and made plain once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: dict[str, list[str]] = {}
        self._documents: dict[str, Document] = {}
        self._plain: dict[str, PlainText] = {}
        for entry in store.documents():
            for source in entry.sources:
                # A URL and a path end alike in what people call the document.
                self._names.setdefault(PurePosixPath(source).name, []).append(entry.id)

    def ids(self) -> tuple[str, ...]:
        """The ids of all documents, in the order of their names."""
        return tuple(entry.id for entry in self._store.documents())

    def named(self, name: str) -> tuple[str, ...]:
        """The ids of the documents whose name ends in `name`; () if there is none."""
        return tuple(dict.fromkeys(self._names.get(name, ())))

    def document(self, document_id: str) -> Document:
        """The document of an id, as stored."""
        if document_id not in self._documents:
            self._documents[document_id] = self._store.document(document_id)
        return self._documents[document_id]

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in the order of its text."""
        return self._store.passages_of(document_id)

    def everything(self) -> Iterator[tuple[Document, tuple[Passage, ...]]]:
        """Every document with its passages, in the order of `ids`."""
        for document_id in self.ids():
            yield self.document(document_id), self.passages(document_id)

    def plain(self, document_id: str) -> PlainText:
        """The plain form of a document's text."""
        if document_id not in self._plain:
            self._plain[document_id] = PlainText.of(self.document(document_id).text)
        return self._plain[document_id]


def locate(question: Question, library: Library) -> tuple[Gold, ...]:
    """Every place of the question's gold evidence in the store.

    QuestionsError where a document or a quote is not there: a figure taken without its
    gold evidence would be wrong without a sign of it.
    """
    found = []
    for evidence in question.evidence:
        quote = plain(evidence.quote)
        places = [
            Gold(document, span, quote)
            for document in library.named(evidence.doc)
            for span in library.plain(document).find(quote)
        ]
        if not places:
            raise QuestionsError(_lost(question, evidence.doc, evidence.quote, library))
        found += places
    return tuple(dict.fromkeys(found))


def _lost(question: Question, doc: str, quote: str, library: Library) -> str:
    if not library.named(doc):
        have: Sequence[str] = library.ids()
        return (
            f"Question {question.id!r} rests on the document {doc!r}, which is none of the "
            f"{len(have)} in the store; ingest it, or choose other questions."
        )
    return (
        f"Question {question.id!r} rests on words that {doc!r} does not have as it is stored: "
        f"{quote[:80]!r}. Correct the quote with `python -m evals validate`."
    )
