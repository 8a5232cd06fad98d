"""What the command line shows while documents come in: each outcome, counts, time left."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.sync import Outcome

__all__ = ["Progress"]


class Progress:
    """A bar on a terminal's standard error; outcomes as lines on standard output."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("Documents"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            disable=not sys.stderr.isatty(),
            redirect_stdout=sys.stdout.isatty(),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def note(self, message: str) -> None:
        print(message, file=sys.stderr)

    def report(self, outcome: Outcome, done: int, of: int) -> None:
        self._bar.update(self._task, completed=done, total=of)
        print(_line(outcome), flush=True)

    def summary(self, outcomes: Sequence[Outcome], store: Path) -> None:
        """Counts of every result, at the end."""
        counts = Counter(outcome.result for outcome in outcomes)
        told = ", ".join(f"{count} {result}" for result, count in counts.items())
        passages = sum(outcome.passages for outcome in outcomes)
        print(f"{told or 'nothing to do'}; {passages} passages indexed. Store: {store}")
        if counts["failed"]:
            print("Those that failed are listed above with the reason.", file=sys.stderr)


def _line(outcome: Outcome) -> str:
    detail = {
        "failed": outcome.reason,
        "same content": f"as {outcome.reason}",
        "added": f"{outcome.passages} passages",
        "changed": f"{outcome.passages} passages",
    }.get(outcome.result, "")
    return f"{outcome.result:12} {outcome.name}" + (f": {detail}" if detail else "")
