"""The door to Chroma: one collection, embedded or on a server, without embedding function."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from .errors import ChromaUnavailable, StoreDamaged
from .hit import Hit
from .records import DenseRecord

__all__ = ["Chroma"]

# Chroma's own settings (100, 100, 16) found 0.73 of the 50 nearest of 5,000 random vectors, these
# all. Of random projections of 4,595 real passages the former left 66 beyond the reach of any
# query, these 0 or 1 (of 1,728 vectors of multilingual-e5-small neither left any). Building takes
# 15 % longer.
_HNSW = {"space": "cosine", "ef_search": 1000, "ef_construction": 400, "max_neighbors": 128}
_CONNECT_SECONDS = 3.0

_T = TypeVar("_T")

_in_use: set[str] = set()
_in_use_guard = threading.Lock()


class Chroma:
    """An open collection. Not thread safe, and what other processes write is not seen.

    `place` is the URL of a server, or the folder of an embedded Chroma, which is made if
    it is missing. Errors: ChromaUnavailable, StoreDamaged.
    """

    def __init__(self, place: str | Path, collection: str) -> None:
        self._place = place
        self._spelling = ""
        self._client: Any = None  # ClientAPI lacks the close() of its one implementation
        address = _address(place) if isinstance(place, str) else None
        try:
            with self._translated():
                self._client = client = self._connect(address)
                self._max_batch = client.get_max_batch_size()
                self._collection = client.get_or_create_collection(
                    collection, embedding_function=None, configuration={"hnsw": _HNSW}
                )
        except BaseException:
            self.close()
            raise

    def ids(self) -> frozenset[str]:
        """The ids of all passages that Chroma lists."""
        with self._translated():
            return frozenset(self._collection.get(include=[])["ids"])

    def write(self, records: Sequence[DenseRecord]) -> None:
        """Add passages, or replace those of the same ids."""
        with self._translated():
            for some in _batches(records, self._max_batch):
                self._collection.upsert(
                    ids=[record.passage_id for record in some],
                    embeddings=np.stack([np.frombuffer(r.vector, dtype="<f4") for r in some]),
                    metadatas=[
                        {"language": record.language, "document": record.document_id}
                        for record in some
                    ],
                    documents=[record.text for record in some],
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Take passages out; unknown ids do no harm."""
        with self._translated():
            for some in _batches(ids, self._max_batch):
                self._collection.delete(ids=list(some))

    def query(
        self,
        vector: NDArray[np.float32],
        *,
        language: str,
        limit: int,
        documents: Sequence[str] | None,
    ) -> tuple[Hit, ...]:
        """The nearest passages of a language, best first; `documents` are the ids allowed."""
        where: dict[str, Any] = {"language": language}
        if documents is not None:
            where = {"$and": [where, {"document": {"$in": list(documents)}}]}
        with self._translated():
            found = self._collection.query(
                query_embeddings=vector[np.newaxis],
                n_results=limit,
                where=where,
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        hits = (Hit(*pair) for pair in zip(found["ids"][0], distances[0], strict=True))
        nearest = sorted(hits, key=lambda hit: (hit.score, hit.passage_id))
        return tuple(Hit(hit.passage_id, 1.0 - hit.score) for hit in nearest)

    def reachable(self, vector: NDArray[np.float32]) -> frozenset[str]:
        """The ids that a search without a limit brings, which may be fewer than `ids()`."""
        with self._translated():
            found = self._collection.query(
                query_embeddings=vector[np.newaxis],
                n_results=max(1, self._collection.count()),
                include=[],
            )
        return frozenset(found["ids"][0])

    def sync(self) -> None:
        """Force the graph's files to disk, which Chroma leaves to the system."""
        if isinstance(self._place, Path):
            # Not chroma.sqlite3: to close a second handle would drop SQLite's locks on it.
            for path in self._place.glob("*/*"):
                with suppress(OSError), path.open("rb") as file:
                    os.fsync(file.fileno())

    def clear(self) -> None:
        """Make the collection anew, empty."""
        name = self._collection.name
        with self._translated():
            self._client.delete_collection(name)
            self._collection = self._client.create_collection(
                name, embedding_function=None, configuration={"hnsw": _HNSW}
            )

    def close(self) -> None:
        """Let go of the client; harmless when closed."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
        with _in_use_guard:
            _in_use.discard(self._spelling)

    def _connect(self, address: tuple[str, int, bool] | None) -> Any:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if address is not None:
            host, port, secure = address
            # Chroma sets no time limit, so that a silent host would hold us for minutes.
            socket.create_connection((host, port), _CONNECT_SECONDS).close()
            return chromadb.HttpClient(host=host, port=port, ssl=secure, settings=settings)
        self._spelling = _free_spelling(Path(self._place))
        return chromadb.PersistentClient(self._spelling, settings=settings)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except ChromaError as error:
            raise StoreDamaged(
                f"Chroma at {str(self._place)!r} cannot be read or written ({error}). "
                "`summit ingest` of any source rebuilds it from the store's own records."
            ) from error
        except (httpx.HTTPError, OSError) as error:
            raise self._unusable(error) from error
        except ValueError as error:
            # Chroma's word for a server that does not answer as a Chroma server does.
            if isinstance(self._place, str):
                raise self._unusable(error) from error
            raise

    def _unusable(self, error: Exception) -> ChromaUnavailable | StoreDamaged:
        if isinstance(self._place, str):
            return ChromaUnavailable(
                f"No Chroma server answers at {self._place!r} ({error}). Start it with "
                "`chroma run`, or unset SUMMIT_CHROMA_URL to use the embedded one."
            )
        return StoreDamaged(f"The folder {str(self._place)!r} cannot be used ({error}).")


def _address(url: str) -> tuple[str, int, bool]:
    """Host, port and whether the connection is encrypted."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    else:
        if parts.scheme in ("http", "https") and host and parts.path in ("", "/"):
            secure = parts.scheme == "https"
            return host, port or (443 if secure else 8000), secure
    raise ChromaUnavailable(
        f"{url!r} is not the URL of a Chroma server; write it like http://localhost:8000."
    )


def _free_spelling(folder: Path) -> str:
    """A way to write the path that no open client of this process uses.

    Chroma shares one index among all clients that give the same string, and a client that
    is opened to see what another process wrote would be handed the old one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _in_use_guard:
        spelling = str(folder.resolve())
        while spelling in _in_use:
            spelling += os.sep + "."
        _in_use.add(spelling)
    return spelling


def _batches(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
