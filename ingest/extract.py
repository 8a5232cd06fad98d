"""What a reader hands on: a document's text and what its format says about the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Block", "BlockKind", "Extract", "ReadError"]

BlockKind = Literal["heading", "paragraph", "item", "quotation", "row", "note"]


class ReadError(Exception):
    """A source that cannot be read; the message names it, the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Block:
    """A half-open range `start:end` of the text that its format marks as one block.

    `level` is 1 to 6 for a heading and the nesting depth, from 0, for a list item.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0


@dataclass(frozen=True, slots=True)
class Extract:
    """The canonical text of one source and the metadata that its format carries.

    `blocks` is None where the format has no structure of its own (plain text,
    Markdown, PDF): blocks are then found from the lines. `pages` holds the offset at
    which each page starts. Metadata is None where the format does not say; what the
    text itself says is found later, by `ingest.metadata`. `date_is_of_file` tells that
    `date` is when the file was made, which need not be the document's own date.
    """

    text: str
    blocks: tuple[Block, ...] | None = None
    pages: tuple[int, ...] = ()
    title: str | None = None
    date: str | None = None
    date_is_of_file: bool = False
    publisher: str | None = None
    language: str | None = None
    url: str | None = None
