"""The filters' HTML: the form they are set in and the chips that show them, all escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.escape import exactly, label
from assistant.narrowing import Limit
from ingest.metadata import language_name
from vectorstore import Entry, Filter

__all__ = ["chips", "form"]


def chips(limits: Sequence[Limit], *, within: int, of: int) -> str:
    """The limits that are set, each a button that removes it; nothing where there are none.

    `within` says how many documents pass them all, of how many.
    """
    if not limits:
        return ""
    buttons = "".join(
        f'<button type="button" class="chip" data-lift="{limit.kind}" '
        f'data-value="{exactly(limit.value)}" aria-label="Remove the filter {label(limit.words)}">'
        f'<bdi>{label(limit.words, 60)}</bdi> <span aria-hidden="true">×</span></button>'
        for limit in limits
    )
    documents = "document" if of == 1 else "documents"
    told = (
        f'<span class="hint" role="status">Asking {within:,} of {of:,} {documents}</span>'
        if within
        else '<span class="problem" role="status">No document is within these filters</span>'
    )
    return (
        f'<div class="chips" role="group" aria-label="Filters in use">{buttons}'
        f'<button type="button" data-unlimited>Clear all</button>{told}</div>'
    )


def form(entries: Sequence[Entry], filter: Filter) -> str:
    """A fold-out with a box for each language and publisher that there is, and two dates.

    Beside it is a way to the documents, for a narrow window. Nothing where there are none.
    """
    if not entries:
        return ""
    languages = Counter(entry.language for entry in entries)
    publishers = Counter(entry.publisher for entry in entries if entry.publisher)
    named = {code: language_name(code, "en") for code in {*languages, *filter.languages}}
    publisher_names = {name: name for name in {*publishers, *filter.publishers}}
    return (
        '<details class="filters"><summary>Filters</summary><form>'
        f"{_boxes('Language', 'language', named, languages, filter.languages)}"
        f"{_boxes('Publisher', 'publisher', publisher_names, publishers, filter.publishers)}"
        f"<fieldset><legend>Date of the document</legend>{_date('from', 'From', filter.date_from)}"
        f"{_date('to', 'Until', filter.date_to)}</fieldset>"
        '<p class="hint">To ask only certain documents: “Ask only this” in the list of '
        '<button type="button" class="plain" data-library="list">Documents</button>.</p>'
        '</form></details><button type="button" class="plain" data-library="list">Documents'
        "</button>"
    )


def _boxes(
    legend: str, name: str, words: dict[str, str], counts: Counter[str], chosen: Iterable[str]
) -> str:
    """A box for each value of `words`, in the order of its words."""
    ticked = set(chosen)
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{exactly(value)}"'
        f"{' checked' * (value in ticked)}> <bdi>{label(shown, 80)}</bdi> "
        f'<span class="hint">{counts[value]:,}</span></label>'
        for value, shown in sorted(words.items(), key=lambda item: item[1].casefold())
    )
    return f"<fieldset><legend>{legend}</legend>{boxes}</fieldset>" if boxes else ""


def _date(name: str, words: str, value: str | None) -> str:
    return (
        f'<label>{words} <input type="date" name="{name}" value="{exactly(value or "")}"></label>'
    )
