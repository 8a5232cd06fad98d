"""Whether the citations of an export still stand, word for word, in the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vectorstore import Store, UnknownDocument

__all__ = ["Cited", "ExportError", "failures", "read"]


class ExportError(Exception):
    """An export that cannot be checked; the message names the file and what is expected."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as the export has it."""

    document: str
    source: str
    start: int
    end: int
    quote: str


def read(file: Path) -> tuple[Cited, ...]:
    """Every citation in a JSON file: an answer, a list or lines of them, or a conversation."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"The export {str(file)!r} cannot be read: {error}.") from error
    try:
        found = tuple(_citations(_parsed(text)))
    except (json.JSONDecodeError, TypeError, KeyError, ValueError) as error:
        raise ExportError(f"The export {str(file)!r} is not an export of ours: {error}.") from error
    return found


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.split("\n") if line.strip()]


def _citations(value: Any) -> Iterator[Cited]:
    if isinstance(value, list):
        for item in value:
            yield from _citations(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "citations" and isinstance(inner, list):
                yield from (_cited(item) for item in inner if isinstance(item, dict))
            elif key != "nearest":
                yield from _citations(inner)


def _cited(item: dict[str, Any]) -> Cited:
    return Cited(
        document=str(item["document"]),
        source=str(item.get("source", "")),
        start=int(item["start"]),
        end=int(item["end"]),
        quote=str(item["quote"]),
    )


def failures(export: Sequence[Cited], store: Store) -> tuple[str, ...]:
    """What is wrong with each citation that no longer holds.

    The `content_hash` of an export is not compared: ingest takes a document's id from its
    first 16 digits, so a text that has changed has another id, and is not found. The hash
    is for a reader without the store.
    """
    return tuple(problem for cited in export if (problem := _problem(cited, store)))


def _problem(cited: Cited, store: Store) -> str | None:
    where = f"{cited.source or cited.document!r}, characters {cited.start} to {cited.end}"
    try:
        document = store.document(cited.document)
    except UnknownDocument:
        gone = f"{where}: the document {cited.document!r} is not in the store."
        return f"{gone}{_changed(cited, store)}"
    if document.text[max(0, cited.start) : cited.end] != cited.quote:
        return f"{where}: the text there is not the quote {cited.quote[:80]!r}."
    return None


def _changed(cited: Cited, store: Store) -> str:
    """Where the quote is now, if the name of its document is another text's by now."""
    named = [r.document_id for r in store.locations().values() if r.name == cited.source]
    if not named:
        return ""
    found = (store.document(one).text.find(cited.quote) for one in dict.fromkeys(named))
    start = next((at for at in found if at >= 0), None)
    if start is None:
        quoted = f"which does not hold the quote {cited.quote[:80]!r}"
        return f" {cited.source!r} is now another text under the same name, {quoted}."
    place = f"the quote stands there at characters {start} to {start + len(cited.quote)}"
    return f" {cited.source!r} is now another text under the same name; {place}."
