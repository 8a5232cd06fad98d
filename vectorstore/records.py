"""Documents and passages as rows of the ledger."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import lexical, sources
from .document import Document, Entry, Filter, Passage, Sentence, index_text

__all__ = ["DenseRecord"]

_PASSAGE = "id, document_id, start, end, text, heading_path, page, sentences, body"


@dataclass(frozen=True, slots=True)
class DenseRecord:
    """What Chroma holds of a passage; `vector` is float32, little-endian, unit length."""

    passage_id: str
    document_id: str
    language: str
    text: str
    vector: bytes


def indexed_text(document: Document, passage: Passage) -> str:
    """What is embedded and stemmed for a passage: its body, else its text, in its context."""
    return index_text(document, passage.heading_path, passage.body or passage.text)


def digest(indexed: str) -> bytes:
    """By which an unchanged indexed text, and so its vector, is known again."""
    return hashlib.sha256(indexed.encode()).digest()


def add_document(
    db: sqlite3.Connection,
    document: Document,
    passages: Sequence[Passage],
    vectors: Mapping[str, bytes],
) -> None:
    """Store a document that is not there, with its passages and their words."""
    db.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(document.id, document.title, document.date, document.publisher),
            *(document.language, document.url, json.dumps(document.pages), document.text),
            json.dumps(document.furniture, ensure_ascii=False),
            datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        ),
    )
    texts: list[tuple[int, str]] = []
    for passage in passages:
        text = indexed_text(document, passage)
        row = db.execute(
            f"INSERT INTO passages ({_PASSAGE}, indexed, vector) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*_passage_row(passage), digest(text), vectors[passage.id]),
        )
        texts.append((int(row.lastrowid or 0), text))
    lexical.add(db, document.language, texts)


def remove_document(db: sqlite3.Connection, document_id: str) -> None:
    """Take a document out, if it is there, with its passages and their words."""
    rows = db.execute(
        "SELECT language, number FROM passages JOIN documents ON documents.id = document_id "
        "WHERE document_id = ?",
        (document_id,),
    )
    for language, number in rows.fetchall():
        lexical.remove(db, language, [number])
    db.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
    db.execute("DELETE FROM documents WHERE id = ?", (document_id,))


def document(db: sqlite3.Connection, document_id: str) -> Document | None:
    """The document of an id with all its names, None if there is none."""
    row = db.execute(
        "SELECT title, date, publisher, language, url, pages, text, furniture FROM documents "
        "WHERE id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        return None
    title, date, publisher, language, url, pages, text, furniture = row
    return Document(
        id=document_id,
        sources=sources.names(db, document_id).get(document_id, ()),
        title=title,
        date=date,
        publisher=publisher,
        language=language,
        url=url,
        pages=tuple(json.loads(pages)),
        text=text,
        furniture=tuple((start, end, kind) for start, end, kind in json.loads(furniture)),
    )


def entries(db: sqlite3.Connection, chosen: Filter) -> tuple[Entry, ...]:
    """The documents that pass, without their texts, in the order of their first names."""
    names = sources.names(db)
    where, given = _condition(chosen)
    if chosen.languages:
        where = f"{where} AND language IN (SELECT value FROM json_each(?))"
        given = (*given, json.dumps(chosen.languages))
    rows = db.execute(
        "SELECT id, title, date, publisher, language, url, "
        "(SELECT count(*) FROM passages WHERE document_id = documents.id), added FROM documents "
        f"WHERE {where}",
        given,
    )
    found = (Entry(row[0], names.get(row[0], ()), *row[1:]) for row in rows)
    return tuple(sorted(found, key=lambda entry: (entry.sources, entry.id)))


def passages(db: sqlite3.Connection, ids: Sequence[str]) -> tuple[Passage, ...]:
    """The passages of these ids in their order; unknown ids are left out."""
    rows = db.execute(
        f"SELECT {_PASSAGE} FROM passages WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    found = {row[0]: _passage(row) for row in rows}
    return tuple(found[passage_id] for passage_id in ids if passage_id in found)


def passages_of(db: sqlite3.Connection, document_id: str) -> tuple[Passage, ...]:
    """The passages of a document in the order of the text."""
    rows = db.execute(
        f"SELECT {_PASSAGE} FROM passages WHERE document_id = ? ORDER BY start, number",
        (document_id,),
    )
    return tuple(_passage(row) for row in rows)


def passage_ids(db: sqlite3.Connection, *, document_id: str | None = None) -> frozenset[str]:
    """The ids of all passages, or of those of one document."""
    where, given = ("", ()) if document_id is None else ("WHERE document_id = ?", (document_id,))
    return frozenset(row[0] for row in db.execute(f"SELECT id FROM passages {where}", given))


def vectors_of(db: sqlite3.Connection, document_id: str) -> dict[bytes, bytes]:
    """The vectors of a document's passages by the digest of the text they were made of."""
    rows = db.execute("SELECT indexed, vector FROM passages WHERE document_id = ?", (document_id,))
    return dict(rows)


