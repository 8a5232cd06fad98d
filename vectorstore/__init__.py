"""What was ingested, kept so that it can be found again by words and by meaning."""

from .document import (
    Document,
    Entry,
    Filter,
    Passage,
    Sentence,
    SentenceKind,
    Span,
    index_text,
    passage_id,
)
from .embedder import Embedder
from .errors import (
    AmbiguousDocument,
    ChromaUnavailable,
    ModelMismatch,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreVersion,
    UnknownDocument,
)
from .hit import Hit
from .lexical import stems
from .sources import SourceRecord
from .store import Store

__all__ = [
    "AmbiguousDocument",
    "ChromaUnavailable",
    "Document",
    "Embedder",
    "Entry",
    "Filter",
    "Hit",
    "ModelMismatch",
    "Passage",
    "Sentence",
    "SentenceKind",
    "SourceRecord",
    "Span",
    "Store",
    "StoreDamaged",
    "StoreError",
    "StoreLocked",
    "StoreMissing",
    "StoreVersion",
    "UnknownDocument",
    "index_text",
    "passage_id",
    "stems",
]
