"""One result of a search."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Hit"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it fits; a higher `score` is better.

    Dense scores are cosines, -1 to 1. Lexical scores are BM25, above 0 and without an
    upper bound, and comparable only within one query and one language.
    """

    passage_id: str
    score: float
