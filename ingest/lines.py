"""The lines of a text with their places, as the recognisers of structure see them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Line", "groups", "is_wrapped", "line_width", "split_lines"]

# After a stop or a closing quotation mark, but not in a decimal number.
NOTE_NUMBER = re.compile(r"(?<=[^\s\d][.,;:!?”’\"»])\d{1,3}$")
LINE = re.compile(r"[^\r\n\v\f\u2028\u2029]*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that holds something besides white space.

    `start:end` is the line without the white space around it; `text` is that slice.
    `indent` counts the columns before it (a tab reaches the next multiple of four).
    `after_gap` tells that an empty line or the start of the text comes before;
    `hard_break` that it ends in Markdown's two spaces or backslash. `page` counts
    from 0.
    """

    start: int
    end: int
    text: str
    indent: int
    after_gap: bool
    hard_break: bool
    page: int

    @property
    def closing(self) -> str:
        """The text up to how it ends: without a note's number and marks of emphasis there."""
        return NOTE_NUMBER.sub("", self.text.rstrip("*_"))


def split_lines(text: str, pages: tuple[int, ...] = ()) -> tuple[Line, ...]:
    lines: list[Line] = []
    gap = True
    at = 0
    while at <= len(text):
        match = LINE.match(text, at)
        end = match.end() if match else at
        raw = text[at:end]
        content = raw.strip()
        if content:
            lines.append(_line(raw, content, at, gap, pages))
            gap = False
        elif lines or raw:
            gap = True
        at = end + (2 if text[end : end + 2] == "\r\n" else 1)
    return tuple(lines)


def _line(raw: str, content: str, at: int, gap: bool, pages: tuple[int, ...]) -> Line:
    before = raw[: len(raw) - len(raw.lstrip())]
    start = at + len(before)
    return Line(
        start=start,
        end=start + len(content),
        text=content,
        indent=len(before.expandtabs(4)),
        after_gap=gap,
        hard_break=raw.endswith(("  ", "\\")),
        page=max(0, bisect.bisect_right(pages, start) - 1),
    )


def groups(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in runs that no empty line interrupts."""
    found: list[list[Line]] = []
    for line in lines:
        if line.after_gap or not found:
            found.append([])
        found[-1].append(line)
    return found


def line_width(lines: Sequence[Line]) -> int:
    """The length that nine lines in ten do not exceed, in characters; 0 without lines."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether lines are broken at a fixed width, so that one says nothing of a paragraph.

    True when lines stay under 130 characters and at least a fifth of those that have a
    next one go on in it in lower case.
    """
    inner = [following.text[:1].islower() for following in lines if not following.after_gap]
    return bool(inner) and line_width(lines) <= 130 and sum(inner) >= 0.2 * len(inner)
