"""Locks between processes: the door to filelock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import StoreError

__all__ = ["FolderLock"]

# filelock polls; its default of 50 ms would be seen as a delay of searches during an ingest.
_POLL_SECONDS = 0.005


class FolderLock:
    """A lock file that one holder at a time can hold; it goes with its process.

    Not reentrant, and not for use by several threads at once: its owner guards it.
    """

    def __init__(self, path: Path) -> None:
        from filelock import FileLock

        # thread_local=False: a store may be closed by another thread than the one that opened it.
        self._lock = FileLock(path, thread_local=False)
        self._path = path

    @property
    def held(self) -> bool:
        return bool(self._lock.is_locked)

    def acquire(self, *, timeout_seconds: float = 0.0) -> bool:
        """Whether the lock could be had within the time; 0 tries once."""
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=timeout_seconds, poll_interval=_POLL_SECONDS)
        except Timeout:
            return False
        except OSError as error:
            raise StoreError(
                f"The lock file {str(self._path)!r} cannot be used ({error}). Check that the "
                "folder may be written to."
            ) from error
        return True

    def release(self) -> None:
        """Let go; harmless when not held."""
        self._lock.release()

    @contextmanager
    def tried(self) -> Iterator[bool]:
        """Hold the lock for the block if it can be had at once; yields whether it is held."""
        if self.held:
            yield True
            return
        got = self.acquire()
        try:
            yield got
        finally:
            if got:
                self.release()
