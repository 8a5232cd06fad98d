"""Gathers the text of HTML elements into blocks, from their beginnings and ends in order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.extract import BlockKind
from ingest.pieces import Piece, raised, tidy

__all__ = ["Gatherer"]

KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    "blockquote": "quotation",
    "figcaption": "note",
    "footer": "paragraph",  # in a quotation: who said it
}
LISTS = frozenset(("ul", "ol", "dl"))
CELLS = frozenset(("td", "th"))
# The other elements that begin and end a block (HTML Living Standard, 15.3).
OTHERS = """html body address article aside caption center details div dir fieldset figure form
header hgroup hr legend main p pre search section summary table tbody tfoot thead tr"""
BLOCKS = frozenset((*KINDS, *LISTS, *CELLS, *OTHERS.split()))

SPACES = re.compile(r"[ \t\r\n\f]+")
EMPTY_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, eq=False)
class _Element:
    """An open element that begins and ends a block; `note` for one that holds notes."""

    tag: str
    note: bool


class Gatherer:
    """Takes `begin`, `text` and `finish` in document order; `pieces` is the outcome.

    Paragraphs of one list item, and a term with its description, are one item. A table
    row is one piece, its cells joined by " | ". Line breaks are kept, and two in a row
    end a paragraph. Digits in `sup` become superscripts.
    """

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._text: list[str] = []
        self._raised: list[int] = []  # where in _text each open sup begins
        self._open: list[_Element] = []
        self._row: list[list[str]] | None = None
        self._item: _Element | None = None  # whose text the last piece is
        self._term: _Element | None = None

    def begin(self, tag: str, *, note: bool = False, layout: bool = False) -> None:
        """`layout` marks a table row that places parts of a page and holds no values."""
        if tag == "br":
            self._text.append("\n")
        elif tag == "sup":
            self._raised.append(len(self._text))
        elif tag in BLOCKS:
            self._flush()
            self._open.append(_Element(tag, note))
            if tag == "tr" and not layout:
                self._row = []
            elif tag in CELLS and self._row is not None:
                self._row.append([])

    def text(self, text: str) -> None:
        verbatim = any(element.tag == "pre" for element in self._open)
        self._text.append(text if verbatim else SPACES.sub(" ", text))

    def finish(self, tag: str) -> None:
        if tag == "sup" and self._raised:
            start = self._raised.pop()
            self._text[start:] = [raised("".join(self._text[start:]))]
        elif tag in BLOCKS:
            self._flush()
            self._open.pop()
            if tag == "tr":
                self._finish_row()

    def pieces(self) -> tuple[Piece, ...]:
        self._flush()
        return tuple(self._pieces)

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        for part in filter(None, map(tidy, EMPTY_LINE.split(text))):
            if self._row:
                self._row[-1].append(part)
            else:
                self._emit(part)

    def _finish_row(self) -> None:
        cells = [" ".join(parts) for parts in self._row or ()]
        self._row = None
        if sum(map(bool, cells)) == 1:  # a caption, or a title across the table
            self._emit(next(filter(None, cells)))
        elif any(cells):
            self._add(tidy(" ".join(" | ".join(cells).split("\n"))), "row")

    def _emit(self, text: str) -> None:
        element = next((open_ for open_ in reversed(self._open) if open_.tag in KINDS), None)
        kind: BlockKind = KINDS[element.tag] if element else "paragraph"
        if element and kind == "heading":
            self._add(text, kind, level=int(element.tag[1]))
        elif any(open_.note for open_ in self._open):
            self._add(text, "note")
        elif element and kind == "item":
            self._emit_item(text, element)
        else:
            self._add(text, kind)

    def _emit_item(self, text: str, element: _Element) -> None:
        if element.tag == "dt":
            self._term = element
        owner = self._term if element.tag == "dd" and self._term else element
        if owner is self._item:
            text = f"{self._pieces.pop().text}\n{text}"
        depth = sum(open_.tag in LISTS for open_ in self._open)
        self._add(text, "item", level=max(0, depth - 1))
        self._item = owner

    def _add(self, text: str, kind: BlockKind, *, level: int = 0) -> None:
        self._pieces.append(Piece(text, kind, level))
        self._item = None
