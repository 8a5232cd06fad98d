"""Earlier conversations, kept in one SQLite file in the store's folder.

A conversation is kept as JSON that gives back every field unchanged, so that its citations
still open after a reload and a restart. Whether they still hold, `assistant.verify` knows.
"""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from assistant.exchange import Conversation

__all__ = ["ConversationError", "Conversations", "Kept", "UnknownConversation", "new_id"]

FILE_NAME = "conversations.sqlite3"
TITLE_CHARACTERS = 80
_SCHEMA_VERSION = 1
_BUSY_SECONDS = 30.0
# `changed` has one width, so that its order as text is that of time. `body` is no TEXT: SQLite
# would refuse half a surrogate pair.
_SCHEMA = """CREATE TABLE conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, changed TEXT NOT NULL, exchanges INTEGER NOT NULL,
    body BLOB NOT NULL
)"""
_ID = re.compile(r"[0-9a-f]{32}")
# Control characters and halves of surrogate pairs, which cannot be shown or sent.
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class ConversationError(Exception):
    """A conversation that cannot be kept or read; the message names the file and a remedy."""


class UnknownConversation(ConversationError):  # noqa: N818 - named like UnknownDocument
    """No conversation is kept under this id."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation in the list of earlier ones.

    `title` is its first question, on one line of at most 80 characters. It is not escaped.
    `changed` is in UTC, ISO 8601. `exchanges` counts its questions.
    """

    id: str
    title: str
    changed: str
    exchanges: int


def new_id() -> str:
    """An id for a new conversation: 32 hexadecimal digits, never given before."""
    return uuid.uuid4().hex


