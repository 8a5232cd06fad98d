"""Taking a document out of the store, with the files of it that were kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant import uploads
from vectorstore import Store

__all__ = ["Removed", "remove"]


@dataclass(frozen=True, slots=True)
class Removed:
    """What a document was called. `folders` are ingested ones that it would come back from."""

    title: str
    names: tuple[str, ...]
    folders: tuple[str, ...]


def remove(document_id: str, kept: Path, store: Store) -> Removed:
    """Forgets a document under all its names; UnknownDocument if there is none.

    Of its files only those in `kept`, the folder of what was added in the page, are deleted.
    """
    document = store.document(document_id)
    sources = [s for s in store.locations().values() if s.document_id == document_id]
    store.forget(document_id)
    for source in sources:
        uploads.discard(source.location, kept)
    folders = tuple(dict.fromkeys(source.root for source in sources if source.root))
    return Removed(document.title, document.sources, folders)
