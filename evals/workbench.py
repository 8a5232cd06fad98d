"""What a run works on: a store opened once, with its model, its documents and the assistant."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant import Assistant
from assistant.assistant import embedder_for, open_store, ranker_for
from assistant.settings import read_settings
from evals.gold import Library
from evals.run import RunError
from ingest.sync import sync
from vectorstore import Embedder, Store

__all__ = ["BUNDLED_DOCUMENTS", "BUNDLED_QUESTIONS", "Workbench", "workbench"]

HERE = Path(__file__).parent
BUNDLED_DOCUMENTS = HERE / "corpus"
BUNDLED_QUESTIONS = HERE / "questions.jsonl"
# Where the bundled documents are indexed for the evals, beside the checkout's other stores.
BUNDLED_STORE = Path("store") / "evals"

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Workbench:
    """An open store and what answers from it."""

    folder: Path
    store: Store
    embedder: Embedder
    library: Library
    assistant: Assistant

    def fingerprint(self) -> str:
        """A hash over the ids of all documents, which are hashes of their texts."""
        ids = sorted(self.library.ids())
        return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


@contextmanager
def workbench(store: Path | None, *, note: Note) -> Iterator[Workbench]:
    """The store in a folder; without one the bundled documents, indexed first if need be."""
    folder = store or BUNDLED_STORE
    settings = read_settings({"store": str(folder)}, os.environ)
    embedder = embedder_for(settings, note)
    if store is None:
        note(f"Bringing the bundled documents into {str(folder)!r}…")
        with open_store(settings, embedder, write=True) as written:
            failed = [o for o in sync([str(BUNDLED_DOCUMENTS)], written) if o.result == "failed"]
        if failed:
            raise RunError(f"{failed[0].name!r} could not be read: {failed[0].reason}")
    with open_store(settings, embedder) as opened:
        assistant = Assistant(opened, embedder, ranker_for(settings))
        assistant.warm_up()
        yield Workbench(folder, opened, embedder, Library(opened), assistant)
