"""A run's figures on a terminal: one row a figure, one column an engine."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from evals.claims import Count
from evals.compare import Change
from evals.evaluate import Report
from evals.mutation.checkers import Rate

__all__ = [
    "cell",
    "count_rows",
    "figure_rows",
    "group_rows",
    "rate_rows",
    "show",
    "show_changes",
    "show_judge",
    "watching",
]

Rows = Sequence[Sequence[str]]


def cell(figure: Mapping[str, Any] | None) -> str:
    """A figure with its interval: "0.46 [0.32, 0.60]"; a dash where it is undefined."""
    if figure is None or figure["value"] is None:
        return "–"
    value, low, high = figure["value"], figure["low"], figure["high"]
    digits = 0 if value >= 20 else 2
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def figure_rows(run: Mapping[str, Any]) -> Rows:
    """All figures of all engines, with 95 % intervals; the head first."""
    engines = run["engines"]
    rows = [
        (name, *(cell(engine["figures"].get(name)) for engine in engines.values()))
        for name in next(iter(engines.values()))["figures"]
    ]
    return [("figure", *engines), *rows]


def count_rows(counts: Sequence[Count]) -> Rows:
    """Shares of sentences that are held to be supported, and partly, by kind; the head first."""
    rows = [
        (
            f"{count.kind}, cites another language" if count.foreign else count.kind,
            str(count.total),
            f"{count.supported / count.total:.2f}",
            f"{count.partly / count.total:.2f}",
        )
        for count in counts
    ]
    return [("kind", "n", "supported", "partly"), *rows]


def group_rows(run: Mapping[str, Any], by: str) -> Rows:
    """`right` of all engines by kind, language or document ("kind", "lang", "doc")."""
    engines = run["engines"]
    first = next(iter(engines.values()))["by"][by]
    rows = [
        (
            value,
            str(first[value]["right"]["n"]),
            *(cell(engine["by"][by][value]["right"]) for engine in engines.values()),
        )
        for value in first
    ]
    return [(by, "n", *engines), *rows]


def rate_rows(rates: Sequence[Rate]) -> Rows:
    """How many pairs of each kind a checker refused."""
    rows = [
        (
            rate.kind,
            "false alarms" if rate.supported else "caught",
            cell(rate.share.as_json()),
            str(rate.total),
        )
        for rate in rates
    ]
    return [("pairs", "refused are", "share", "n"), *rows]


def show(title: str, rows: Rows) -> None:
    """Prints a table whose first row is its head."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name, no_wrap=True)
    for row in rows[1:]:
        table.add_row(*(Text(value) for value in row))
    # A pipe has no width: nothing is cut there.
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def show_changes(engine: str, changes: Sequence[Change]) -> None:
    """What changed since an earlier run, and whether it is more than chance."""
    rows = [
        (
            change.name,
            f"{change.before.value:.3f}",
            f"{change.now.value:.3f}",
            f"{change.difference.value:+.3f} "
            f"[{change.difference.low:+.3f}, {change.difference.high:+.3f}]",
            change.verdict,
        )
        for change in changes
        if change.verdict != "undefined"
    ]
    head = (engine, "before", "now", "difference", "")
    n = max((change.difference.n for change in changes), default=0)
    show(f"Compared on {n} questions, paired bootstrap", [head, *rows])


def show_judge(judged: Mapping[str, Any]) -> None:
    """How far a language model agrees with the gold spans, by engine; nothing without one."""
    rows = []
    for engine, result in judged.items():
        for what in ("sentences", "citations"):
            found = result[what]
            kappa = "–" if found["kappa"] is None else f"{found['kappa']:.2f}"
            rows.append((engine, what, str(found["n"]), str(found["not_judged"]),
                         cell(found["supported"]), cell(found["agreed"]), kappa))  # fmt: skip
    if rows:
        head = ("engine", "", "judged", "not judged", "supported", "agreed", "kappa")
        show("The judge, and how far the gold spans agree", [head, *rows])


@contextmanager
def watching() -> Iterator[Report]:
    """A progress bar on standard error where that is a terminal; plain lines where not."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Left(),
        console=Console(file=sys.stderr),
        disable=not sys.stderr.isatty(),
    )
    tasks: dict[str, Any] = {}

    def report(what: str, done: int, of: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=of)
            if bar.disable:
                print(f"{what}: {of}", file=sys.stderr, flush=True)
        bar.update(tasks[what], completed=done)

    with bar:
        yield report
