"""Reading what comes when it comes, within limits of time: in a thread of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TypeVar

__all__ = ["within"]

T = TypeVar("T")
# A value, or what is raised in its place.
_Arrived = SimpleQueue[tuple[T | None, BaseException | None]]


def within(
    values: Callable[[], Iterator[T]],
    *,
    idle_seconds: float,
    whole_seconds: float,
    end: Callable[[], None],
) -> Iterator[T]:
    """The values as they come; TimeoutError where one keeps its reader waiting too long.

    The first may take `whole_seconds`, each other one `idle_seconds`, all of them together
    `whole_seconds`. What comes while nobody reads is kept. `end` is called once, when the last
    has been read or nobody wants any more: it has to wake a thread that waits for a value.
    """
    arrived: _Arrived[T] = SimpleQueue()
    over, until = Event(), time.monotonic() + whole_seconds
    # A daemon holds up no exit.
    Thread(target=_read, args=(values, arrived, over, until), daemon=True).start()
    patience = whole_seconds
    try:
        while True:
            left = min(patience, until - time.monotonic())
            try:
                value, error = arrived.get(timeout=max(0.0, left))
            except Empty:
                raise TimeoutError from None
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield value  # type: ignore[misc]
            patience = idle_seconds
    finally:
        over.set()
        end()


def _read(
    values: Callable[[], Iterator[T]], arrived: _Arrived[T], over: Event, until: float
) -> None:
    """Puts the values where they are waited for, until nobody does or the time is up."""
    try:
        for value in values():
            arrived.put((value, None))
            if over.is_set():
                return
            if time.monotonic() > until:
                raise TimeoutError
        arrived.put((None, StopIteration()))
    except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
        arrived.put((None, error))
