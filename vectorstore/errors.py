"""Everything that can go wrong with a store, as the caller sees it.

StoreError
├── StoreMissing         nothing has been ingested into this folder
├── StoreLocked          another process is writing
├── StoreDamaged         a file cannot be read
├── StoreVersion         written by another version of this program
├── ModelMismatch        built with another embedding model
├── ChromaUnavailable    the Chroma server does not answer
├── UnknownDocument      no document has this id or name
└── AmbiguousDocument    several documents have this name
"""
# ruff: noqa: N818  (the names say what happened; "Error" would add nothing at the call site)

from __future__ import annotations

__all__ = [
    "AmbiguousDocument",
    "ChromaUnavailable",
    "ModelMismatch",
    "StoreDamaged",
    "StoreError",
    "StoreLocked",
    "StoreMissing",
    "StoreVersion",
    "UnknownDocument",
]


class StoreError(Exception):
    """Base of all errors of this package."""


class StoreMissing(StoreError):
    """The folder holds no store."""


class StoreLocked(StoreError):
    """Another process is writing to the store."""


class StoreDamaged(StoreError):
    """A file of the store cannot be read."""


class StoreVersion(StoreError):
    """The store was written by a version of this program with another schema."""


class ModelMismatch(StoreError):
    """The store was built with another embedding model than the one given."""


class ChromaUnavailable(StoreError):
    """The Chroma server cannot be reached."""


class UnknownDocument(StoreError):
    """No document of the store has this id, name or location."""


class AmbiguousDocument(StoreError):
    """More than one document of the store has this name."""
