"""Where documents came from: their locations and names as rows of the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["SourceRecord"]

_COLUMNS = "location, root, name, digest, document_id"


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where a document came from.

    `location` is an absolute path or a URL, `root` the ingested folder (empty for a
    single file or URL), `name` what is shown, and `digest` the caller's own mark by
    which it knows an unchanged source.
    """

    location: str
    root: str
    name: str
    digest: str
    document_id: str


def records(db: sqlite3.Connection, *, root: str | None = None) -> Iterator[SourceRecord]:
    """All sources, or those of one ingested folder, in the order they were added."""
    where, given = ("", ()) if root is None else ("WHERE root = ?", (root,))
    for row in db.execute(f"SELECT {_COLUMNS} FROM sources {where} ORDER BY number", given):
        yield SourceRecord(*row)


def at(db: sqlite3.Connection, location: str) -> SourceRecord | None:
    """The source at a location, None if there is none."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM sources WHERE location = ?",
        (location,),
    ).fetchone()
    return row and SourceRecord(*row)


def put(db: sqlite3.Connection, record: SourceRecord) -> None:
    """Let a location name a document; it keeps its place in the order if it did before."""
    before = at(db, record.location)
    if before is not None and before.document_id != record.document_id:
        remove(db, record.location)
    db.execute(
        f"INSERT INTO sources ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (location) DO UPDATE SET "
        "root = excluded.root, name = excluded.name, digest = excluded.digest",
        (record.location, record.root, record.name, record.digest, record.document_id),
    )


def remove(db: sqlite3.Connection, location: str) -> None:
    db.execute("DELETE FROM sources WHERE location = ?", (location,))


def any_of(db: sqlite3.Connection, document_id: str) -> bool:
    """Whether any location still names the document."""
    rows = db.execute("SELECT 1 FROM sources WHERE document_id = ?", (document_id,))
    return rows.fetchone() is not None


def names(db: sqlite3.Connection, document_id: str | None = None) -> dict[str, tuple[str, ...]]:
    """The names of all documents or of one, by document id, in the order they were added."""
    where, given = ("", ()) if document_id is None else ("WHERE document_id = ?", (document_id,))
    names: dict[str, dict[str, None]] = {}
    rows = db.execute(f"SELECT document_id, name FROM sources {where} ORDER BY number", given)
    for owner, name in rows:
        names.setdefault(owner, {})[name] = None
    return {owner: tuple(found) for owner, found in names.items()}


def candidates(db: sqlite3.Connection, name_or_id: str) -> tuple[str, ...]:
    """The ids of the documents that are meant by an id, a name, a location or an id's start."""
    for condition in (
        "SELECT id FROM documents WHERE id = ?",
        "SELECT DISTINCT document_id FROM sources WHERE location = ?",
        "SELECT DISTINCT document_id FROM sources WHERE name = ?",
        "SELECT id FROM documents WHERE length(?1) >= 4 AND substr(id, 1, length(?1)) = ?1",
    ):
        found = tuple(row[0] for row in db.execute(f"{condition} ORDER BY 1", (name_or_id,)))
        if found:
            return found
    return ()
