"""The marks that open list items, and how deep an item lies."""

from __future__ import annotations

import re

from ingest.lines import Line
from ingest.paragraphs import TERMINAL, Draft

__all__ = ["BULLET", "BULLET_ALONE", "LETTER_O", "ORDINAL", "Depths", "is_signature", "opens_item"]

BULLET = re.compile(r"(?:[-*+•◦▪▫●○■□–—·‣⁃➢✓]|o(?=\s{2,}\S))\s+(?=\S)")
# Word's second bullet, which some programs leave as a letter.
LETTER_O = re.compile(r"o\s+(?=[*_]*[^\W\d_a-z])")
BULLET_ALONE = re.compile(r"[-*+•◦▪▫●○■□·‣⁃➢✓o]")
ORDINAL = re.compile(
    r"(?:\d{1,3}\\?[.)]|\\?\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\\?\)|(?:[a-z]|[ivx]{1,5})\\?\)"
    r"|(?:[a-z]|[ivx]{2,4})\.)\s+(?=\S)"
)
SIGNATURE = re.compile(r"[–—]\s*[*_]*[^\W\d_a-z]")


class Depths:
    """The open lists, each with the indent and the style of its marks."""

    def __init__(self) -> None:
        self.levels: list[tuple[int, str]] = []

    def of(self, indent: int, marker: str, before: Draft | None) -> int:
        """How deep an item lies: by its indent, and by its marker where that is all there is."""
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


def opens_item(line: Line, before: Draft | None) -> bool:
    """A dash or a number also starts a line in the middle of a wrapped sentence."""
    if before is None or before.last is None or line.after_gap or before.kind in ("item", "note"):
        return True
    return before.kind == "heading" or before.last.closing.endswith(TERMINAL)


def is_signature(line: Line, before: Draft | None) -> bool:
    """A dash and a name under a quotation say who spoke, and open no list."""
    if before is None or before.last is None or not SIGNATURE.match(line.text):
        return False
    closed = before.last.closing.endswith(("”", "»", '"'))
    return before.kind == "quotation" or (closed and line.after_gap)


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
