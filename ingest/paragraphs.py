"""Where a paragraph or an item ends: whether a line goes on with the open block before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.extract import BlockKind
from ingest.lines import Line
from vectorstore.document import Span

__all__ = ["CLOSED", "TERMINAL", "Draft", "Layout", "continues", "short_title"]

TERMINAL = (".", "!", "?", ":", ";", "…", ".”", "!”", "?”", '."', '?"', '!"', ".’", "?’", ".)")
CLOSED = (".", "!", "?", "…", "”", '"', "’", ")")


@dataclass(frozen=True, slots=True)
class Layout:
    """A text and how it is set: whether its lines are wrapped, and at how many characters.

    `function` are the function words of its language.
    """

    text: str
    markdown: bool
    wrapped: bool
    width: int
    function: frozenset[str]


@dataclass(slots=True)
class Draft:
    """A block that is still growing, as (start, end) of whole lines."""

    kind: BlockKind
    level: int
    spans: list[Span] = field(default_factory=list)
    last: Line | None = None
    marker: str = ""
    after_gap: bool = False
    # where an item's own text starts on its line: lines indented as far continue it
    hang: int = 0

    def add(self, line: Line, start: int | None = None) -> None:
        at = line.start if start is None else start
        if at < line.end:
            self.spans.append((at, line.end))
        self.last = line


def continues(before: Draft, line: Line, layout: Layout) -> bool:
    """Whether `line` goes on with the open block rather than starting its own.

    Nothing goes on with a row; for a heading see `ingest.headings.runs_on`.
    """
    last = before.last
    if last is None or before.kind in ("heading", "row"):
        return False
    if before.kind in ("quotation", "note"):
        return not line.after_gap
    if line.after_gap and not _mid_sentence(last, line, layout):
        return before.kind == "item" and _hangs(before, line, layout)
    if before.kind == "item" and _hangs(before, line, layout):
        return True
    if layout.markdown and layout.wrapped and not line.after_gap:
        return not last.hard_break or _mid_sentence(last, line, layout)
    if _mid_sentence(last, line, layout):
        return True
    ended = before.kind == "item" and last.closing.endswith(CLOSED)
    if not ended and _same_paragraph(last, line, layout):
        return True
    return before.kind == "paragraph" and not line.after_gap and _unfinished(before, layout)


def short_title(line: Line, layout: Layout) -> bool:
    """Whether a line is as short as a title and ends as one does."""
    bare = line.closing
    words = re.findall(r"[^\W_]+", bare)
    ends_open = not bare.endswith((*TERMINAL, ",")) and words[-1:] != []
    return ends_open and len(bare) < 0.6 * layout.width and words[-1] not in layout.function


def _hangs(item: Draft, line: Line, layout: Layout) -> bool:
    """A line set in as far as the item's text, or under a wrapped one, belongs to it."""
    if line.after_gap:
        return item.hang > 0 and line.indent >= item.hang and layout.markdown
    return line.indent >= item.hang > 0


def _mid_sentence(last: Line, line: Line, layout: Layout) -> bool:
    """The last line leaves a sentence open, or the next one starts in the middle of it."""
    if last.closing.endswith((":", ";")) and line.after_gap:
        return False
    if last.closing.endswith(TERMINAL) and not last.closing.endswith((";", ":")):
        return False
    if line.text[:1].islower() and not last.closing.endswith(":"):
        return True
    word = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", last.closing)[-1:] or [""]
    if last.closing.endswith(word[0]) and word[0] in layout.function:
        return True
    open_quote = last.text.count("“") > last.text.count("”")
    loose = open_quote or last.closing.endswith((",", "-", "–", "—", "(", "“", "‘"))
    return loose and not line.after_gap


def _same_paragraph(last: Line, line: Line, layout: Layout) -> bool:
    """A full line goes on in the next one, unless that opens something of its own."""
    if line.after_gap or not layout.wrapped or len(last.text) < 0.72 * layout.width:
        return False
    if last.closing.endswith((*CLOSED, ":")):
        return not short_title(line, layout)
    opener = re.match(r"[A-Z]\w*", line.text)
    return not (opener and opener.group().lower() in layout.function)


def _unfinished(draft: Draft, layout: Layout) -> bool:
    """A sentence of several short lines, as bold type leaves behind, is still open."""
    if not layout.wrapped:
        return False
    stretch: list[str] = []
    for start, end in reversed(draft.spans[-3:]):
        piece = layout.text[start:end]
        if piece.endswith(TERMINAL):
            break
        stretch.append(piece)
    return len(stretch) == 3 or (len(stretch) == 2 and "," in stretch[-1])
