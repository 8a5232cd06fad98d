"""Which embedding model a store was built with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .embedder import Embedder
from .errors import ModelMismatch
from .ledger import Mark

__all__ = ["as_marks", "check", "name_and_fingerprint"]


def as_marks(embedder: Embedder) -> dict[str, str]:
    """What the ledger notes of a model."""
    return {
        Mark.MODEL_NAME: embedder.name,
        Mark.MODEL_FINGERPRINT: embedder.fingerprint,
        Mark.MODEL_DIMENSION: str(embedder.dimension),
    }


def name_and_fingerprint(known: Mapping[str, str]) -> tuple[str, str] | None:
    """The model that the ledger has noted, None before the first passage."""
    if Mark.MODEL_NAME not in known:
        return None
    return known[Mark.MODEL_NAME], known[Mark.MODEL_FINGERPRINT]


def check(known: Mapping[str, str], embedder: Embedder, folder: Path) -> None:
    """ModelMismatch if the ledger has noted another model than this.

    Fingerprint and dimension decide: the same weights may go by several names.
    """
    if Mark.MODEL_NAME not in known:
        return
    given = as_marks(embedder)
    if all(known[key] == given[key] for key in (Mark.MODEL_FINGERPRINT, Mark.MODEL_DIMENSION)):
        return
    raise ModelMismatch(
        f"The store in {str(folder)!r} was built with the embedding model {_told(known)}, and "
        f"vectors of {_told(given)} cannot be compared with it. Set SUMMIT_EMBED_MODEL="
        f"{known[Mark.MODEL_NAME]}, or ingest the sources into another folder (--store)."
    )


def _told(model: Mapping[str, str]) -> str:
    return (
        f"{model[Mark.MODEL_NAME]!r} (fingerprint {model[Mark.MODEL_FINGERPRINT]}, "
        f"{model[Mark.MODEL_DIMENSION]} dimensions)"
    )
