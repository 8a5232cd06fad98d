"""The SQLite file of a store: its connection, schema, transactions and marks."""

from __future__ import annotations

import os
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from .errors import StoreDamaged, StoreError, StoreLocked, StoreMissing, StoreVersion

__all__ = ["FILE_NAME", "Ledger", "Mark", "marks", "set_marks", "this_process"]

FILE_NAME = "summit.sqlite3"
_SCHEMA_VERSION = "1"
_BUSY_SECONDS = 30.0

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, date TEXT, publisher TEXT, language TEXT NOT NULL,
    url TEXT, pages TEXT NOT NULL, text TEXT NOT NULL, furniture TEXT NOT NULL,
    added TEXT NOT NULL
);
CREATE TABLE sources (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    location TEXT NOT NULL UNIQUE, root TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents (id)
);
CREATE INDEX sources_of_document ON sources (document_id);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL REFERENCES documents (id),
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    heading_path TEXT NOT NULL, page INTEGER, sentences TEXT NOT NULL, body TEXT NOT NULL,
    indexed BLOB NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_of_document ON passages (document_id, start);
"""


class Mark:
    """The keys of the table `meta`."""

    SCHEMA = "schema"
    STORE = "store"  # a uuid, part of the name of the Chroma collection
    WRITER = "writer"  # process and time of the last one that opened the store for writing
    MODEL_NAME = "model_name"
    MODEL_FINGERPRINT = "model_fingerprint"
    MODEL_DIMENSION = "model_dimension"
    GENERATION = "generation"  # counts the changes of Chroma, so that readers know theirs is old
    PLACE = "place"  # where Chroma was when it was last in step: a URL, or "embedded"
    FOLDER = "chroma_folder"  # of the embedded Chroma, inside `chroma/`
    PENDING = "pending"  # Chroma is behind the ledger: a document's id, or ANY; else empty
    WRITING = "writing"  # the files of the embedded Chroma are being written; else empty

    ANY = "*"  # a value of PENDING: passages are missing or too many, no document has changed


class Ledger:
    """One connection to the SQLite file, shared by the threads of a process in turn.

    Every error of SQLite leaves here as one of `errors`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.RLock()
        self._closed = False
        with _translated(path):
            self._db = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
            except sqlite3.Error:
                self._db.close()
                raise

    @classmethod
    def open(cls, folder: Path) -> Ledger:
        """The ledger of an existing store; StoreMissing where there is none."""
        path = folder / FILE_NAME
        if not path.is_file():
            raise _missing(folder)
        ledger = cls(path)
        try:
            with ledger.reading() as db:
                if not _has_schema(db):
                    raise _missing(folder)
                version = marks(db).get(Mark.SCHEMA, "")
            if version != _SCHEMA_VERSION:
                raise StoreVersion(
                    f"The store in {str(folder)!r} has schema {version!r} and this program reads "
                    f"schema {_SCHEMA_VERSION!r}. Use the program that wrote it, or ingest the "
                    "sources again into another folder (--store)."
                )
        except BaseException:
            ledger.close()
            raise
        return ledger

    @classmethod
    def create(cls, folder: Path) -> Ledger:
        """The ledger of a folder, made if there is none; the caller holds the writer's lock."""
        ledger = cls(folder / FILE_NAME)
        try:
            with ledger.changing() as db:
                if not _has_schema(db):
                    for statement in _SCHEMA.split(";\n"):
                        db.execute(statement)
                    set_marks(db, {Mark.SCHEMA: _SCHEMA_VERSION, Mark.STORE: uuid.uuid4().hex})
        finally:
            ledger.close()
        return cls.open(folder)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for this thread alone during the block."""
        with self._guard:
            if self._closed:
                raise StoreError(f"The store {str(self._path.parent)!r} is closed; open it again.")
            with _translated(self._path):
                yield self._db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the block's changes, or none."""
        with self.reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._guard:
            self._closed = True
            self._db.close()


def marks(db: sqlite3.Connection) -> dict[str, str]:
    """All of `meta`."""
    return dict(db.execute("SELECT key, value FROM meta"))


def set_marks(db: sqlite3.Connection, values: dict[str, str]) -> None:
    """Set some of `meta`."""
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def this_process() -> str:
    """This process and the time, for `Mark.WRITER`."""
    return f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _has_schema(db: sqlite3.Connection) -> bool:
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone())


def _missing(folder: Path) -> StoreMissing:
    return StoreMissing(
        f"There is no store in {str(folder)!r}. Put documents into it with "
        f"`summit ingest PATH --store {folder}`, or name another folder."
    )


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        primary = None if code is None else code & 0xFF
        if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreLocked(
                f"{str(path)!r} has been busy for {_BUSY_SECONDS:.0f} seconds ({error}). "
                "Wait for the other process to finish and try again."
            ) from error
        if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise StoreDamaged(
                f"{str(path)!r} is damaged ({error}). Move the folder "
                f"{str(path.parent)!r} away and ingest the documents again."
            ) from error
        if primary is None or primary == sqlite3.SQLITE_ERROR:
            raise  # a mistake in our SQL, not a state of the file
        raise StoreError(
            f"{str(path)!r} could not be used ({error}). Check that its disk has room and "
            "that the folder may be written to."
        ) from error
