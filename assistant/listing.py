"""The list of documents, for a terminal, for another program, or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from vectorstore import Entry

__all__ = ["show"]


def show(entries: Sequence[Entry], *, as_json: bool) -> None:
    """Prints one line per document: id, source, title, date, language, passages."""
    if as_json:
        print(json.dumps([_fields(entry) for entry in entries], ensure_ascii=False, indent=1))
    elif sys.stdout.isatty():
        _table(entries)
    else:
        for entry in entries:
            print("\t".join(_flat(cell) for cell in _cells(entry)))


def _fields(entry: Entry) -> dict[str, object]:
    return {"source": entry.sources[0], **asdict(entry)}


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        entry.id,
        entry.sources[0],
        entry.title,
        entry.date or "",
        entry.language,
        str(entry.passages),
    )


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _table(entries: Sequence[Entry]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("id", "source", "title", "date", "language", "passages", box=None)
    for entry in entries:
        table.add_row(*(Text(cell) for cell in _cells(entry)))
    Console().print(table)
