"""The store: documents, their passages and the two indexes, opened from one folder."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from . import changes, lexical, model, records, sources
from .dense import DenseIndex
from .document import Document, Entry, Filter, Passage
from .embedder import Embedder
from .errors import (
    AmbiguousDocument,
    StoreError,
    StoreLocked,
    StoreMissing,
    UnknownDocument,
)
from .hit import Hit
from .ledger import Ledger, Mark, marks, set_marks, this_process
from .lock import FolderLock
from .sources import SourceRecord

__all__ = ["Store"]

_NO_FILTER = Filter()


class Store:
    """An open store. Thread safe; any number of readers beside one writer.

    Use as a context manager, or `close()` it. Errors are those of `vectorstore.errors`.
    """

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        dense: DenseIndex,
        *,
        embedder: Embedder,
        writer: FolderLock,
    ) -> None:
        """For `open`, which is the way to get a store."""
        self._folder = folder
        self._ledger = ledger
        self._dense = dense
        self._embedder = embedder
        self._writer = writer
        self._writing = writer.held
        self._change = threading.RLock()
        self._model_checked = False

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        embedder: Embedder,
        chroma_url: str | None = None,
        mode: Literal["read", "write"] = "read",
    ) -> Self:
        """The store in a folder.

        Writing makes the folder if need be and brings Chroma in step with the ledger;
        reading does so at the first dense search. StoreMissing where there is nothing to
        read, StoreLocked where another process writes already.
        """
        folder = folder.absolute()  # the working directory may change while the store is open
        if mode == "write":
            return cls._open_for_writing(folder, embedder, chroma_url)
        ledger = Ledger.open(folder)
        writer = FolderLock(folder / "lock")
        dense = DenseIndex(ledger, folder, url=chroma_url, writer=writer)
        return cls(folder, ledger, dense, embedder=embedder, writer=writer)

    @classmethod
    def _open_for_writing(cls, folder: Path, embedder: Embedder, chroma_url: str | None) -> Self:
        _make(folder)
        writer = FolderLock(folder / "lock")
        if not writer.acquire():
            raise StoreLocked(
                f"The store in {str(folder)!r} is being written by {_holder(folder)}. "
                "Wait for it to finish, or end it, and try again."
            )
        with ExitStack() as opened:
            opened.callback(writer.release)
            ledger = Ledger.create(folder)
            opened.callback(ledger.close)
            with ledger.changing() as db:
                set_marks(db, {Mark.WRITER: this_process()})
            dense = DenseIndex(ledger, folder, url=chroma_url, writer=writer)
            opened.callback(dense.close)
            dense.bring_in_step()
            opened.pop_all()
        return cls(folder, ledger, dense, embedder=embedder, writer=writer)

    @staticmethod
    def embedding_model(folder: Path) -> tuple[str, str] | None:
        """Name and fingerprint of the model a store was built with; None before there is one."""
        try:
            ledger = Ledger.open(folder)
        except StoreMissing:
            return None
        with closing(ledger), ledger.reading() as db:
            return model.name_and_fingerprint(marks(db))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and locks; harmless when closed."""
        self._dense.close()
        self._ledger.close()
        if self._writing:
            self._writer.release()

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        *,
        location: str,
        root: str,
        name: str,
        digest: str,
    ) -> None:
        """Let `location` name this document, which is embedded and indexed if it is new.

        A document that the location named before goes if no other location names it. The
        same content at two locations is stored once, under both names; if its metadata or
        passages differ from what is stored, they are replaced. For `root`, `name` and
        `digest` see SourceRecord. If the model fails, nothing has changed; if Chroma does,
        the next change or the next opening completes what it missed.
        """
        changes.check(document, passages)
        source = SourceRecord(location, root, name, digest, document.id)
        with self._changing():
            vectors = self._vectors(document, passages)
            with self._ledger.changing() as db:
                change = changes.put(db, document, passages, vectors=vectors, source=source)
                if change.write and model.name_and_fingerprint(marks(db)) is None:
                    set_marks(db, model.as_marks(self._embedder))
            self._follow(change)

    def drop(self, location: str) -> None:
        """Forget a source, and its document unless another source names it.

        UnknownDocument if the store knows no such location.
        """
        with self._changing():
            with self._ledger.changing() as db:
                source = sources.at(db, location)
                if source is None:
                    raise UnknownDocument(f"No document in the store comes from {location!r}.")
                change = changes.drop(db, source)
            self._follow(change)

    def forget(self, document_id: str) -> None:
        """Forget a document under all its names; UnknownDocument if there is none."""
        with self._changing():
            with self._ledger.changing() as db:
                if records.document(db, document_id) is None:
                    raise self._unknown(document_id)
                change = changes.forget(db, document_id)
            self._follow(change)

    def search_lexical(
        self, query: str, *, language: str, limit: int, filter: Filter = _NO_FILTER
    ) -> tuple[Hit, ...]:
        """The passages of a language that share words with the query, by BM25, best first."""
        with self._ledger.reading() as db:
            allowed = records.allowed(db, filter, language=language)
            return lexical.search(db, query, language=language, limit=limit, documents=allowed)

    def search_dense(
        self,
        vector: NDArray[np.float32],
        *,
        language: str,
        limit: int,
        filter: Filter = _NO_FILTER,
    ) -> tuple[Hit, ...]:
        """The passages of a language nearest to a query's vector, by cosine, best first.

        `vector` is `(dimension,)` as the store's embedder gives it. ModelMismatch if the
        store was built with another model.
        """
        with self._ledger.reading() as db:
            allowed = records.allowed(db, filter, language=language)
            if limit < 1 or allowed == () or not records.speaks(db, language):
                return ()
        self._check_model()
        expected = (self._embedder.dimension,)
        if vector.shape != expected:
            raise ValueError(f"The vector has shape {vector.shape}; the model gives {expected}.")
        return self._dense.search(vector, language=language, limit=limit, documents=allowed)

    def passages(self, ids: Iterable[str]) -> tuple[Passage, ...]:
        """The passages of these ids in their order; unknown ids are left out."""
        with self._ledger.reading() as db:
            return records.passages(db, tuple(ids))

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in the order of its text; () for an unknown id."""
        with self._ledger.reading() as db:
            return records.passages_of(db, document_id)

    def document(self, document_id: str) -> Document:
        """The document of an id; UnknownDocument if there is none."""
        with self._ledger.reading() as db:
            found = records.document(db, document_id)
        if found is None:
            raise self._unknown(document_id)
        return found

    def documents(self, filter: Filter = _NO_FILTER) -> tuple[Entry, ...]:
        """The documents that pass the filter, in the order of their first names."""
        with self._ledger.reading() as db:
            return records.entries(db, filter)

    def locations(self, root: str | None = None) -> dict[str, SourceRecord]:
        """All sources by location, or those of one ingested folder, in the order added."""
        with self._ledger.reading() as db:
            return {source.location: source for source in sources.records(db, root=root)}

    def find(self, name_or_id: str) -> str:
        """The id of the document meant by an id, its start, a name or a location.

        UnknownDocument or AmbiguousDocument where that is not exactly one.
        """
        with self._ledger.reading() as db:
            found = sources.candidates(db, name_or_id)
            names = sources.names(db)
        if not found:
            raise self._unknown(name_or_id)
        if len(found) > 1:
            listed = ", ".join(f"{one} ({', '.join(names.get(one, ()))})" for one in found)
            raise AmbiguousDocument(
                f"{name_or_id!r} may mean any of {len(found)} documents: {listed}. Give the id."
            )
        return found[0]

    def languages(self) -> tuple[str, ...]:
        """The languages of the passages, the one with most passages first."""
        with self._ledger.reading() as db:
            return records.languages(db)

    def document_frequency(
        self, terms: Iterable[str], *, language: str
    ) -> tuple[dict[str, int], int]:
        """How many passages of a language hold each stem, and how many passages it has."""
        with self._ledger.reading() as db:
            return lexical.frequencies(db, terms, language=language)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One change at a time, after what an earlier one left undone."""
        if not self._writing:
            raise StoreError(
                f"The store in {str(self._folder)!r} is open for reading; "
                "open it with mode='write' to change it."
            )
        with self._change:
            with self._ledger.reading() as db:
                pending = marks(db).get(Mark.PENDING)
            if pending:
                self._dense.bring_in_step()
            yield

    def _follow(self, change: changes.Change) -> None:
        if change:
            self._dense.apply(write=change.write, delete=change.delete)

    def _vectors(self, document: Document, passages: Sequence[Passage]) -> dict[str, bytes]:
        """The vectors of all passages by id: those of unchanged texts, and the others made now."""
        with self._ledger.reading() as db:
            known = records.vectors_of(db, document.id)
        texts = {p.id: records.indexed_text(document, p) for p in passages}
        digests = {passage_id: records.digest(text) for passage_id, text in texts.items()}
        new = [passage_id for passage_id, digest in digests.items() if digest not in known]
        if new:
            made = self._embedded([texts[passage_id] for passage_id in new])
            known |= {digests[new[row]]: made[row].tobytes() for row in range(len(new))}
        return {passage_id: known[digest] for passage_id, digest in digests.items()}

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._check_model()
        made = self._embedder.embed_passages(texts)
        expected = (len(texts), self._embedder.dimension)
        if made.shape != expected:
            raise ValueError(
                f"{self._embedder.name!r} gave vectors of shape {made.shape} "
                f"where {expected} was expected."
            )
        return np.ascontiguousarray(made, dtype="<f4")

    def _check_model(self) -> None:
        """ModelMismatch if the store's vectors are of another model; asks the model once."""
        if not self._model_checked:
            with self._ledger.reading() as db:
                known = marks(db)
            model.check(known, self._embedder, self._folder)
            self._model_checked = True

    def _unknown(self, name_or_id: str) -> UnknownDocument:
        return UnknownDocument(
            f"The store in {str(self._folder)!r} has no document {name_or_id!r}. "
            "`summit documents` lists those it has."
        )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {str(folder)!r} cannot be made ({error}).") from error


def _holder(folder: Path) -> str:
    """Who said last that it writes, for a message."""
    with suppress(StoreError), closing(Ledger.open(folder)) as ledger, ledger.reading() as db:
        return marks(db).get(Mark.WRITER, "another process")
    return "another process"
