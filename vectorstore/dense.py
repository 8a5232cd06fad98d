"""Search by vectors: keeps Chroma in step with the ledger, whoever dies in between.

The ledger holds every vector, so whatever Chroma loses is put back without the model.
Embedded, Chroma is safe for one process only: an open client never sees what another
process writes, and files that are read while they are written crash the reader. So its
folder is loaded, searched and written under a lock, and a client is opened anew when the
generation in the ledger has moved on.
"""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import records
from .chroma import Chroma
from .errors import StoreDamaged, StoreLocked
from .hit import Hit
from .ledger import Ledger, Mark, marks, set_marks, this_process
from .lock import FolderLock
from .records import DenseRecord

__all__ = ["DenseIndex"]

_EMBEDDED = "embedded"
_REPAIR_BATCH = 1000
# Longer than any single change by another process takes; a rebuild of 5,000 passages takes 5 s.
_LOCK_SECONDS = 120.0


class DenseIndex:
    """The vectors of one store. Thread safe.

    `writer` is the lock of the store's one writer, held or not. A reader repairs Chroma
    only if it can have that lock at once.
    """

    def __init__(
        self, ledger: Ledger, folder: Path, *, url: str | None, writer: FolderLock
    ) -> None:
        self._ledger = ledger
        self._folder = folder
        self._url = url
        self._writer = writer
        self._files = FolderLock(folder / "chroma.lock")
        self._guard = threading.RLock()
        self._chroma: Chroma | None = None
        self._generation = ""
        self._compared: tuple[DenseRecord, ...] | None = None

    def search(
        self,
        vector: NDArray[np.float32],
        *,
        language: str,
        limit: int,
        documents: Sequence[str] | None,
    ) -> tuple[Hit, ...]:
        """The passages of a language nearest to the vector, by cosine, best first."""
        with self._alone():
            for repair in (self._current, self._reopened, self._rebuilt):
                try:
                    chroma = repair()
                    hits = chroma.query(vector, language=language, limit=limit, documents=documents)
                    if self._compared is None:
                        self._compared = self._beyond_reach(chroma, vector)
                except StoreDamaged as error:
                    # Chroma lists ids whose vectors it has lost; only a query brings it to light.
                    damage = error
                else:
                    break
            else:
                raise damage
            compared = self._compared
        more = _exact(compared, vector, language=language, documents=documents)
        found = {**more, **{hit.passage_id: hit for hit in hits}}.values()
        return tuple(sorted(found, key=lambda hit: (-hit.score, hit.passage_id))[:limit])

    def bring_in_step(self) -> None:
        """Open Chroma and put right what differs from the ledger."""
        with self._alone():
            if self._marks().get(Mark.PENDING):
                self._close_client()
            self._current()

    def apply(self, *, write: Sequence[str], delete: Sequence[str]) -> None:
        """Do to Chroma what was done to the ledger, which marked it as pending; writer only."""
        with self._alone():
            if self._chroma is None:
                self._current()  # which does all that is pending
                return
            self._mark({Mark.WRITING: "1"})
            self._compared = None
            if delete:
                self._chroma.delete(delete)
            self._write(self._chroma, write)
            self._settle(self._chroma)

    def close(self) -> None:
        with self._guard:
            self._close_client()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread, and where Chroma is embedded no other process, touches it."""
        with self._guard:
            if self._url is not None or self._files.held:
                yield
                return
            if not self._files.acquire(timeout_seconds=_LOCK_SECONDS):
                raise StoreLocked(
                    f"Another process has been changing {str(self._folder / 'chroma')!r} for "
                    f"{_LOCK_SECONDS:.0f} seconds. Wait for it to finish, or end it."
                )
            try:
                yield
            finally:
                self._files.release()

    def _current(self) -> Chroma:
        """The open client if it is up to date, else a new one, repaired if need be."""
        seen = self._marks()
        generation = seen.get(Mark.GENERATION, "")
        if self._chroma is not None and generation == self._generation:
            return self._chroma
        if self._chroma is not None and self._url is not None:  # a server shows all changes
            self._compared, self._generation = None, generation
            return self._chroma
        self._close_client()
        torn = bool(seen.get(Mark.WRITING)) and self._url is None
        if torn or seen.get(Mark.PLACE, self._place) != self._place:
            return self._repaired(rebuild=True)
        try:
            self._chroma = chroma = self._open(seen)
            in_step = chroma.ids() == self._wanted()
        except StoreDamaged:
            return self._repaired(rebuild=True)
        self._generation = generation
        if in_step and not seen.get(Mark.PENDING):
            return chroma
        return self._repaired(rebuild=False)

    def _reopened(self) -> Chroma:
        self._close_client()
        return self._current()

    def _rebuilt(self) -> Chroma:
        return self._repaired(rebuild=True)

    def _repaired(self, *, rebuild: bool) -> Chroma:
        """Chroma with what the ledger holds; as it is if another process is the writer."""
        with self._writer.tried() as ours:
            if ours:
                return self._repair(rebuild=rebuild)
        if self._chroma is None or rebuild:
            raise StoreLocked(
                f"The index in {str(self._folder / 'chroma')!r} needs a repair and another "
                "process holds the store. Try again when that has finished."
            )
        return self._chroma

    def _repair(self, *, rebuild: bool) -> Chroma:
        if rebuild:
            self._close_client()
            if self._url is None:
                # Files that a dying process left half-written crash whoever loads them.
                self._mark({Mark.FOLDER: uuid.uuid4().hex[:8], Mark.PENDING: Mark.ANY})
        chroma = self._chroma or self._open(self._marks())
        self._chroma = chroma
        if rebuild and self._url is not None:
            chroma.clear()
        pending = self._marks().get(Mark.PENDING, "")
        self._mark(
            {Mark.WRITING: "1", Mark.PENDING: pending or Mark.ANY, Mark.WRITER: this_process()}
        )
        held, wanted = chroma.ids(), self._wanted()
        chroma.delete(sorted(held - wanted))
        with self._ledger.reading() as db:
            changed = records.passage_ids(db, document_id=pending)
        self._write(chroma, sorted((wanted - held) | changed))
        self._settle(chroma)
        self._remove_old_folders()
        return chroma

    def _beyond_reach(self, chroma: Chroma, vector: NDArray[np.float32]) -> tuple[DenseRecord, ...]:
        """What a search of the graph may leave out: nothing, or else it may be any passage.

        A graph of nearest neighbours may leave out some that are no one's near neighbour, how
        many depends on the model (see _HNSW in chroma.py). Which ones depends on where a
        search enters it, so where one is left out now another may be the next time.
        """
        wanted = self._wanted()
        if wanted <= chroma.reachable(vector):
            return ()
        with self._ledger.reading() as db:
            return records.dense_records(db, wanted)

    def _write(self, chroma: Chroma, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _REPAIR_BATCH):
            with self._ledger.reading() as db:
                some = records.dense_records(db, ids[start : start + _REPAIR_BATCH])
            chroma.write(some)

    def _settle(self, chroma: Chroma) -> None:
        chroma.sync()
        self._compared = None
        self._generation = str(int(self._marks().get(Mark.GENERATION, "0")) + 1)
        self._mark(
            {
                Mark.PENDING: "",
                Mark.WRITING: "",
                Mark.PLACE: self._place,
                Mark.GENERATION: self._generation,
            }
        )

    def _open(self, seen: dict[str, str]) -> Chroma:
        place = self._url or self._folder / "chroma" / seen.get(Mark.FOLDER, "0")
        return Chroma(place, f"summit-{seen[Mark.STORE]}")

    def _remove_old_folders(self) -> None:
        if self._url is not None:
            return
        current = self._marks().get(Mark.FOLDER, "0")
        for folder in (self._folder / "chroma").iterdir():
            if folder.name != current:
                shutil.rmtree(folder, ignore_errors=True)

    def _close_client(self) -> None:
        self._compared = None
        if self._chroma is not None:
            self._chroma.close()
            self._chroma = None

    @property
    def _place(self) -> str:
        return self._url or _EMBEDDED

    def _wanted(self) -> frozenset[str]:
        with self._ledger.reading() as db:
            return records.passage_ids(db)

    def _marks(self) -> dict[str, str]:
        with self._ledger.reading() as db:
            return marks(db)

    def _mark(self, values: dict[str, str]) -> None:
        with self._ledger.changing() as db:
            set_marks(db, values)


def _exact(
    compared: Sequence[DenseRecord],
    vector: NDArray[np.float32],
    *,
    language: str,
    documents: Sequence[str] | None,
) -> dict[str, Hit]:
    """Hits, by passage id, among passages that the graph may not reach, each compared."""
    return {
        record.passage_id: Hit(
            record.passage_id, float(np.frombuffer(record.vector, dtype="<f4") @ vector)
        )
        for record in compared
        if record.language == language and (documents is None or record.document_id in documents)
    }
