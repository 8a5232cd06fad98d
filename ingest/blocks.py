"""Blocks (headings, paragraphs, list items, quotations, rows, notes) found from lines.

Used for plain text, Markdown and PDF, whose formats do not mark them, or do so by the
form of a line alone. A block is a list of pieces, so that it can run across a page break
and leave the furniture in between out.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.extract import Block, BlockKind
from ingest.furniture import Mark
from ingest.lines import Line, is_wrapped, line_width
from ingest.rows import row_starts
from ingest.words import function_words
from vectorstore.document import Span

__all__ = ["Part", "parts_from_blocks", "parts_from_lines"]


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


HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
RULE = re.compile(r"[-*_=~—–\s|:+]{2,}|\\|[*_]{1,3}")
BULLET = re.compile(r"(?:[-*+•◦▪▫●○■□–—·‣⁃➢✓]|o(?=\s{2,}\S))\s+(?=\S)")
# Word's second bullet, which some programs leave as a letter.
LETTER_O = re.compile(r"o\s+(?=[*_]*[^\W\d_a-z])")
O_IS_A_WORD = frozenset(("cs", "es", "it", "pl", "pt", "sl"))
BULLET_ALONE = re.compile(r"[-*+•◦▪▫●○■□·‣⁃➢✓o]")
ORDINAL = re.compile(
    r"(?:\d{1,3}\\?[.)]|\\?\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\\?\)|(?:[a-z]|[ivx]{1,5})\\?\)"
    r"|(?:[a-z]|[ivx]{2,4})\.)\s+(?=\S)"
)
NOTE = re.compile(r"\[\^?\w{1,4}\]:?\s+(?=\S)")
SIGNATURE = re.compile(r"[–—]\s*[*_]*[^\W\d_a-z]")
ROMAN = re.compile(r"[IVX]{2,6}")
NUMBER_ALONE = re.compile(r"(?:[IVXLC]{1,6}|[A-Z]|\d{1,2}(?:\.\d{1,2})*)[.)]?|[IVXLC]+\s?[-–.]")
QUOTE = re.compile(r"(?:>\s?)+")
ROW = re.compile(r"\|.*\|")
BOLD = re.compile(r"(\*\*|__)(?=.*\w)(.+?)(?<!\.)\s*\1:?")
YEAR = re.compile(r"(?:19|20)\d\d")
QUESTION = re.compile(r"[QA](?P<number>\d{0,2}):\s|Q\s")
LINKED = re.compile(r"https?://|\bwww\.|\bIbid\b|\bdoi:", re.I)
MARKDOWN_LINK = re.compile(r"\]\([^)]{0,1000}\)")

TERMINAL = (".", "!", "?", ":", ";", "…", ".”", "!”", "?”", '."', '?"', '!"', ".’", "?’", ".)")
CLOSED = (".", "!", "?", "…", "”", '"', "’", ")")
# A numbered block longer than this, in characters, is a paragraph and no list item; so
# are all of a text, if most are longer than the second figure.
LONG_ITEM = 600
LONG_ITEMS = 250
# A longer "heading" is a paragraph that was made large.
MAX_HEADING = 250


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
    marker: str = ""
    after_gap: bool = False
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
        self.letter_o = language not in O_IS_A_WORD
        self.done: list[_Draft] = []
        self.pending: Line | None = None  # a detached bullet or number waiting for its text
        self.levels: list[tuple[int, str]] = []  # indent and style of the open lists
        # the number last given to an item and to a heading, at the margin
        self.counts: dict[BlockKind, int] = {}
        self.rows = row_starts(lines, self.width, markdown=markdown)

    def run(self) -> tuple[Part, ...]:
        for i, line in enumerate(self.lines):
            self._take(line, self.lines[i + 1] if i + 1 < len(self.lines) else None)
        drafts = [draft for draft in self.done if draft.spans]
        long = self._long_items(drafts)
        parts: list[Part] = []
        for i, draft in enumerate(drafts):
            spans = _merge(draft.spans, self.text)
            if i in long:
                parts.append(Part(spans, "paragraph"))
            else:
                following = drafts[i + 1] if i + 1 < len(drafts) else None
                parts.append(self._finished(draft, spans, following))
        return tuple(_as_notes(self.text, _levelled(parts)))

    def _long_items(self, drafts: Sequence[_Draft]) -> set[int]:
        """The numbered paragraphs of a text, which are no list, by their place in `drafts`."""
        lengths: dict[int, int] = {}
        introduced = False
        for i, draft in enumerate(drafts):
            if draft.kind != "item":
                introduced = self.text.endswith(":", 0, draft.spans[-1][1])
            elif not introduced and ORDINAL.match(f"{draft.marker} x"):
                lengths[i] = draft.spans[-1][1] - draft.spans[0][0]
        usual = sorted(lengths.values())[len(lengths) // 2] if lengths else 0
        limit = -1 if usual > LONG_ITEMS else LONG_ITEM
        return {i for i, length in lengths.items() if length > limit}

    def _finished(self, draft: _Draft, spans: tuple[Span, ...], following: _Draft | None) -> Part:
        """The part, its kind put right where that shows only in the whole of it."""
        length = spans[-1][1] - spans[0][0]
        if draft.kind == "heading" and length > MAX_HEADING:
            return Part(spans, "paragraph")
        if draft.kind == "paragraph" and len(spans) == 1 and length <= MAX_HEADING:
            whole = " ".join(self.text[spans[0][0] : spans[0][1]].split())
            if self._is_bold(whole):
                return Part(spans, "heading", 4)
            if following is not None and self._heads(whole, following):
                return Part(spans, "heading", 3)
        opens = draft.kind == "row" and draft.after_gap
        return Part(spans, draft.kind, draft.level, draft.marker, opens)

    def _heads(self, whole: str, following: _Draft) -> bool:
        """A paragraph that ends no sentence, before one that starts and ends some, is a title."""
        words = re.findall(r"[^\W_]+", whole)
        if self.markdown or following.kind != "paragraph" or not 2 <= len(words) <= 16:
            return False
        if whole.endswith((*TERMINAL, *CLOSED, ",")) or not whole[0].isupper():
            return False
        start, end = following.spans[0][0], following.spans[-1][1]
        sentence = self.text.endswith(CLOSED, start, end) and not self.text[start].islower()
        return sentence and words[-1] not in self.function and end - start > len(whole)

    def _take(self, line: Line, following: Line | None) -> None:
        pending, self.pending = self.pending, None
        if RULE.fullmatch(line.text) and not (BULLET_ALONE.fullmatch(line.text) and following):
            return
        if line.start in self.rows:
            self._open("row", line)
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
        bare = line.text.isdigit() or bool(ROMAN.fullmatch(line.text))
        return line.text[-1] in ".)-–" or (bare and tight)

    def _after_marker(self, marker: Line, line: Line, following: Line | None) -> None:
        """The line after a bullet or a number that stood alone."""
        counted = following is not None and NUMBER_ALONE.fullmatch(following.text)
        if BULLET_ALONE.fullmatch(marker.text):
            depth = self._depth(marker.indent + 1, marker.text)
            self._open("item", line, level=depth, hang=marker.indent, marker=marker.text)
        elif not counted and (self._titled(line, following) or self._is_title_of(line, following)):
            self._open("heading", line, level=2)
        else:
            self._open("item", line, level=0, hang=marker.indent, marker=marker.text)

    def _is_title_of(self, line: Line, following: Line | None) -> bool:
        """A line under a number alone that is no item, as text follows it."""
        if following is None:
            return False
        words = re.findall(r"[^\W_]+", line.text)
        starts = not following.text[:1].islower() and not BULLET_ALONE.fullmatch(following.text)
        title = line.text[:1].isupper() and not line.closing.endswith((*TERMINAL, ","))
        short = len(line.text) < 0.72 * self.width if self.wrapped else len(words) <= 12
        return starts and title and short and words[-1] not in self.function

    def _marked(self, line: Line, following: Line | None) -> bool:
        """Lines whose form says what they are; False when it does not."""
        if match := HEADING.match(line.text):
            self._open("heading", line, skip=match.end(), level=len(match.group(1)))
        elif (match := NOTE.match(line.text)) and self._opens_item(line):
            self._open("note", line, skip=match.end())
        elif ROW.fullmatch(line.text):
            self._open("row", line)
        elif match := QUOTE.match(line.text):
            self._quotation(line, match.end())
        elif (
            (match := BULLET.match(line.text) or self._letter_o(line))
            and self._opens_item(line)
            and not self._is_signature(line)
        ):
            self._item(line, match.end())
        elif (match := ORDINAL.match(line.text)) and self._opens_item(line):
            self._numbered(line, following, match.end())
        elif self._is_signature(line):
            self._open("paragraph", line)
        elif match := QUESTION.match(line.text):
            heading = line.text[0] == "Q" and line.text.endswith("?") and match["number"]
            self._open("heading" if heading else "paragraph", line, level=3)
        else:
            return False
        return True

    def _letter_o(self, line: Line) -> re.Match[str] | None:
        before = self.done[-1] if self.done else None
        apart = line.after_gap or (before is not None and before.kind == "item")
        return LETTER_O.match(line.text) if apart and self.letter_o else None

    def _opens_item(self, line: Line) -> bool:
        """A dash or a number also starts a line in the middle of a wrapped sentence."""
        before = self.done[-1] if self.done else None
        if (
            before is None
            or before.last is None
            or line.after_gap
            or before.kind in ("item", "note")
        ):
            return True
        return before.kind == "heading" or before.last.closing.endswith(TERMINAL)

    def _item(self, line: Line, skip: int) -> None:
        marker = line.text[:skip].strip().replace("\\", "")
        depth, hang = self._depth(line.indent, marker), line.indent + skip
        self._open("item", line, skip=skip, level=depth, hang=hang, marker=marker)

    def _numbered(self, line: Line, following: Line | None, skip: int) -> None:
        digits = re.match(r"\d+", line.text)
        number = int(digits.group()) if digits else 0
        kind: BlockKind = "item"
        if number == 0 or self.counts.get("item") != number - 1 or number == 1:
            after_heading = number > 1 and self.counts.get("heading") == number - 1
            if self._is_numbered_title(line, following, skip, counted=after_heading):
                kind = "heading"
        if number:
            self.counts[kind] = number
        if kind == "heading":
            self._open("heading", line, level=3)
        else:
            self._item(line, skip)

    def _is_numbered_title(
        self, line: Line, following: Line | None, skip: int, *, counted: bool
    ) -> bool:
        """A numbered line that is a heading: bold, in capitals, or short before its text.

        `counted` tells that the last heading had the number before.
        """
        title = line.text[skip:]
        alone = following is None or following.after_gap
        if alone and len(line.text) > 4 and self._is_bold(title):
            return True
        if following is None or ORDINAL.match(following.text):
            return False
        if BULLET.match(following.text) and not counted:
            return False
        if title.isupper() and len(title) > 3 and not title.endswith(TERMINAL):
            return True
        before = self.done[-1] if self.done else None
        introduced = before is not None and self.text.endswith(":", 0, before.spans[-1][1])
        plain = not self.markdown and not introduced and title[0].isupper()
        starts = not following.text[:1].islower()
        return plain and starts and len(title) <= 80 and self._short_title(line)

    def _is_signature(self, line: Line) -> bool:
        """A dash and a name under a quotation say who spoke, and open no list."""
        before = self.done[-1] if self.done else None
        if before is None or before.last is None or not SIGNATURE.match(line.text):
            return False
        closed = before.last.closing.endswith(("”", "»", '"'))
        return before.kind == "quotation" or (closed and line.after_gap)

    def _quotation(self, line: Line, skip: int) -> None:
        before = self.done[-1] if self.done else None
        if before and before.kind == "quotation" and not line.after_gap:
            before.add(line, line.start + skip)
        else:
            self._open("quotation", line, skip=skip)

    def _depth(self, indent: int, marker: str) -> int:
        """How deep an item lies: by its indent, and by its marker where that is all there is."""
        before = self.done[-1] if self.done else None
        if before is None or before.kind != "item":
            self.levels = []
        style = _style(marker, before.marker if before else "")
        introduced = before is not None and before.last and before.last.closing.endswith(":")
        while self.levels and self.levels[-1][0] > indent:
            self.levels.pop()
        if (indent, style) in self.levels:
            del self.levels[self.levels.index((indent, style)) + 1 :]
        elif self.levels and self.levels[-1][0] == indent and not (style == "o" or introduced):
            self.levels[-1] = (indent, style)
        else:
            self.levels.append((indent, style))
        return len(self.levels) - 1

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
        draft = _Draft(kind, level, hang=hang, marker=marker, after_gap=line.after_gap)
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
        if before.kind in ("quotation", "note"):
            return not line.after_gap
        if line.after_gap and not self._mid_sentence(last, line):
            return before.kind == "item" and self._hangs(before, line)
        if before.kind == "item" and self._hangs(before, line):
            return True
        if self.markdown and self.wrapped and not line.after_gap:
            return not last.hard_break or self._mid_sentence(last, line)
        if self._mid_sentence(last, line):
            return True
        ended = before.kind == "item" and last.closing.endswith(CLOSED)
        if not ended and self._same_paragraph(last, line):
            return True
        return before.kind == "paragraph" and not line.after_gap and self._unfinished(before)

    def _hangs(self, item: _Draft, line: Line) -> bool:
        """A line set in as far as the item's text, or under a wrapped one, belongs to it."""
        if line.after_gap:
            return item.hang > 0 and line.indent >= item.hang and self.markdown
        return line.indent >= item.hang > 0

    def _mid_sentence(self, last: Line, line: Line) -> bool:
        """The last line leaves a sentence open, or the next one starts in the middle of it."""
        if last.closing.endswith((":", ";")) and line.after_gap:
            return False
        if last.closing.endswith(TERMINAL) and not last.closing.endswith((";", ":")):
            return False
        if line.text[:1].islower() and not last.closing.endswith(":"):
            return True
        word = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", last.closing)[-1:] or [""]
        if last.closing.endswith(word[0]) and word[0] in self.function:
            return True
        open_quote = last.text.count("“") > last.text.count("”")
        loose = open_quote or last.closing.endswith((",", "-", "–", "—", "(", "“", "‘"))
        return loose and not line.after_gap

    def _same_paragraph(self, last: Line, line: Line) -> bool:
        """A full line goes on in the next one, unless that opens something of its own."""
        if line.after_gap or not self.wrapped or len(last.text) < 0.72 * self.width:
            return False
        if last.closing.endswith((*CLOSED, ":")):
            return not self._short_title(line)
        opener = re.match(r"[A-Z]\w*", line.text)
        return not (opener and opener.group().lower() in self.function)

    def _unfinished(self, draft: _Draft) -> bool:
        """A sentence of several short lines, as bold type leaves behind, is still open."""
        if not self.wrapped:
            return False
        stretch: list[str] = []
        for start, end in reversed(draft.spans[-3:]):
            piece = self.text[start:end]
            if piece.endswith(TERMINAL):
                break
            stretch.append(piece)
        return len(stretch) == 3 or (len(stretch) == 2 and "," in stretch[-1])

    def _short_title(self, line: Line) -> bool:
        bare = line.closing
        words = re.findall(r"[^\W_]+", bare)
        ends_open = not bare.endswith((*TERMINAL, ",")) and words[-1:] != []
        return ends_open and len(bare) < 0.6 * self.width and words[-1] not in self.function

    def _heading_runs_on(self, last: Line, line: Line) -> bool:
        if line.after_gap or HEADING.match(last.text) or self._is_bold(last.text):
            return False
        return line.text[:1].islower() or last.text.endswith(",") or bool(YEAR.fullmatch(line.text))

    def _titled(self, line: Line, following: Line | None) -> bool:
        """A short line of its own that ends no sentence, before something that starts one."""
        bare = line.closing.strip("*_ ")
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
        bare = re.sub(r"\*\*\s*\*\*|</?u>", " ", text).strip() if len(text) <= 400 else ""
        return len(bare) <= 200 and bool(BOLD.fullmatch(bare)) and "**" not in bare[2:-3]


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


def _style(marker: str, before: str) -> str:
    """The bullet, or the kind of count; `before` tells (i) after (h) from (i) after (a)."""
    bare = re.sub(r"\W", "", marker)
    if bare in ("", "o"):
        return marker
    if bare.isdigit():
        return "1" + marker[-1]
    last = re.sub(r"\W", "", before)
    follows = len(bare) == len(last) == 1 and ord(bare) == ord(last) + 1
    roman = re.fullmatch(r"[ivx]+", bare) and not follows
    return "roman" if roman else "A" if bare.isupper() else "a"


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