class Conversations:
    """The conversations kept in a folder, which must exist; the first `save` makes the file.

    Threads and processes may share the folder: each call is a connection and a transaction
    of its own. Every method raises ConversationError for a file that cannot be used, which
    stays as it is, and UnknownConversation for an id that `new_id` cannot have given.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME

    def save(self, id: str, conversation: Conversation, *, now: datetime | None = None) -> None:
        """Keeps the complete exchanges in place of what was kept under this id.

        Where there are none, nothing changes. `now` is the time of the change.
        """
        self._check(id)
        complete = tuple(exchange for exchange in conversation if exchange.complete)
        if not complete:
            return
        changed = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds")
        self._rows(
            "INSERT OR REPLACE INTO conversations VALUES (?, ?, ?, ?, ?)",
            *(id, _title(complete[0].question), changed, len(complete), _written(complete)),
            make=True,
        )

    def listed(self) -> tuple[Kept, ...]:
        """What is kept, the newest change first; also what is damaged, so that it can go."""
        rows = self._rows(
            "SELECT CAST(id AS TEXT), CAST(title AS TEXT), CAST(changed AS TEXT), "
            "CAST(exchanges AS INTEGER) FROM conversations ORDER BY changed DESC, rowid DESC"
        )
        return tuple(Kept(*row) for row in rows if _ID.fullmatch(row[0]))

    def load(self, id: str) -> Conversation:
        """The conversation as it was saved, but for exchanges that were not complete."""
        self._check(id)
        rows = self._rows("SELECT body FROM conversations WHERE id = ?", id)
        if not rows:
            raise UnknownConversation(
                f"No conversation {id!r} is kept in {str(self._file)!r}; it may have been deleted. "
                "Choose one from the list, or begin a new one."
            )
        try:
            return _read(rows[0][0])
        except (ValueError, RecursionError) as error:
            raise ConversationError(
                f"The conversation {id!r} in {str(self._file)!r} is damaged: {error}. Delete it; "
                "the others are not affected."
            ) from error

    def delete(self, id: str) -> None:
        """Forgets a conversation for good; nothing happens where none is kept under this id."""
        self._check(id)
        self._rows("DELETE FROM conversations WHERE id = ?", id)

    def _check(self, id: str) -> None:
        if not _ID.fullmatch(id):
            raise UnknownConversation(
                f"{id!r:.80} is no conversation in {str(self._file)!r}: an id has 32 hexadecimal "
                "digits. Choose a conversation from the list, or begin a new one."
            )

    def _rows(self, statement: str, *values: str | int | bytes, make: bool = False) -> list[Any]:
        """The rows of one statement; none where there is no file and it is not to be made."""
        with self._translated():
            if not make and not self._file.exists():
                return []
            with closing(
                sqlite3.connect(self._file, timeout=_BUSY_SECONDS, isolation_level=None)
            ) as db:
                self._prepare(db)
                return db.execute(statement, values).fetchall()

    def _prepare(self, db: sqlite3.Connection) -> None:
        # A damaged title is listed as far as it can be read.
        db.text_factory = lambda text: text.decode("utf-8", "replace")
        # What is deleted does not stay in the file's free pages.
        db.execute("PRAGMA secure_delete = ON")
        if _version(db) != _SCHEMA_VERSION:
            db.execute("BEGIN IMMEDIATE")  # leaves a file that is refused as it is
            self._make_schema(db)
            db.execute("COMMIT")
        # Two who change the mode of a new file at once are refused without waiting. Either mode
        # is safe, and the next call changes it.
        with suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode = WAL")

    def _make_schema(self, db: sqlite3.Connection) -> None:
        version = _version(db)
        if version == _SCHEMA_VERSION:
            return  # another process was faster
        if version or db.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise ConversationError(
                f"{str(self._file)!r} has schema {version} and this program reads schema "
                f"{_SCHEMA_VERSION}. Use the program that wrote it, or move the file away to begin "
                "a new one."
            )
        db.execute(_SCHEMA)
        db.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        remedy = "Check that its disk has room and that the folder exists and may be written to."
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                remedy = "Wait for the other process to finish and try again."
            elif code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR):
                remedy = "It is damaged or no file of ours: move it away to begin a new one."
            raise ConversationError(
                f"The earlier conversations in {str(self._file)!r} cannot be used ({error}). "
                f"{remedy}"
            ) from error


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _title(question: str) -> str:
    line = _NOT_SHOWN.sub("\N{REPLACEMENT CHARACTER}", " ".join(question.split()))
    if len(line) <= TITLE_CHARACTERS:
        return line
    return f"{line[: TITLE_CHARACTERS - 1].rstrip()}…"


def _written(conversation: Conversation) -> bytes:
    exchanges = [asdict(exchange) for exchange in conversation]
    # As JSON's own \ud83d, half of a surrogate pair would join a half that follows it.
    return json.dumps(exchanges, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _read(body: Any) -> Conversation:
    """What `_written` wrote; ValueError, or RecursionError, for anything else."""
    if not isinstance(body, bytes):
        raise ValueError(f"{body!r:.80} is no JSON")
    conversation: Conversation = _as(
        Conversation, json.loads(body.decode("utf-8", "surrogatepass")), "the conversation"
    )
    return conversation


def _as(form: Any, value: Any, where: str) -> Any:
    """The JSON value as the type `form`; ValueError, which says where, if it is none."""
    origin, arguments = get_origin(form), get_args(form)
    if origin in (Union, UnionType):
        if value is None and NoneType in arguments:
            return None
        (form,) = (argument for argument in arguments if argument is not NoneType)
        return _as(form, value, where)
    if is_dataclass(form) and isinstance(form, type):
        return _as_dataclass(form, value, where)
    if origin is tuple and arguments[1:] == (...,) and isinstance(value, list):
        return tuple(_as(arguments[0], one, f"{where}[{n}]") for n, one in enumerate(value))
    if origin is Literal and value in arguments:
        return value
    # True is an int to Python alone, and what is typed float may have been given as an int.
    plain = (int, float) if form is float else (form,) if form in (str, bool, int) else ()
    if type(value) in plain:
        return value
    name = form.__name__ if isinstance(form, type) else form
    raise ValueError(f"{where} is {value!r:.80}, not {name}")


def _as_dataclass(form: type, value: Any, where: str) -> Any:
    """Fields that are missing take their defaults: they may be younger than the value."""
    if not isinstance(value, dict):
        raise ValueError(f"{where} is {value!r:.80}, not the fields of {form.__name__}")
    forms, required = _fields(form)
    for unfit, what in ((required - set(value), "lacks"), (set(value) - set(forms), "has unknown")):
        if unfit:
            raise ValueError(f"{where} {what} {', '.join(sorted(unfit))!r:.80}")
    return form(**{key: _as(forms[key], one, f"{where}.{key}") for key, one in value.items()})


@cache
def _fields(form: type) -> tuple[dict[str, Any], frozenset[str]]:
    """The type of each field of a dataclass, and the names of those without a default."""
    known: Any = fields(form)
    forms = get_type_hints(form)
    required = {f.name for f in known if f.default is MISSING and f.default_factory is MISSING}
    return {f.name: forms[f.name] for f in known}, frozenset(required)
