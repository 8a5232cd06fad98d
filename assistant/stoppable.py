"""Work that someone else may end: an iterator that is read in a thread of its own.

Gradio's own `cancels` waits for the step at which a generator is; a reader does not.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self, TypeVar

__all__ = ["Dropped", "Running", "Stopped", "Work"]

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
        self._works: dict[str, Work] = {}
        self._threads: list[Thread] = []

    def begin(self, tab: str) -> Work | None:
        """What the tab's work is to be read with; None while the tab has other work."""
        work = Work(self, tab)
        return work if self._works.setdefault(tab, work) is work else None

    def end(self, tab: str, how: Stopped | Dropped) -> None:
        """Ends the tab's work by raising `how` where it is read; nothing if there is none."""
        work = self._works.get(tab)
        if work is None:
            return
        work.end(how)
        if isinstance(how, Dropped):
            self.over(work)

    def close(self) -> None:
        """Ends all work, and waits for the steps in hand: no program may end in their midst."""
        for tab in tuple(self._works):
            self.end(tab, Dropped())
        for thread in self._threads:
            thread.join(CLOSING_SECONDS)

    def over(self, work: Work) -> None:
        """The tab may have other work from now on."""
        if self._works.get(work.tab) is work:
            del self._works[work.tab]

    def start(self, thread: Thread) -> None:
        """Starts a thread that `close` waits for."""
        thread.start()
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]


class Work:
    """One tab's work, from `Running.begin`. It is over once it is read to its end, or where it
    is left as a context manager."""

    def __init__(self, running: Running, tab: str) -> None:
        self.tab = tab
        self._running = running
        self._arrived: _Arrived[Any] = SimpleQueue()
        self._how: Stopped | Dropped | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._running.over(self)

    def end(self, how: Stopped | Dropped) -> None:
        """Raises `how` where the work is read, now or at its first value."""
        self._how = how
        self._arrived.put((None, how))

    def read(self, values: Iterator[T]) -> Iterator[T]:
        """The values, until the work is ended: `Stopped` or `Dropped` is raised then.

        That is at once. A generator ends when the step is done at which it is: it is closed
        there, and takes no other. What it raises is raised here.
        """
        arrived: _Arrived[T] = self._arrived
        wanted: SimpleQueue[bool] = SimpleQueue()
        self._running.start(Thread(target=_steps, args=(values, wanted, arrived), daemon=True))
        try:
            while True:
                if arrived.empty():
                    wanted.put(True)
                value, error = arrived.get()
                error = self._how or error
                if isinstance(error, StopIteration):
                    return
                if error is not None:
                    raise error
                yield value  # type: ignore[misc]
        finally:
            wanted.put(False)
            self._running.over(self)


def _steps(values: Iterator[T], wanted: SimpleQueue[bool], arrived: _Arrived[T]) -> None:
    """Takes a value each time one is wanted, until none is any more."""
    while wanted.get():
        try:
            arrived.put((next(values), None))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            arrived.put((None, error))
    if isinstance(values, Generator):
        values.close()
