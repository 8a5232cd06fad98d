"""Making the store hold exactly what its sources hold now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest import sources
from ingest.extract import ReadError
from ingest.prepare import VERSION, prepare
from ingest.reading import read
from ingest.sources import Source
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
) -> tuple[Outcome, ...]:
    """Brings the folders, files and URLs named by `arguments` into `store`.

    What is new or changed is (re)indexed, what is unchanged left alone, what is gone from
    a folder removed. A source that fails is reported and leaves what the store had of it.
    `report` gets each outcome with how many are done, of how many. SourceError if an
    argument names nothing; nothing is stored then.
    """
    found = {source.location: source for argument in arguments for source in sources.find(argument)}
    roots = {source.root for source in found.values() if source.root}
    gone = [
        (location, record.name)
        for root in sorted(roots)
        for location, record in store.locations(root).items()
        if location not in found
    ]
    known = store.locations()
    outcomes: list[Outcome] = []
    total = len(found) + len(gone)
    for outcome in _steps(tuple(found.values()), gone, store=store, known=known):
        outcomes.append(outcome)
        report(outcome, len(outcomes), total)
    return tuple(outcomes)


def _steps(
    found: Sequence[Source],
    gone: Sequence[tuple[str, str]],
    *,
    store: Store,
    known: dict[str, SourceRecord],
) -> Iterator[Outcome]:
    for source in found:
        yield _one(source, store, known)
    for location, name in gone:
        store.drop(location)
        yield Outcome(name, "removed")


def _one(source: Source, store: Store, everything: dict[str, SourceRecord]) -> Outcome:
    known = everything.get(source.location)
    try:
        data, media_type = sources.load(source)
        digest = f"{hashlib.sha256(data).hexdigest()}:{VERSION}"
        if known is not None and known.digest == digest and known.root == source.root:
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
        return Outcome(source.name, "same content", len(passages), reason=twins[0])
    return Outcome(source.name, "added", len(passages))
