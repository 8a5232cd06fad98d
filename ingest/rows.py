"""Tables in plain text: which lines are rows, though nothing but spaces shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from ingest.lines import Line, groups

__all__ = ["row_starts"]

COLUMNS = re.compile(r"[^\s.:;!?](?: {2,}| *\t\s*)\S")
FRAME = re.compile(r"[-=\s|:+]{3,}")
ENDS = tuple(".!?:;,…")
LISTED = re.compile(r"(?:[-*+•◦–—]|\(?\w{1,3}[.)])\s")


def row_starts(lines: Sequence[Line], width: int, *, markdown: bool) -> frozenset[int]:
    """Where the rows of tables start whose cells only spaces part, or bars without a frame.

    Rows follow each other tightly, start no line in lower case and end no sentence. Two
    that show columns make a table; so do three short ones that all hold a figure, and the
    line above them is its header.
    """
    rows: set[int] = set()
    for group in groups(lines):
        rows.update(_barred_rows(group))
    for run in [] if markdown else _tight(lines):
        rows.update(_spaced_rows(run, width))
    return frozenset(rows)


def _barred_rows(group: Sequence[Line]) -> set[int]:
    """The rows of a table whose second line is of bars and hyphens."""
    for i, line in enumerate(group[1:]):
        if "|" in line.text and FRAME.fullmatch(line.text):
            table = takewhile(lambda row: "|" in row.text, group[i:])
            return {row.start for row in table if not FRAME.fullmatch(row.text)}
    return set()


def _tight(lines: Sequence[Line]) -> list[list[Line]]:
    """Runs of lines that neither an empty line nor the end of a sentence nor a bullet parts."""
    runs: list[list[Line]] = [[]]
    for line in lines:
        plain = not line.text.endswith(ENDS) and not line.text[:1].islower()
        plain = plain and not LISTED.match(line.text)
        if line.after_gap or not plain:
            runs.append([])
        if plain:
            runs[-1].append(line)
    return [run for run in runs if len(run) > 1]


def _spaced_rows(run: Sequence[Line], width: int) -> set[int]:
    lines = [line for line in run if not FRAME.fullmatch(line.text)]
    columns = [line for line in lines if COLUMNS.search(line.text)]
    if len(columns) >= 2 and len(columns) >= len(lines) - 1:
        return {line.start for line in columns}
    figures = [
        i
        for i, line in enumerate(lines)
        if re.search(r"\d", line.text) and " " in line.text and len(line.text) < 0.72 * width
    ]
    if len(figures) < 3 or figures != list(range(figures[0], figures[-1] + 1)):
        return set()
    return {line.start for line in lines[max(0, figures[0] - 1) : figures[-1] + 1]}
