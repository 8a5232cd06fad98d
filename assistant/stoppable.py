"""Work that someone else may end: an iterator that is read in a thread of its own.

Gradio's own `cancels` waits for the step at which a generator is; a reader does not.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

__all__ = ["Dropped", "Running", "Stopped"]

T = TypeVar("T")
CLOSING_SECONDS = 10.0
# A value, or what is raised in its place. Queues of this kind, unlike a pool of threads, may be
# used while Python collects garbage, when an iterator that nobody reads any more is ended.
_Arrived = SimpleQueue[tuple[T | None, BaseException | None]]


class Stopped(Exception):  # noqa: N818 - no error: someone wanted it
    """The work was ended, and what it has come to is wanted."""


class Dropped(Exception):  # noqa: N818 - no error: someone wanted it
    """The work was ended, and nothing of it is wanted any more."""


class Running:
    """The work in progress of each browser tab, at most one each. Thread safe."""

    def __init__(self) -> None:
        self._arrived: dict[str, _Arrived[object]] = {}
        self._threads: list[Thread] = []

    def read(self, tab: str, values: Iterator[T]) -> Iterator[T]:
        """The values, until the tab's work is ended: `Stopped` or `Dropped` is raised then.

        That is at once. A generator ends when the step is done at which it is: it is closed
        there, and takes no other. What it raises is raised here.
        """
        arrived: _Arrived[object] = SimpleQueue()
        wanted: SimpleQueue[bool] = SimpleQueue()
        self._arrived[tab] = arrived
        thread = Thread(target=_steps, args=(values, wanted, arrived), daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()
        try:
            while True:
                if arrived.empty():
                    wanted.put(True)
                value, error = arrived.get()
                if isinstance(error, StopIteration):
                    return
                if error is not None:
                    raise error
                yield value  # type: ignore[misc]
        finally:
            wanted.put(False)
            if self._arrived.get(tab) is arrived:
                del self._arrived[tab]

    def end(self, tab: str, how: Stopped | Dropped) -> None:
        """Ends the tab's work by raising `how` where it is read; nothing if there is none."""
        arrived = self._arrived.pop(tab, None)
        if arrived is not None:
            arrived.put((None, how))

    def close(self) -> None:
        """Ends all work, and waits for the steps in hand: no program may end in their midst."""
        for tab in tuple(self._arrived):
            self.end(tab, Dropped())
        for thread in self._threads:
            thread.join(CLOSING_SECONDS)


def _steps(values: Iterator[T], wanted: SimpleQueue[bool], arrived: _Arrived[T]) -> None:
    """Takes a value each time one is wanted, until none is any more."""
    while wanted.get():
        try:
            arrived.put((next(values), None))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            arrived.put((None, error))
    if isinstance(values, Generator):
        values.close()
