"""Which documents a question is asked of: what the reader chose, as a Filter and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from assistant.answers import Answer, Turn
from assistant.assistant import Assistant
from assistant.escape import day
from assistant.exchange import Stream
from ingest.metadata import language_name
from vectorstore import Entry, Filter

__all__ = ["Limit", "NothingWithin", "chosen", "limits", "stream", "toggled", "without"]

Kind = Literal["document", "language", "publisher", "from", "to"]
# Of what a browser sends, no more is believed.
MOST_VALUES, LONGEST_VALUE = 500, 300


class NothingWithin(ValueError):  # noqa: N818 (as in vectorstore/errors.py)
    """No document passes the filter."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a filter: what kind, its value there, and both in words, not escaped."""

    kind: Kind
    value: str
    words: str


def limits(filter: Filter, entries: Iterable[Entry]) -> tuple[Limit, ...]:
    """What a filter asks, one limit a value; `entries` know the documents' titles."""
    titles = {entry.id: entry.title or entry.sources[0] for entry in entries}
    return tuple(_limits(filter, titles))


def _limits(filter: Filter, titles: dict[str, str]) -> Iterator[Limit]:
    for id in filter.documents:
        yield Limit("document", id, f"Document: {titles.get(id, 'one that has gone')}")
    for code in filter.languages:
        yield Limit("language", code, f"Language: {language_name(code, 'en')}")
    for publisher in filter.publishers:
        yield Limit("publisher", publisher, f"Publisher: {publisher}")
    if filter.date_from:
        yield Limit("from", filter.date_from, f"From {day(filter.date_from)}")
    if filter.date_to:
        yield Limit("to", filter.date_to, f"Until {day(filter.date_to)}")


def chosen(
    before: Filter,
    *,
    languages: Sequence[str],
    publishers: Sequence[str],
    date_from: str,
    date_to: str,
) -> Filter:
    """The filter with what a form says, its documents as before; what is no date is none."""
    return replace(
        before,
        languages=_values(languages),
        publishers=_values(publishers),
        date_from=_day(date_from),
        date_to=_day(date_to),
    )


def _values(given: Sequence[str]) -> tuple[str, ...]:
    known = dict.fromkeys(str(value) for value in given[:MOST_VALUES])
    return tuple(value for value in known if 0 < len(value) <= LONGEST_VALUE)


def _day(written: str) -> str | None:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return None


def toggled(filter: Filter, document_id: str) -> Filter:
    """The filter with one more document to ask, or without it if it was asked already."""
    if document_id in filter.documents:
        return without(filter, "document", document_id)
    return replace(filter, documents=_values((*filter.documents, document_id)))


def without(filter: Filter, kind: str, value: str) -> Filter:
    """The filter without one of its limits; as it is where it has no such limit."""

    def rest(values: tuple[str, ...], of: Kind) -> tuple[str, ...]:
        return tuple(one for one in values if (kind, value) != (of, one))

    return Filter(
        languages=rest(filter.languages, "language"),
        publishers=rest(filter.publishers, "publisher"),
        documents=rest(filter.documents, "document"),
        date_from=None if kind == "from" else filter.date_from,
        date_to=None if kind == "to" else filter.date_to,
    )


def stream(assistant: Assistant, filter: Filter, *, write: bool = True) -> Stream:
    """`Assistant.stream` within the filter; NothingWithin where that leaves no document.

    Without `write` the answer is quoted.
    """

    def streamed(question: str, turns: tuple[Turn, ...], **more: Any) -> Iterator[Answer]:
        if filter != Filter() and not assistant.documents(filter):
            raise NothingWithin(
                "No document is within these filters, so there was nothing to search. Remove one "
                "of them above the question box and ask again."
            )
        yield from assistant.stream(question, turns, filter=filter, write=write, **more)

    return streamed
