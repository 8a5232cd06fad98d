"""Blocks as the lines of a text open them and go on with them, read once from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.extract import BlockKind
from ingest.headings import (
    HEADING,
    NUMBER_ALONE,
    QUESTION,
    is_bold,
    is_number_alone,
    is_numbered_title,
    is_title_of,
    runs_on,
    titled,
)
from ingest.lines import Line
from ingest.lists import (
    BULLET,
    BULLET_ALONE,
    LETTER_O,
    ORDINAL,
    Depths,
    is_signature,
    opens_item,
)
from ingest.paragraphs import Draft, Layout, continues
from ingest.rows import row_starts

__all__ = ["find_drafts"]

RULE = re.compile(r"[-*_=~—–\s|:+]{2,}|\\|[*_]{1,3}")
O_IS_A_WORD = frozenset(("cs", "es", "it", "pl", "pt", "sl"))
NOTE = re.compile(r"\[\^?\w{1,4}\]:?\s+(?=\S)")
QUOTE = re.compile(r"(?:>\s?)+")
ROW = re.compile(r"\|.*\|")


def find_drafts(lines: Sequence[Line], layout: Layout, *, language: str) -> list[Draft]:
    """The blocks that lines make up, in order; what they are is settled once all are known."""
    reader = _Reader(lines, layout, language=language)
    for i, line in enumerate(lines):
        reader.take(line, lines[i + 1] if i + 1 < len(lines) else None)
    return [draft for draft in reader.done if draft.spans]


class _Reader:
    """Takes one line after the other, with one open block."""

    def __init__(self, lines: Sequence[Line], layout: Layout, *, language: str) -> None:
        self.layout = layout
        self.letter_o = language not in O_IS_A_WORD
        self.done: list[Draft] = []
        self.pending: Line | None = None  # a detached bullet or number waiting for its text
        self.depths = Depths()
        # the number last given to an item and to a heading, at the margin
        self.counts: dict[BlockKind, int] = {}
        self.rows = row_starts(lines, layout.width, markdown=layout.markdown)

    @property
    def before(self) -> Draft | None:
        return self.done[-1] if self.done else None

    def take(self, line: Line, following: Line | None) -> None:
        pending, self.pending = self.pending, None
        if RULE.fullmatch(line.text) and not (BULLET_ALONE.fullmatch(line.text) and following):
            return
        if line.start in self.rows:
            self._open("row", line)
            return
        if pending is not None:
            self._after_marker(pending, line, following)
        elif BULLET_ALONE.fullmatch(line.text) or is_number_alone(line, following):
            self.pending = line
        elif not self._marked(line, following):
            self._plain(line, following)

    def _after_marker(self, marker: Line, line: Line, following: Line | None) -> None:
        """The line after a bullet or a number that stood alone."""
        counted = following is not None and NUMBER_ALONE.fullmatch(following.text)
        if BULLET_ALONE.fullmatch(marker.text):
            depth = self.depths.of(marker.indent + 1, marker.text, self.before)
            self._open("item", line, level=depth, hang=marker.indent, marker=marker.text)
        elif not counted and (
            titled(line, following, self.layout) or is_title_of(line, following, self.layout)
        ):
            self._open("heading", line, level=2)
        else:
            self._open("item", line, level=0, hang=marker.indent, marker=marker.text)

    def _marked(self, line: Line, following: Line | None) -> bool:
        """Lines whose form says what they are; False when it does not."""
        if match := HEADING.match(line.text):
            self._open("heading", line, skip=match.end(), level=len(match.group(1)))
        elif (match := NOTE.match(line.text)) and opens_item(line, self.before):
            self._open("note", line, skip=match.end())
        elif ROW.fullmatch(line.text):
            self._open("row", line)
        elif match := QUOTE.match(line.text):
            self._quotation(line, match.end())
        elif (
            (match := BULLET.match(line.text) or self._letter_o(line))
            and opens_item(line, self.before)
            and not is_signature(line, self.before)
        ):
            self._item(line, match.end())
        elif (match := ORDINAL.match(line.text)) and opens_item(line, self.before):
            self._numbered(line, following, match.end())
        elif is_signature(line, self.before):
            self._open("paragraph", line)
        elif match := QUESTION.match(line.text):
            heading = line.text[0] == "Q" and line.text.endswith("?") and match["number"]
            self._open("heading" if heading else "paragraph", line, level=3)
        else:
            return False
        return True

    def _letter_o(self, line: Line) -> re.Match[str] | None:
        before = self.before
        apart = line.after_gap or (before is not None and before.kind == "item")
        return LETTER_O.match(line.text) if apart and self.letter_o else None

    def _item(self, line: Line, skip: int) -> None:
        marker = line.text[:skip].strip().replace("\\", "")
        depth, hang = self.depths.of(line.indent, marker, self.before), line.indent + skip
        self._open("item", line, skip=skip, level=depth, hang=hang, marker=marker)

    def _numbered(self, line: Line, following: Line | None, skip: int) -> None:
        digits = re.match(r"\d+", line.text)
        number = int(digits.group()) if digits else 0
        kind: BlockKind = "item"
        if number == 0 or self.counts.get("item") != number - 1 or number == 1:
            after_heading = number > 1 and self.counts.get("heading") == number - 1
            if is_numbered_title(
                line, following, skip, counted=after_heading, before=self.before, layout=self.layout
            ):
                kind = "heading"
        if number:
            self.counts[kind] = number
        if kind == "heading":
            self._open("heading", line, level=3)
        else:
            self._item(line, skip)

    def _quotation(self, line: Line, skip: int) -> None:
        before = self.before
        if before and before.kind == "quotation" and not line.after_gap:
            before.add(line, line.start + skip)
        else:
            self._open("quotation", line, skip=skip)

    def _open(
        self,
        kind: BlockKind,
        line: Line,
        *,
        skip: int = 0,
        level: int = 0,
        hang: int = 0,
        marker: str = "",
    ) -> None:
        draft = Draft(kind, level, hang=hang, marker=marker, after_gap=line.after_gap)
        draft.add(line, line.start + skip)
        self.done.append(draft)

    def _plain(self, line: Line, following: Line | None) -> None:
        before = self.before
        if before is not None and self._goes_on(before, line):
            before.add(line)
        elif titled(line, following, self.layout):
            self._open("heading", line, level=4 if is_bold(line.text) else 3)
        else:
            self._open("paragraph", line)

    def _goes_on(self, before: Draft, line: Line) -> bool:
        if before.kind == "heading":
            return before.last is not None and runs_on(before.last, line)
        return continues(before, line, self.layout)
