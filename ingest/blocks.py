"""Blocks (headings, paragraphs, list items, quotations, rows, notes) found from lines.

Used for plain text, Markdown and PDF, whose formats do not mark them, or do so by the
form of a line alone. A block is a list of pieces, so that it can run across a page break
and leave the furniture in between out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.extract import Block, BlockKind
from ingest.furniture import Mark
from ingest.lines import Line, is_wrapped, line_width
from ingest.words import function_words
from vectorstore.document import Span

__all__ = ["Part", "parts_from_blocks", "parts_from_lines"]


@dataclass(frozen=True, slots=True)
class Part:
    """A block as the spans of text that belong to it, without markers and furniture.

    `level` is 1 to 6 for a heading and the nesting depth, from 0, for an item.
    """

    spans: tuple[Span, ...]
    kind: BlockKind
    level: int = 0

    @property
    def start(self) -> int:
        return self.spans[0][0]


HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
RULE = re.compile(r"[-*_=~—–\s|:+]{2,}|\\|[*_]{1,3}")
BULLET = re.compile(r"(?:[-*+•◦▪▫●○■□–—·‣⁃➢✓]|o(?=\s{2,}\S))\s+(?=\S)")
BULLET_ALONE = re.compile(r"[-*+•◦▪▫●○■□·‣⁃➢✓o]")
ORDINAL = re.compile(
    r"(?:\d{1,3}(?:\\?[.)])|\(?(?:[a-z]|[ivx]{1,4})\)|(?:[a-z]|[ivx]{2,4})\.)\s+(?=\S)"
)
NUMBER_ALONE = re.compile(r"(?:[IVXLC]{1,6}|[A-Z]|\d{1,2}(?:\.\d{1,2})*)[.)]?|[IVXLC]+\s?[-–.]")
QUOTE = re.compile(r"(?:>\s?)+")
ROW = re.compile(r"\|.*\|")
BOLD = re.compile(r"(\*\*|__)(?=.*\w)(.+?)(?<!\.)\s*\1:?")
QUESTION = re.compile(r"[QA]\d{1,2}:\s")
LINKED = re.compile(r"https?://|\bwww\.|\bIbid\b|\bdoi:", re.I)
MARKDOWN_LINK = re.compile(r"\]\([^)]*\)")

TERMINAL = (".", "!", "?", ":", ";", "…", ".”", "!”", "?”", '."', '?"', '!"', ".’", "?’", ".)")
CLOSED = (".", "!", "?", "…", "”", '"', "’", ")")
# A numbered paragraph longer than this, in characters, is a paragraph and no list item.
LONG_ITEM = 600


def parts_from_blocks(blocks: Sequence[Block], marks: Sequence[Mark]) -> tuple[Part, ...]:
    """Blocks that the format marks, less the furniture that lies in or over them."""
    parts = []
    for block in blocks:
        spans = _without(((block.start, block.end),), marks)
        if spans:
            parts.append(Part(spans, block.kind, block.level))
    return tuple(parts)


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


@dataclass(slots=True)
class _Draft:
    """A block that is still growing, as (start, end) of whole lines."""

    kind: BlockKind
    level: int
    spans: list[Span] = field(default_factory=list)
    last: Line | None = None
    # where an item's own text starts on its line: lines indented as far continue it
    hang: int = 0

    def add(self, line: Line, start: int | None = None) -> None:
        at = line.start if start is None else start
        if at < line.end:
            self.spans.append((at, line.end))
        self.last = line


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
    return _Finder(text, kept, language=language, markdown=markdown).run()


class _Finder:
    """Reads the lines once, from top to bottom, with one open block."""

    def __init__(self, text: str, lines: Sequence[Line], *, language: str, markdown: bool) -> None:
        self.text = text
        self.lines = lines
        self.markdown = markdown
        self.wrapped = is_wrapped(lines)
        self.width = line_width(lines)
        self.function = function_words(language)
        self.done: list[_Draft] = []
        self.pending: Line | None = None  # a detached bullet or number waiting for its text
        self.indents: list[int] = []

    def run(self) -> tuple[Part, ...]:
        for i, line in enumerate(self.lines):
            self._take(line, self.lines[i + 1] if i + 1 < len(self.lines) else None)
        parts: list[Part] = []
        introduced = False
        for draft in (draft for draft in self.done if draft.spans):
            spans = _merge(draft.spans, self.text)
            if draft.kind != "item":
                introduced = self.text[: draft.spans[-1][1]].endswith(":")
            parts.append(self._finished(draft, spans, introduced=introduced))
        return tuple(_as_notes(self.text, parts))

    def _finished(self, draft: _Draft, spans: tuple[Span, ...], *, introduced: bool) -> Part:
        """The part, its kind put right where that shows only in the whole of it."""
        whole = self.text[spans[0][0] : spans[-1][1]]
        if draft.kind == "item" and not introduced and len(whole) > LONG_ITEM:
            return Part(spans, "paragraph")
        if draft.kind == "paragraph" and len(spans) == 1 and self._is_bold(" ".join(whole.split())):
            return Part(spans, "heading", 4)
        return Part(spans, draft.kind, draft.level)

    def _take(self, line: Line, following: Line | None) -> None:
        pending, self.pending = self.pending, None
        if RULE.fullmatch(line.text) and not (BULLET_ALONE.fullmatch(line.text) and following):
            return
        if pending is not None:
            self._after_marker(pending, line, following)
        elif BULLET_ALONE.fullmatch(line.text) or self._is_number_alone(line, following):
            self.pending = line
        elif not self._marked(line, following):
            self._plain(line, following)

    def _is_number_alone(self, line: Line, following: Line | None) -> bool:
        if following is None or not NUMBER_ALONE.fullmatch(line.text):
            return False
        tight = not following.after_gap and following.text[:1].isupper()
        return line.text[-1] in ".)-–" or (line.text.isdigit() and tight)

    def _after_marker(self, marker: Line, line: Line, following: Line | None) -> None:
        """The line after a bullet or a number that stood alone."""
        if BULLET_ALONE.fullmatch(marker.text):
            self._open("item", line, level=self._depth(marker.indent + 1), hang=marker.indent)
        elif self._titled(line, following):
            self._open("heading", line, level=2)
        else:
            self._open("item", line, level=0, hang=marker.indent)

    def _marked(self, line: Line, following: Line | None) -> bool:
        """Lines whose form says what they are; False when it does not."""
        if match := HEADING.match(line.text):
            self._open("heading", line, skip=match.end(), level=len(match.group(1)))
        elif ROW.fullmatch(line.text):
            self._open("row", line)
        elif match := QUOTE.match(line.text):
            self._quotation(line, match.end())
        elif (match := BULLET.match(line.text)) and self._opens_item(line):
            depth = self._depth(line.indent)
            hang = line.indent + match.end()
            self._open("item", line, skip=match.end(), level=depth, hang=hang)
        elif (match := ORDINAL.match(line.text)) and self._opens_item(line):
            self._numbered(line, following, match.end())
        elif QUESTION.match(line.text):
            heading = line.text[0] == "Q" and line.text.endswith("?")
            self._open("heading" if heading else "paragraph", line, level=3)
        else:
            return False
        return True

    def _opens_item(self, line: Line) -> bool:
        """A dash or a number also starts a line in the middle of a wrapped sentence."""
        before = self.done[-1] if self.done else None
        if before is None or before.last is None or line.after_gap or before.kind == "item":
            return True
        return before.kind == "heading" or before.last.text.endswith(TERMINAL)

    def _numbered(self, line: Line, following: Line | None, skip: int) -> None:
        goes_on = following is not None and not following.after_gap
        if not goes_on and len(line.text) > 4 and self._is_bold(line.text[skip:]):
            self._open("heading", line, skip=0, level=3)
        else:
            depth = self._depth(line.indent)
            self._open("item", line, skip=skip, level=depth, hang=line.indent + skip)

    def _quotation(self, line: Line, skip: int) -> None:
        before = self.done[-1] if self.done else None
        if before and before.kind == "quotation" and not line.after_gap:
            before.add(line, line.start + skip)
        else:
            self._open("quotation", line, skip=skip)

    def _depth(self, indent: int) -> int:
        before = self.done[-1] if self.done else None
        if before is None or before.kind != "item":
            self.indents = []
        while self.indents and self.indents[-1] > indent:
            self.indents.pop()
        if not self.indents or self.indents[-1] < indent:
            self.indents.append(indent)
        return len(self.indents) - 1

    def _open(
        self, kind: BlockKind, line: Line, *, skip: int = 0, level: int = 0, hang: int = 0
    ) -> None:
        draft = _Draft(kind, level, hang=hang)
        draft.add(line, line.start + skip)
        self.done.append(draft)

    def _plain(self, line: Line, following: Line | None) -> None:
        before = self.done[-1] if self.done else None
        if before is not None and self._continues(before, line):
            before.add(line)
        elif self._titled(line, following):
            self._open("heading", line, level=4 if self._is_bold(line.text) else 3)
        else:
            self._open("paragraph", line)

    def _continues(self, before: _Draft, line: Line) -> bool:
        """Whether `line` goes on with the open block rather than starting its own."""
        last = before.last
        if last is None or before.kind in ("heading", "row"):
            return (
                last is not None and before.kind == "heading" and self._heading_runs_on(last, line)
            )
        if before.kind == "quotation":
            return not line.after_gap
        if line.after_gap and not self._mid_sentence(last, line):
            return before.kind == "item" and self._hangs(before, line)
        if before.kind == "item" and self._hangs(before, line):
            return True
        if self.markdown and self.wrapped and not line.after_gap:
            return not last.hard_break or self._mid_sentence(last, line)
        if before.kind == "item" and last.text.endswith(CLOSED):
            return False
        if self._mid_sentence(last, line) or self._same_paragraph(last, line):
            return True
        return before.kind == "paragraph" and not line.after_gap and self._unfinished(before)

    def _hangs(self, item: _Draft, line: Line) -> bool:
        """A line set in as far as the item's text, or under a wrapped one, belongs to it."""
        if line.after_gap:
            return item.hang > 0 and line.indent >= item.hang and self.markdown
        return line.indent >= item.hang > 0

    def _mid_sentence(self, last: Line, line: Line) -> bool:
        """The last line leaves a sentence open, or the next one starts in the middle of it."""
        if last.text.endswith((":", ";")) and line.after_gap:
            return False
        if last.text.endswith(TERMINAL) and not last.text.endswith((";", ":")):
            return False
        if line.text[:1].islower() and not last.text.endswith(":"):
            return True
        word = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", last.text)[-1:] or [""]
        if last.text.endswith(word[0]) and word[0] in self.function:
            return True
        open_quote = last.text.count("“") > last.text.count("”")
        loose = open_quote or last.text.endswith((",", "-", "–", "—", "(", "“", "‘"))
        return loose and not line.after_gap

    def _same_paragraph(self, last: Line, line: Line) -> bool:
        """A full line goes on in the next one, unless that opens something of its own."""
        if line.after_gap or not self.wrapped or len(last.text) < 0.72 * self.width:
            return False
        if last.text.endswith(CLOSED):
            return not self._short_title(line)
        opener = re.match(r"[A-Z]\w*", line.text)
        return not (opener and opener.group().lower() in self.function)

    def _unfinished(self, draft: _Draft) -> bool:
        """A sentence of several short lines, as bold type leaves behind, is still open."""
        stretch: list[str] = []
        for start, end in reversed(draft.spans):
            piece = self.text[start:end]
            if piece.endswith(TERMINAL):
                break
            stretch.append(piece)
        return self.wrapped and (len(stretch) >= 3 or (len(stretch) > 1 and "," in stretch[-1]))

    def _short_title(self, line: Line) -> bool:
        bare = line.text
        words = re.findall(r"[^\W_]+", bare)
        ends_open = not bare.endswith((*TERMINAL, ",")) and words[-1:] != []
        return ends_open and len(bare) < 0.6 * self.width and words[-1] not in self.function

    def _heading_runs_on(self, last: Line, line: Line) -> bool:
        if line.after_gap or HEADING.match(last.text) or self._is_bold(last.text):
            return False
        return line.text[:1].islower() or last.text.endswith(",")

    def _titled(self, line: Line, following: Line | None) -> bool:
        """A short line of its own that ends no sentence, before something that starts one."""
        bare = line.text.strip("*_ ")
        if not bare or len(bare) > 120 or bare.endswith((".", ",", ";", "…", "”", ")")):
            return False
        if not any(c.isalpha() for c in bare) or bare[:1].islower() or QUESTION.match(bare):
            return False
        if bare.count("“") != bare.count("”"):
            return False
        if self._is_bold(line.text):
            return following is None or following.after_gap or not self.markdown
        words = re.findall(r"[^\W_]+", bare)
        if following is None or words[-1] in self.function or len(words) > 16:
            return False
        if bare.endswith(":"):
            return bare.isupper()
        apart = line.after_gap and following.after_gap and (not self.markdown or bare.isupper())
        short = len(line.text) < 0.72 * self.width if self.wrapped else len(words) <= 12
        tight = not following.after_gap and not following.text[:1].islower() and not self.markdown
        return short and (apart or tight or bare.isupper())

    def _is_bold(self, text: str) -> bool:
        bare = re.sub(r"\*\*\s*\*\*|</?u>", " ", text).strip()
        match = BOLD.fullmatch(bare)
        return bool(match) and "**" not in bare[2:-3] and len(bare) <= 200


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

    One paragraph without a link may stand between two that have one.
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
    return [Part(p.spans, "note") if i in notes else p for i, p in enumerate(parts)]
