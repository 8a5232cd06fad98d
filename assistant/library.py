"""The documents panel's HTML: the list, adding and what became of it; all of it escaped."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from assistant.adding import Addition
from assistant.escape import day, exactly, label, problem
from assistant.removing import Removed
from ingest.metadata import language_name
from ingest.reading import SUFFIXES
from ingest.sync import Outcome, Result
from vectorstore import Entry

__all__ = ["additions", "documents", "failed", "nothing_new", "removed", "tabs", "tools"]

SUFFIX_ORDER = (".pdf", ".docx", ".html", ".md", ".txt")
RESULTS: dict[Result, str] = {
    "added": "added",
    "changed": "read anew",
    "unchanged": "already here",
    "same content": "already here under another name",
    "failed": "not added",
}


def tabs(*, documents: bool) -> str:
    """The two tabs of the side panel; `documents` tells which one is chosen at first."""
    both = _tab("source", "Source", not documents) + _tab("documents", "Documents", documents)
    return (
        f'<div class="tabs"><div role="tablist" aria-label="Side panel">{both}</div>'
        '<button type="button" class="plain" data-chat>Ask a question</button></div>'
    )


def _tab(name: str, title: str, chosen: bool) -> str:
    selected = "true" if chosen else "false"
    return (
        f'<button type="button" role="tab" id="tab-{name}" data-tab="{name}" '
        f'aria-controls="{name}" aria-selected="{selected}">{title}</button>'
    )


def tools(*, max_bytes: int | None, opened: bool) -> str:
    """What stands above the list: adding, where files may have `max_bytes`, and finding."""
    return (_adder(max_bytes, opened) if max_bytes is not None else "") + (
        '<div class="finder"><label for="find">Find in the list</label>'
        '<input id="find" type="search" autocomplete="off"><span role="status"></span></div>'
    )


def _adder(max_bytes: int, opened: bool) -> str:
    """Where files are dropped or chosen and a web address is written."""
    accepted = ",".join((*SUFFIX_ORDER, *sorted(SUFFIXES - set(SUFFIX_ORDER))))
    return (
        f'<details class="adder" data-limit="{max_bytes}"{" open" * opened}>'
        "<summary>Add documents</summary>"
        '<div class="drop"><p>Drop files here, or '
        '<button type="button" data-choose>Choose files</button></p>'
        f'<p class="hint">{", ".join(SUFFIX_ORDER)}; at most {max_bytes // 2**20} MB each</p>'
        f'<input type="file" multiple accept="{accepted}" hidden></div>'
        '<form class="address"><label for="address">Or the address of a web page</label>'
        '<input id="address" type="url" required placeholder="https://" autocomplete="off">'
        "<button>Add page</button></form>"
        '<p class="sending" role="status"></p></details>'
    )


def additions(states: Sequence[Addition]) -> str:
    """What is being added and what became of each, in the order in which they were given."""
    outcomes = [state.outcome for state in states if state.outcome]
    items = "".join(f"<li>{_outcome(outcome)}</li>" for outcome in outcomes)
    listed = f"<ul>{items}</ul>" if items else ""
    if len(outcomes) < len(states):
        return _status(f"{_progress(states, len(outcomes))}{listed}")
    return _status(f"<p>{_counted(outcomes)}</p>{listed}", finished=True)


def _progress(states: Sequence[Addition], done: int) -> str:
    now = next((state for state in states if state.reading and not state.outcome), None)
    doing = f"reading <bdi>{label(now.name)}</bdi>" if now else "waiting for its turn"
    count = f"{done + 1} of {len(states)}"
    return (
        f"<p>{count}: {doing}…</p>"
        f'<progress max="{len(states)}" value="{done}" aria-label="Documents added"></progress>'
    )


def _counted(outcomes: Iterable[Outcome]) -> str:
    counts = Counter(outcome.result for outcome in outcomes)
    told = (f"{counts[result]} {words}" for result, words in RESULTS.items() if counts[result])
    return f"Done: {', '.join(told)}." if counts else "Nothing was added."


def _outcome(outcome: Outcome) -> str:
    if outcome.result == "failed":
        return f'<span class="problem">{exactly(outcome.reason)}</span>'
    name = f"<bdi>{label(outcome.name)}</bdi>"
    if outcome.result == "same content":
        return f"{name}: its text is already here as <bdi>{label(outcome.reason)}</bdi>"
    if outcome.result == "unchanged":
        return f"{name}: already here, nothing has changed"
    return f"{name}: {RESULTS[outcome.result]}, {_passages(outcome.passages)}"


def removed(gone: Removed) -> str:
    """What became of a document that was taken out."""
    names = ", ".join(f"<bdi>{label(name)}</bdi>" for name in gone.names)
    back = (
        f"<p>Its file is still in <bdi>{label(gone.folders[0])}</bdi>: the next "
        "<code>summit ingest</code> of that folder brings it back.</p>"
        if gone.folders
        else ""
    )
    return _status(
        f"<p>Removed “<bdi>{label(gone.title)}</bdi>” ({names}). Answers that cite it keep "
        f"their quotes, but it opens no more.</p>{back}",
        finished=True,
    )


def nothing_new() -> str:
    """Where what is added will be told, before there is anything to tell."""
    return _status("")


def _status(content: str, *, finished: bool = False) -> str:
    return f'<div class="added" role="status"{" data-finished" * finished}>{content}</div>'


def documents(
    entries: Sequence[Entry], *, only: Sequence[str] = (), removable: bool = False
) -> str:
    """Every document, by title, with what is known of it and what can be done with it.

    `only` are the ids of those that alone are asked. A dialogue asks before one is removed.
    """
    count = "1 document" if len(entries) == 1 else f"{len(entries):,} documents"
    ordered = sorted(entries, key=_order)
    items = "".join(_item(entry, entry.id in only, removable) for entry in ordered)
    return (
        f'<h2 tabindex="-1" class="label">{count if entries else "No documents yet"}</h2>'
        f'<ul class="documents">{items}</ul>{_dialogue() if removable else ""}'
    )


def _title(entry: Entry) -> str:
    return entry.title or entry.sources[0]


def _order(entry: Entry) -> tuple[str, ...]:
    """By title, without regard to case and accents, and numbers by their value."""
    plain = unicodedata.normalize("NFKD", _title(entry).casefold())
    numbered = re.sub(r"\d+", lambda number: number[0].zfill(20), plain)
    return tuple(re.findall(r"[^\W_]+", numbered))


def _item(entry: Entry, chosen: bool, removable: bool) -> str:
    title = label(_title(entry))
    remove = (
        f'<button type="button" data-doubt="{label(entry.id)}" '
        f'aria-label="Remove {title}">Remove</button>'
        if removable
        else ""
    )
    return (
        f'<li><button type="button" class="read" data-read="{label(entry.id)}">'
        f"<bdi>{title}</bdi></button><p>{' · '.join(_facts(entry))}</p>"
        f'<p class="actions"><button type="button" data-only="{label(entry.id)}" '
        f'aria-pressed="{"true" if chosen else "false"}" '
        f'aria-label="Ask only {title}">Ask only this</button>{remove}</p></li>'
    )


def _facts(entry: Entry) -> Iterator[str]:
    yield day(entry.date) or "no date"
    yield label(language_name(entry.language, "en"))
    if entry.publisher:
        yield f"<bdi>{label(entry.publisher)}</bdi>"
    yield f"<bdi>{label(entry.sources[0])}</bdi>"
    yield _passages(entry.passages)
    yield f"added {day(entry.added[:10])}"


def _passages(count: int) -> str:
    return "1 passage" if count == 1 else f"{count:,} passages"


def _dialogue() -> str:
    """Asks whether one is really to go; the page writes its title in."""
    return (
        '<dialog class="doubt" aria-labelledby="doubt"><p id="doubt">Remove “<bdi></bdi>”? '
        "It is taken out of the store, and questions no longer find it.</p>"
        '<p class="actions"><button type="button" data-sure>Remove it</button>'
        '<button type="button" data-keep autofocus>Keep it</button></p></dialog>'
    )


def failed(message: str) -> str:
    """What kept the documents from being changed or listed."""
    return _status(problem(message), finished=True)
