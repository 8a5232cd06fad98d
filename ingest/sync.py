"""Making the store hold exactly what its sources hold now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest import sources
from ingest.extract import ReadError
from ingest.prepare import VERSION, prepare
from ingest.reading import read
from ingest.sources import Source, SourceError
from vectorstore import SourceRecord, Store

__all__ = ["Outcome", "Result", "sync"]

Result = Literal["added", "changed", "unchanged", "same content", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one source; `reason` says why it failed, or what it equals."""

    name: str
    result: Result
    passages: int = 0
    reason: str = ""


def sync(
    arguments: Sequence[str],
    store: Store,
    *,
    report: Callable[[Outcome, int, int], None] = lambda outcome, done, of: None,
    public_only: bool = False,
) -> tuple[Outcome, ...]:
    """Brings the folders, files and URLs named by `arguments` into `store`.

    What is new or changed is (re)indexed, what is unchanged left alone, what is gone from
    a folder removed. A source that fails is reported and leaves what the store had of it.
    `report` gets each outcome with how many are done, of how many. SourceError if an
    argument names nothing; nothing is stored then. For `public_only` see `sources.load`.
    """
    found: dict[str, Source] = {}
    roots: set[str] = set()
    for argument in arguments:
        listed, root = _listed(argument, store)
        found.update((source.location, source) for source in listed)
        roots |= {root} if root else set()
    gone = [
        (location, record.name)
        for root in sorted(roots)
        for location, record in store.locations(root).items()
        if location not in found
    ]
    known = store.locations()
    outcomes: list[Outcome] = []
    total = len(found) + len(gone)
    steps = _steps(tuple(found.values()), gone, store=store, known=known, public_only=public_only)
    for outcome in steps:
        outcomes.append(outcome)
        report(outcome, len(outcomes), total)
    return tuple(outcomes)


def _listed(argument: str, store: Store) -> tuple[tuple[Source, ...], str]:
    """The sources that an argument names, and the folder they are in ('' for one source).

    A folder that was ingested before and is empty now has none, which is no error.
    """
    try:
        listed = sources.find(argument)
    except SourceError:
        root = str(Path(argument).expanduser().resolve())
        if not Path(root).is_dir() or not store.locations(root):
            raise
        return (), root
    return listed, listed[0].root if listed else ""


def _steps(
    found: Sequence[Source],
    gone: Sequence[tuple[str, str]],
    *,
    store: Store,
    known: dict[str, SourceRecord],
    public_only: bool,
) -> Iterator[Outcome]:
    for source in found:
        yield _one(source, store, known, public_only=public_only)
    for location, name in gone:
        store.drop(location)
        yield Outcome(name, "removed")


def _one(
    source: Source, store: Store, everything: dict[str, SourceRecord], *, public_only: bool
) -> Outcome:
    known = everything.get(source.location)
    try:
        data, media_type = sources.load(source, public_only=public_only)
        digest = f"{hashlib.sha256(data).hexdigest()}:{VERSION}"
        # A file named by itself stays a file of the folder that it came in with.
        if known is not None and known.digest == digest and source.root in ("", known.root):
            return Outcome(source.name, "unchanged")
        document, passages = prepare(read(data, source.name, media_type=media_type), source.name)
    except ReadError as error:
        return Outcome(source.name, "failed", reason=str(error))
    twins = [r.name for r in everything.values() if r.document_id == document.id]
    store.put(
        document,
        passages,
        location=source.location,
        root=source.root,
        name=source.name,
        digest=digest,
    )
    everything[source.location] = SourceRecord(
        location=source.location,
        root=source.root,
        name=source.name,
        digest=digest,
        document_id=document.id,
    )
    if known is not None:
        return Outcome(source.name, "changed", len(passages))
    if twins:
        return Outcome(source.name, "same content", reason=twins[0])
    return Outcome(source.name, "added", len(passages))
