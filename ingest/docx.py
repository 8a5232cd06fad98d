"""Reads Word documents (.docx): paragraphs, tables and notes in the order of the body.

Not read: headers and footers, comments, deleted text, the generated table of contents.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from ingest.extract import BlockKind, Extract, ReadError
from ingest.metadata import iso_date, iso_language, one_line, stated_title
from ingest.pieces import Piece, assemble, raised, tidy

__all__ = ["read_docx"]

# A .docx is a zip: a few kilobytes can hold gigabytes. Word itself writes parts that are
# up to about twenty times smaller when packed; the text of a long book is under 10 MiB.
MAX_UNPACKED_BYTES = 512 * 2**20
MAX_XML_BYTES = 64 * 2**20

# What python-docx lets through when a package is damaged: it has no error of its own for
# missing parts, wrong values and broken XML (lxml's is a SyntaxError).
DAMAGED = (
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

# Deleted or moved text, the second form of a drawing, pronunciation above a character.
LEFT_OUT = {W + "del", W + "moveFrom", COMPATIBILITY + "Fallback", W + "rt", W + "txbxContent"}
CHARACTERS = {
    W + "tab": " ", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"
}  # fmt: skip
NOTE_PARTS = ("footnotes", "endnotes")

HEADING = re.compile(r"heading (\d)", re.I)
LIST = re.compile(r"list (?:bullet|number)(?: (\d))?", re.I)
QUOTE = re.compile(r"(?:intense )?quote|block text|quotations?", re.I)
CONTENTS = re.compile(r"toc (?:heading|\d)", re.I)


def read_docx(data: bytes, name: str) -> Extract:
    """Text and blocks of a Word document, its notes at the end, its core properties."""
    _refuse_bomb(data, name)
    from docx import Document
    from docx.exceptions import PythonDocxError
    from docx.opc.exceptions import OpcError

    try:
        document = Document(io.BytesIO(data))
        reader = _Reader(document)
        text, blocks = assemble([*reader.blocks(document.element.body), *reader.notes()])
        properties = document.core_properties
        return Extract(
            text=text,
            blocks=blocks,
            title=stated_title(properties.title),
            date=_day(properties.created, Document().core_properties.created),
            date_is_of_file=True,
            language=iso_language(properties.language),
        )
    except (PythonDocxError, OpcError, *DAMAGED) as error:
        reason = one_line(str(error)) or type(error).__name__
        raise ReadError(
            f"{name!r} is damaged or no Word document ({reason}). "
            "Open it in a word processor and save it again as .docx."
        ) from error


def _day(created: datetime | None, template: datetime | None) -> str | None:
    """The day of creation, unless it is only that of the template that programs start from."""
    return iso_date(created.date().isoformat()) if created and created != template else None


def _refuse_bomb(data: bytes, name: str) -> None:
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except DAMAGED as error:
        raise ReadError(f"{name!r} is damaged or no Word document: {error}.") from error
    unpacked = sum(entry.file_size for entry in entries)
    xml = sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    if unpacked > MAX_UNPACKED_BYTES or xml > MAX_XML_BYTES:
        raise ReadError(
            f"{name!r} unpacks to {unpacked:,} bytes ({xml:,} of them XML), more than the "
            f"{MAX_UNPACKED_BYTES:,} ({MAX_XML_BYTES:,}) that are read. Split it, or take its "
            "pictures out."
        )


class _Reader:
    """The blocks of one document; holds what its styles say."""

    def __init__(self, document: Any) -> None:
        self._part = document.part
        styles = document.styles.element.iterfind(f"{W}style")
        self._styles = {style.get(f"{W}styleId"): style for style in styles}
        self._default = next(filter(self._is_default, self._styles), None)
        self._kind_of_style = cache(self._find_kind_of_style)

    def blocks(self, parent: Any) -> Iterator[Piece]:
        for child in parent:
            if child.tag == W + "p":
                yield from self._paragraph(child)
            elif child.tag == W + "tbl":
                yield from self._table(child)
            elif child.tag not in LEFT_OUT:
                yield from self.blocks(child)

    def notes(self) -> Iterator[Piece]:
        """Footnotes, then endnotes, a block each."""
        from docx.oxml import parse_xml

        parts = {
            relation.reltype.rsplit("/", 1)[-1]: relation.target_part
            for relation in self._part.rels.values()
            if not relation.is_external
        }
        for kind in NOTE_PARTS:
            for note in parse_xml(parts[kind].blob) if kind in parts else ():
                if note.get(f"{W}type") in (None, "normal"):
                    text = "\n".join(filter(None, (_text(p) for p in note.iter(f"{W}p"))))
                    yield Piece(text, "note")

    def _is_default(self, key: str) -> bool:
        style = self._styles[key]
        return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true")

    def _paragraph(self, paragraph: Any) -> Iterator[Piece]:
        kind, level = self._kind(paragraph)
        if kind is not None:
            yield Piece(_text(paragraph), kind, level)
        for box in paragraph.iter(f"{W}txbxContent"):
            if not any(above.tag in LEFT_OUT for above in box.iterancestors()):
                yield from self.blocks(box)

    def _table(self, table: Any) -> Iterator[Piece]:
        for row in _own(table, f"{W}tr", f"{W}tbl"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells = _own(row, f"{W}tc", f"{W}tr")
            if len(cells) == 1:  # a frame around text, and no row of values
                yield from self.blocks(cells[0])
                continue
            texts = [" ".join(map(_text, cell.iter(f"{W}p"))) for cell in cells]
            if any(text.strip() for text in texts):
                yield Piece(tidy(" ".join(" | ".join(texts).split("\n"))), "row")

    def _kind(self, paragraph: Any) -> tuple[BlockKind | None, int]:
        """Kind and level; kind None for an entry of the table of contents.

        What the paragraph says of itself goes before its style.
        """
        properties = paragraph.find(f"{W}pPr")
        style = None if properties is None else properties.find(f"{W}pStyle")
        named = self._kind_of_style(self._default if style is None else style.get(f"{W}val"))
        own = None if properties is None else _kind_of_properties(properties)
        if own is None or named[0] in (None, "heading"):
            return named
        if own[0] == named[0]:
            return own[0], max(own[1], named[1])
        return named if own[0] == "paragraph" and named[0] != "item" else own

    def _find_kind_of_style(self, key: str | None) -> tuple[BlockKind | None, int]:
        """Kind and level of a style or the nearest one it is based on that tells."""
        seen = set()
        while key in self._styles and key not in seen:
            seen.add(key)
            style = self._styles[key]
            name = style.find(f"{W}name")
            found = _kind_of_name("" if name is None else name.get(f"{W}val", ""))
            properties = style.find(f"{W}pPr")
            if found is None and properties is not None:
                found = _kind_of_properties(properties)
            if found is not None:
                return found
            base = style.find(f"{W}basedOn")
            key = None if base is None else base.get(f"{W}val")
        return "paragraph", 0


def _kind_of_name(name: str) -> tuple[BlockKind | None, int] | None:
    if CONTENTS.fullmatch(name):
        return None, 0
    if match := HEADING.fullmatch(name):
        return "heading", min(max(int(match[1]), 1), 6)
    if name.lower() in ("title", "subtitle"):
        return "heading", 1 if name.lower() == "title" else 2
    if match := LIST.fullmatch(name):
        return "item", int(match[1] or 1) - 1
    return ("quotation", 0) if QUOTE.fullmatch(name) else None


def _kind_of_properties(properties: Any) -> tuple[BlockKind | None, int] | None:
    """What outline level and numbering say; number 0 takes a paragraph out of its list."""
    outline = properties.find(f"{W}outlineLvl")
    if outline is not None and int(outline.get(f"{W}val")) < 9:
        return "heading", min(int(outline.get(f"{W}val")) + 1, 6)
    number = properties.find(f"{W}numPr/{W}numId")
    if number is None:
        return None
    if number.get(f"{W}val") == "0":
        return "paragraph", 0
    depth = properties.find(f"{W}numPr/{W}ilvl")
    return "item", 0 if depth is None else int(depth.get(f"{W}val"))


def _text(paragraph: Any) -> str:
    return tidy("".join(_runs(paragraph)))


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in LEFT_OUT or (child.tag == W + "r" and _has(child, "vanish", None)):
            continue
        if child.tag in (W + "t", MATH + "t"):
            yield child.text or ""
        elif child.tag in CHARACTERS:
            yield CHARACTERS[child.tag]
        elif child.tag == W + "r" and _has(child, "vertAlign", "superscript"):
            yield raised("".join(_runs(child)))
        else:
            yield from _runs(child)


def _has(run: Any, name: str, value: str | None) -> bool:
    """Whether the run has the property, switched on or with the value."""
    found = run.find(f"{W}rPr/{W}{name}")
    if found is None:
        return False
    stated = found.get(f"{W}val")
    return stated == value or (value is None and stated not in ("0", "false", "off"))


def _own(parent: Any, tag: str, parent_tag: str) -> list[Any]:
    """The elements inside `parent` that are not inside another of its kind in it."""
    return [
        found for found in parent.iter(tag) if next(found.iterancestors(parent_tag), None) is parent
    ]