def dense_records(db: sqlite3.Connection, ids: Iterable[str]) -> tuple[DenseRecord, ...]:
    """What Chroma is to hold of these passages."""
    rows = db.execute(
        "SELECT passages.id, document_id, language, passages.text, vector FROM passages "
        "JOIN documents ON documents.id = document_id "
        "WHERE passages.id IN (SELECT value FROM json_each(?)) ORDER BY passages.number",
        (json.dumps(list(ids)),),
    )
    return tuple(DenseRecord(*row) for row in rows)


def languages(db: sqlite3.Connection) -> tuple[str, ...]:
    """The languages of the passages, the one with most passages first."""
    rows = db.execute(
        "SELECT language FROM passages JOIN documents ON documents.id = document_id "
        "GROUP BY language ORDER BY count(*) DESC, language"
    )
    return tuple(language for (language,) in rows)


def speaks(db: sqlite3.Connection, language: str) -> bool:
    """Whether there is any passage in the language."""
    rows = db.execute(
        "SELECT 1 FROM documents JOIN passages ON document_id = documents.id "
        "WHERE language = ? LIMIT 1",
        (language,),
    )
    return rows.fetchone() is not None


def allowed(db: sqlite3.Connection, chosen: Filter, *, language: str) -> tuple[str, ...] | None:
    """The ids of the documents of a language that pass the filter; None where all do."""
    if chosen.languages and language not in chosen.languages:
        return ()
    where, given = _condition(chosen)
    if not given:
        return None
    rows = db.execute(
        f"SELECT id FROM documents WHERE language = ? AND {where} ORDER BY id", (language, *given)
    )
    return tuple(document_id for (document_id,) in rows)


def _condition(chosen: Filter) -> tuple[str, tuple[str, ...]]:
    """What a filter asks of a document but for its language, as SQL, and the values in it."""
    conditions = ["1"]
    given: list[str] = []
    if chosen.publishers:
        conditions.append("publisher IN (SELECT value FROM json_each(?))")
        given.append(json.dumps(chosen.publishers))
    if chosen.documents:
        named = "SELECT document_id FROM sources WHERE name IN (SELECT value FROM json_each(?))"
        conditions.append(f"(id IN (SELECT value FROM json_each(?)) OR id IN ({named}))")
        given += [json.dumps(chosen.documents)] * 2
    if chosen.date_from is not None:
        conditions.append("date >= ?")
        given.append(chosen.date_from)
    if chosen.date_to is not None:
        # Cut to the length of the bound, so that "2024" includes all of that year.
        conditions.append("substr(date, 1, length(?)) <= ?")
        given += [chosen.date_to] * 2
    return " AND ".join(conditions), tuple(given)


def _passage_row(passage: Passage) -> tuple[str | int | None, ...]:
    sentences = [[s.spans, s.text, s.kind, s.lead, s.speaker] for s in passage.sentences]
    return (
        *(passage.id, passage.document_id, passage.start, passage.end, passage.text),
        json.dumps(passage.heading_path, ensure_ascii=False),
        passage.page,
        json.dumps(sentences, ensure_ascii=False, separators=(",", ":")),
        passage.body,
    )


def _passage(row: tuple[Any, ...]) -> Passage:
    passage_id, document_id, start, end, text, heading_path, page, sentences, body = row
    return Passage(
        id=passage_id,
        document_id=document_id,
        start=start,
        end=end,
        text=text,
        heading_path=tuple(json.loads(heading_path)),
        page=page,
        sentences=tuple(
            Sentence(tuple((start, end) for start, end in spans), *rest)
            for spans, *rest in json.loads(sentences)
        ),
        body=body,
    )
