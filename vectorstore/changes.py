"""What a change of one source does to the ledger, and what Chroma then has to follow."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from . import records, sources
from .document import Document, Passage
from .ledger import Mark, set_marks
from .sources import SourceRecord

__all__ = ["Change"]


@dataclass(frozen=True, slots=True)
class Change:
    """The ids of the passages that Chroma has to write and to delete."""

    write: tuple[str, ...]
    delete: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.write or self.delete)


def check(document: Document, passages: Sequence[Passage]) -> None:
    """ValueError for passages that are not slices of this document, or not distinct."""
    for passage in passages:
        if passage.document_id != document.id:
            raise ValueError(
                f"Passage {passage.id!r} belongs to {passage.document_id!r}, not {document.id!r}."
            )
        if document.text[passage.start : passage.end] != passage.text:
            raise ValueError(
                f"Passage {passage.id!r} is not the text of its document from {passage.start} "
                f"to {passage.end}."
            )
    if len({passage.id for passage in passages}) != len(passages):
        raise ValueError(f"Two passages of document {document.id!r} have the same id.")


def put(
    db: sqlite3.Connection,
    document: Document,
    passages: Sequence[Passage],
    *,
    vectors: Mapping[str, bytes],
    source: SourceRecord,
) -> Change:
    """Let a source name a document; see Store.put. `vectors` are by passage id."""
    before = sources.at(db, source.location)
    write: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    # The document may go and come back while its sources stay.
    db.execute("PRAGMA defer_foreign_keys = ON")
    if not _is_stored(db, document, passages):
        write = tuple(passage.id for passage in passages)
        gone = records.passage_ids(db, document_id=document.id) - set(write)
        records.remove_document(db, document.id)
        records.add_document(db, document, passages, vectors)
    sources.put(db, source)
    if before is not None and before.document_id != document.id:
        gone |= _remove_unnamed(db, before.document_id)
    return _pending(db, Change(write, tuple(sorted(gone))), document.id)


def drop(db: sqlite3.Connection, source: SourceRecord) -> Change:
    """Forget a source, and its document unless another source names it."""
    sources.remove(db, source.location)
    gone = _remove_unnamed(db, source.document_id)
    return _pending(db, Change((), tuple(sorted(gone))), Mark.ANY)


def forget(db: sqlite3.Connection, document_id: str) -> Change:
    """Forget a document and all its sources."""
    for source in tuple(sources.records(db)):
        if source.document_id == document_id:
            sources.remove(db, source.location)
    gone = _remove_unnamed(db, document_id)
    return _pending(db, Change((), tuple(sorted(gone))), Mark.ANY)


def _is_stored(db: sqlite3.Connection, document: Document, passages: Sequence[Passage]) -> bool:
    """Whether the ledger holds exactly this, but for the document's names."""
    stored = records.document(db, document.id)
    if stored is None or stored != replace(document, sources=stored.sources):
        return False
    return records.passages_of(db, document.id) == tuple(passages)


def _remove_unnamed(db: sqlite3.Connection, document_id: str) -> frozenset[str]:
    """Take the document out if no source names it; the ids of its passages if so."""
    if sources.any_of(db, document_id):
        return frozenset()
    gone = records.passage_ids(db, document_id=document_id)
    records.remove_document(db, document_id)
    return gone


def _pending(db: sqlite3.Connection, change: Change, what: str) -> Change:
    if change:
        set_marks(db, {Mark.PENDING: what})
    return change
