"""Blocks (headings, paragraphs, list items, quotations, rows, notes) found from lines.

Used for plain text, Markdown and PDF, whose formats do not mark them, or do so by the
form of a line alone. A block is a list of pieces, so that it can run across a page break
and leave the furniture in between out.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.drafts import find_drafts
from ingest.extract import Block, BlockKind
from ingest.furniture import Mark
from ingest.headings import MAX_HEADING, heads, is_bold
from ingest.lines import Line, is_wrapped, line_width
from ingest.lists import ORDINAL
from ingest.paragraphs import Draft, Layout
from ingest.words import function_words
from vectorstore.document import Span

__all__ = ["Part", "parts_from_blocks", "parts_from_lines"]

LINKED = re.compile(r"https?://|\bwww\.|\bIbid\b|\bdoi:", re.I)
MARKDOWN_LINK = re.compile(r"\]\([^)]{0,1000}\)")
# A numbered block longer than this, in characters, is a paragraph and no list item; so
# are all of a text, if most are longer than the second figure.
LONG_ITEM = 600
LONG_ITEMS = 250


@dataclass(frozen=True, slots=True)
class Part:
    """A block as the spans of text that belong to it, without markers and furniture.

    `level` is 1 to 6 for a heading and the nesting depth, from 0, for an item; `marker`
    is what stands before an item ("•", "3."), where the text shows it; `opens` tells that
    a row does not belong to the table before.
    """

    spans: tuple[Span, ...]
    kind: BlockKind
    level: int = 0
    marker: str = ""
    opens: bool = False

    @property
    def start(self) -> int:
        return self.spans[0][0]


def parts_from_blocks(blocks: Sequence[Block], marks: Sequence[Mark]) -> tuple[Part, ...]:
    """Blocks that the format marks, less the furniture that lies in or over them."""
    parts = []
    for block in blocks:
        first = bisect.bisect_right(marks, block.start, key=lambda mark: mark.end)
        after = bisect.bisect_left(marks, block.end, key=lambda mark: mark.start)
        spans = _without(((block.start, block.end),), marks[first:after])
        if spans:
            long = block.kind == "heading" and block.end - block.start > MAX_HEADING
            parts.append(Part(spans, "paragraph" if long else block.kind, block.level))
    return tuple(parts)


def parts_from_lines(
    text: str, lines: Sequence[Line], *, marks: Sequence[Mark], language: str, markdown: bool
) -> tuple[Part, ...]:
    """The blocks of a text without structure of its own, in order."""
    away = {(mark.start, mark.end) for mark in marks}
    covered = [mark for mark in marks if mark.kind == "front matter"]
    kept = [
        line
        for line in lines
        if (line.start, line.end) not in away
        and not any(mark.start <= line.start < mark.end for mark in covered)
    ]
    layout = Layout(
        text=text,
        markdown=markdown,
        wrapped=is_wrapped(kept),
        width=line_width(kept),
        function=function_words(language),
    )
    return _settled(find_drafts(kept, layout, language=language), layout)


def _without(spans: tuple[Span, ...], marks: Sequence[Mark]) -> tuple[Span, ...]:
    for mark in marks:
        cut: list[Span] = []
        for start, end in spans:
            if mark.end <= start or end <= mark.start:
                cut.append((start, end))
                continue
            cut += [
                (a, b)
                for a, b in ((start, min(end, mark.start)), (max(start, mark.end), end))
                if a < b
            ]
        spans = tuple(cut)
    return spans


def _settled(drafts: Sequence[Draft], layout: Layout) -> tuple[Part, ...]:
    """The drafts as parts, their kinds put right where that shows only in the whole text."""
    long = _long_items(drafts, layout.text)
    parts: list[Part] = []
    for i, draft in enumerate(drafts):
        spans = _merge(draft.spans, layout.text)
        if i in long:
            parts.append(Part(spans, "paragraph"))
        else:
            following = drafts[i + 1] if i + 1 < len(drafts) else None
            parts.append(_finished(draft, spans, following, layout=layout))
    return tuple(_as_notes(layout.text, _levelled(parts)))


def _long_items(drafts: Sequence[Draft], text: str) -> set[int]:
    """The numbered paragraphs of a text, which are no list, by their place in `drafts`."""
    lengths: dict[int, int] = {}
    introduced = False
    for i, draft in enumerate(drafts):
        if draft.kind != "item":
            introduced = text.endswith(":", 0, draft.spans[-1][1])
        elif not introduced and ORDINAL.match(f"{draft.marker} x"):
            lengths[i] = draft.spans[-1][1] - draft.spans[0][0]
    usual = sorted(lengths.values())[len(lengths) // 2] if lengths else 0
    limit = -1 if usual > LONG_ITEMS else LONG_ITEM
    return {i for i, length in lengths.items() if length > limit}


def _finished(
    draft: Draft, spans: tuple[Span, ...], following: Draft | None, *, layout: Layout
) -> Part:
    """The part, its kind put right where that shows only in the whole of it."""
    length = spans[-1][1] - spans[0][0]
    if draft.kind == "heading" and length > MAX_HEADING:
        return Part(spans, "paragraph")
    if draft.kind == "paragraph" and len(spans) == 1 and length <= MAX_HEADING:
        whole = " ".join(layout.text[spans[0][0] : spans[0][1]].split())
        if is_bold(whole):
            return Part(spans, "heading", 4)
        if following is not None and heads(whole, following, layout):
            return Part(spans, "heading", 3)
    opens = draft.kind == "row" and draft.after_gap
    return Part(spans, draft.kind, draft.level, draft.marker, opens)


def _levelled(parts: Sequence[Part]) -> list[Part]:
    """The parts, their items' depths counted anew from the first item after other text."""
    found: list[Part] = []
    open_levels: list[int] = []
    for part in parts:
        if part.kind != "item":
            open_levels = []
        else:
            while open_levels and open_levels[-1] > part.level:
                open_levels.pop()
            if not open_levels or open_levels[-1] < part.level:
                open_levels.append(part.level)
        level = len(open_levels) - 1 if part.kind == "item" else part.level
        found.append(replace(part, level=level))
    return found


def _merge(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Neighbouring lines as one span; a new one only where other text lies between."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and not re.search(r"[^\s>]", text[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def _as_notes(text: str, parts: list[Part]) -> list[Part]:
    """Marks as notes every run of three or more paragraphs that hold a bare link.

    One paragraph without a link may stand between two that have one; if the notes are a
    list, all of the list is.
    """
    linked = [
        part.kind in ("paragraph", "item")
        and any(LINKED.search(MARKDOWN_LINK.sub("", text[start:end])) for start, end in part.spans)
        for part in parts
    ]
    runs: list[list[int]] = []
    for i in (i for i, found in enumerate(linked) if found):
        if runs and i - runs[-1][-1] <= 2:
            runs[-1].append(i)
        else:
            runs.append([i])
    notes = {k for run in runs if len(run) >= 3 for k in range(run[0], run[-1] + 1)}
    for i in range(1, len(parts)):
        if i - 1 in notes and parts[i - 1].kind == parts[i].kind == "item":
            notes.add(i)
    return [Part(p.spans, "note") if i in notes else p for i, p in enumerate(parts)]
