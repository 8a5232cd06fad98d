"""One thread that changes the store while others read it: one change after another."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from vectorstore import Store

__all__ = ["Writer"]

_T = TypeVar("_T")
_Change = tuple[Callable[[Store], Any], "Future[Any]"]
# How long the end of the program waits for the change in hand. One that is cut off is
# completed when the store is opened next.
CLOSING_SECONDS = 10.0


class Writer:
    """Opens the store for writing while there is something to change, and only then.

    Between changes another process, such as `summit ingest`, may write. Thread safe.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open_store = open_store
        self._changes: queue.SimpleQueue[_Change | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="store writer", daemon=True)
        self._thread.start()

    def submit(self, change: Callable[[Store], _T]) -> Future[_T]:
        """What becomes of a change, made in its turn; its errors, and those of opening the
        store (StoreLocked where another process writes), are those of the future."""
        future: Future[_T] = Future()
        if self._closed.is_set():
            future.cancel()
        else:
            self._changes.put((change, future))
        return future

    def close(self) -> None:
        """Waits for the change in hand; those not begun are cancelled."""
        self._closed.set()
        self._changes.put(None)
        self._thread.join(CLOSING_SECONDS)

    def _work(self) -> None:
        store: Store | None = None
        while True:
            if store is not None and self._changes.empty():
                store.close()
                store = None
            task = self._changes.get()
            if task is None:
                break
            change, future = task
            if self._closed.is_set() or not future.set_running_or_notify_cancel():
                future.cancel()
                continue
            try:
                store = store or self._open_store()
                future.set_result(change(store))
            except Exception as error:  # noqa: BLE001 (whoever waits is told)
                future.set_exception(error)
        if store is not None:
            store.close()
