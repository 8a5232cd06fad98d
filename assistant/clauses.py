"""Where clauses and sentences end within a text, in four languages."""

from __future__ import annotations

import re

__all__ = ["VERB_LAST", "ends", "reaches"]

# Here a verb may stand at the end of its clause, after what it governs.
VERB_LAST = frozenset({"nl", "de"})
CLAUSE_END = re.compile(r"[,;:.!?](?:\s|$)")
AND = re.compile(r"\s(?:and|or|en|of|und|oder|et|ou)\b")
BREAK = re.compile(r"[;:.!?](?:\s|$)")


def ends(text: str, start: int, end: int) -> bool:
    """Whether a clause ends between two places: at a stop, or where "and" begins there."""
    return CLAUSE_END.search(text, start, end) is not None or AND.match(text, start) is not None


def reaches(text: str, start: int, end: int) -> bool:
    """Whether two places are in one sentence, and no semicolon or colon is between them."""
    return BREAK.search(text, start, end) is None
