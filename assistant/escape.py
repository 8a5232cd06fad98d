"""Text as HTML, with every character of it escaped.

Whatever comes from a document, a file name, a question or an answer goes through
`exactly` (nothing lost) or `label` (one line, shortened); nothing else does the escaping.
"""

from __future__ import annotations

import html
import re
from datetime import date

__all__ = ["UNSEEN", "day", "exactly", "label", "problem", "unseen"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
LABEL = 160

# Direction overrides and isolates, and other characters that are not seen: they can make
# a name read as another one.
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def exactly(text: str) -> str:
    """HTML whose text content is `text`, character by character (NUL aside)."""
    return html.escape(text).replace("\r", "&#13;")


def label(text: str, limit: int = LABEL) -> str:
    """HTML of `text` as a name: on one line, at most `limit` characters, nothing unseen."""
    line = " ".join(UNSEEN.sub("", text).split())
    return html.escape(line if len(line) <= limit else line[: limit - 1].rstrip() + "…")


def day(written: str | None) -> str:
    """HTML of an ISO date in words; anything else as it is written, nothing for None."""
    try:
        known = date.fromisoformat(written or "")
    except ValueError:
        return label(written or "")
    return f"{known.day} {MONTHS[known.month - 1]} {known.year}"


def unseen(text: str) -> str:
    """Text that a screen reader says and nobody sees; the style keeps it from being copied."""
    return f'<span class="unseen">{exactly(text)}</span>'


def problem(message: str) -> str:
    """A paragraph that says in plain words what went wrong."""
    return f'<p class="problem" role="alert">{exactly(message)}</p>'
