"""Puts a canonical text together from the blocks that a marked-up format is read into."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.extract import Block, BlockKind

__all__ = ["Piece", "assemble", "raised", "tidy"]

GAP = "\n\n"
SPACES = re.compile(r"[ \t\r\f\v]+")
LINE_ENDS = re.compile(r" ?\n[ \n]*")
# Soft hyphens and zero-width marks inside words, which no reader sees and no search finds.
INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff\0")
RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one block; `level` as in `ingest.extract.Block`."""

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0


def assemble(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...]]:
    """The canonical text, blocks apart by an empty line, and each block's place in it."""
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for piece in pieces:
        if not piece.text:
            continue
        blocks.append(Block(at, at + len(piece.text), piece.kind, piece.level))
        parts.append(piece.text)
        at += len(piece.text) + len(GAP)
    return GAP.join(parts), tuple(blocks)


def tidy(text: str) -> str:
    """One space for each run of spaces, no empty lines; no-break spaces stay."""
    return LINE_ENDS.sub("\n", SPACES.sub(" ", text.translate(INVISIBLE))).strip()


def raised(text: str) -> str:
    """Raised digits as superscripts, so that a note's number is not glued to the word.

    "lifted" and a raised 35 become "lifted³⁵". Other raised text ("20th") stays as it is.
    """
    return text.translate(RAISED) if re.fullmatch(r"\s*[+-]?\d{1,4}\s*", text) else text
