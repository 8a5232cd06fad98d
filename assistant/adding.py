"""Adding documents while the page is served: what waits, what is read, what became of each."""

from __future__ import annotations

import logging
import re
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant import uploads
from assistant.exchange import UNEXPECTED
from assistant.removing import Removed, remove
from assistant.writer import Writer
from ingest.sources import SourceError
from ingest.sync import Outcome, sync
from vectorstore import Store, StoreError

__all__ = ["MAX_UPLOAD", "Adding", "Addition"]

# What is remembered of what became of files, so that the page can show it.
REMEMBERED = 2_000
# A file that a browser may send, in bytes.
MAX_UPLOAD = 50 * 2**20
# A change between two looks is seen at the next one.
WAIT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Addition:
    """A file or web page on its way into the store; `outcome` tells that it has arrived."""

    id: str
    name: str
    reading: bool = False
    outcome: Outcome | None = None


class Adding:
    """Brings files and web pages into the store with `ingest.sync`. Thread safe.

    Files are kept in `folder`, which should be the store's own. With `public_only` no web
    page inside a network is fetched. `max_bytes` is for one file.
    """

    def __init__(
        self,
        writer: Writer,
        folder: Path,
        *,
        max_bytes: int = MAX_UPLOAD,
        public_only: bool = False,
    ) -> None:
        self.folder = folder.resolve() / uploads.FOLDER
        self.max_bytes = max_bytes
        self._writer = writer
        self._public_only = public_only
        self._additions: dict[str, Addition] = {}
        self._changed = threading.Condition()
        uploads.sweep(self.folder)

    def close(self) -> None:
        """Waits for the document in hand; those still waiting are not added."""
        self._writer.close()

    def file(self, incoming: uploads.Incoming, name: str) -> str:
        """The id of an addition of a file that has arrived; OSError if it cannot be kept."""
        kept = incoming.keep(name)
        return self._begin(str(kept), name, fresh=incoming.is_new)

    def address(self, url: str) -> str:
        """The id of an addition of a web page."""
        # Anything else would be taken for a path on this computer.
        if _is_address(url):
            return self._begin(url, url)
        reason = f"{url!r} is no web address. It must begin with https:// or http://."
        return self.refused(url, reason)

    def refused(self, name: str, reason: str) -> str:
        """The id of an addition that has failed already."""
        return self._remember(Addition(uuid.uuid4().hex, name, outcome=_failed(name, reason)))

    def states(self, ids: Iterable[str]) -> tuple[Addition, ...]:
        """The additions of these ids in their order; unknown ids are left out."""
        with self._changed:
            return tuple(self._additions[id] for id in ids if id in self._additions)

    def follow(self, ids: Sequence[str]) -> Iterator[tuple[Addition, ...]]:
        """The additions, now and whenever one has changed, until all have arrived."""
        seen = self.states(ids)
        yield seen
        while not all(addition.outcome for addition in seen):
            with self._changed:
                self._changed.wait(WAIT_SECONDS)
                now = self.states(ids)
            if now != seen:
                yield now
            seen = now

    def remove(self, document_id: str) -> Removed:
        """Takes a document out, after what waits before it, and deletes its kept files."""
        return self._writer.submit(partial(remove, document_id, self.folder)).result()

    def _begin(self, argument: str, name: str, *, fresh: bool = False) -> str:
        id = self._remember(Addition(uuid.uuid4().hex, name))
        read = self._writer.submit(partial(self._read, id, argument))
        read.add_done_callback(partial(self._arrived, id, argument, fresh))
        return id

    def _read(self, id: str, argument: str, store: Store) -> Outcome:
        self._set(id, reading=True)
        if not (_is_address(argument) or Path(argument).is_file()):
            # Another of the same content was refused, and its file deleted, before this one.
            name = self._additions[id].name
            return _failed(name, f"{name!r} was refused a moment ago. Change it before it is sent.")
        (outcome,) = sync((argument,), store, public_only=self._public_only)
        return outcome

    def _arrived(self, id: str, argument: str, fresh: bool, read: Future[Outcome]) -> None:
        outcome = _outcome(self._additions[id].name, read)
        if outcome.result == "failed" and fresh:
            uploads.discard(argument, self.folder)
        self._set(id, outcome=outcome)

    def _remember(self, addition: Addition) -> str:
        with self._changed:
            self._additions[addition.id] = addition
            arrived = [id for id, known in self._additions.items() if known.outcome]
            for id in arrived[: max(0, len(self._additions) - REMEMBERED)]:
                del self._additions[id]
        return addition.id

    def _set(self, id: str, **changes: Any) -> None:
        with self._changed:
            self._additions[id] = replace(self._additions[id], **changes)
            self._changed.notify_all()


def _is_address(argument: str) -> bool:
    return re.match(r"https?://", argument, re.I) is not None


def _outcome(name: str, read: Future[Outcome]) -> Outcome:
    """What became of it, errors in words."""
    if read.cancelled():
        return _failed(name, f"{name!r} was not read: the program was stopped. Add it again.")
    error = read.exception()
    if error is None:
        return read.result()
    if isinstance(error, StoreError | SourceError):
        return _failed(name, str(error))
    logging.getLogger(__name__).error("Adding %r failed.", name, exc_info=error)
    return _failed(name, UNEXPECTED)


def _failed(name: str, reason: str) -> Outcome:
    return Outcome(name, "failed", reason=reason)
