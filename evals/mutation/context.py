"""What the documents around a claim give to make it false with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["KNOWN", "Context", "Event"]

# How often a name stands in the documents at least, before it may take another one's place.
KNOWN = 2


@dataclass(frozen=True, slots=True)
class Event:
    """A document whose title names an event, with what its sentences say."""

    title: str
    date: str
    language: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What the documents give to change a pair with.

    `neighbours` has for a source and a quote the slices right before and after it;
    `events` those a claim could be attributed to instead; `actors` the names of each kind
    (language, kind, the word before) and `summits` what stands before "summit", most
    frequent first.
    """

    neighbours: Mapping[tuple[str, str], tuple[str, ...]]
    events: tuple[Event, ...]
    actors: Mapping[tuple[str, str, str], tuple[str, ...]]
    summits: tuple[str, ...]
