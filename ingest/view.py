"""A block as a reader sees it, every character still knowing its place in the text.

White space is folded, Markdown's marks and raised note numbers are taken off. Sentences
are cut on this view and carried back to the exact text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vectorstore.document import Span

__all__ = ["View", "note_numbers", "view"]


@dataclass(frozen=True, slots=True)
class View:
    """`text[i]` stands at offset `places[i]` of the document."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The document's range from the first to the last character of `text[start:end]`."""
        return self.places[start], self.places[end - 1] + 1


TARGET = r"\([^()]{0,1000}(?:\([^()]{0,200}\)[^()]{0,500})?\)"
MARKUP = re.compile(
    rf"\[!\[[^\[\]]{{0,500}}\]{TARGET}\]{TARGET}"  # image that is a link
    rf"|!\[[^\[\]]{{0,500}}\]{TARGET}"
    rf"|\[(?P<link>[^\[\]]{{1,1000}})\]{TARGET}"
    r"|(?<=[\r\n])[ \t]*(?:>[ \t]?)+"  # quotation, its further lines
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\[\^[^\]]{1,20}\]"  # footnote
    r"|</?[a-zA-Z][^<>]{0,200}>"
    r"|\*{1,3}(?=\S)|(?<=\S)\*{1,3}|\*{2,3}|(?<!\w)_{1,2}(?=\w)|(?<=[\w.,!?])_{1,2}(?!\w)|`"
)
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\x02\ufffe"

GLUED = re.compile(
    r"(?<=[a-zà-öø-ÿ][a-zà-öø-ÿ])(?P<word>\d{1,3})(?!\w)"
    r"|(?<=[a-zà-öø-ÿ’”\")\]][.,;:’”\")])(?P<stop>\d{1,3})(?!\w)"
    r"|(?<=[a-zà-öø-ÿ.,][’”])(?P<quote>\d{1,3})(?!\w)"
    r"|(?<=[a-zà-öø-ÿ][*_])(?P<marked>\d{1,3})(?!\w)"
    r"|(?<=[a-zà-öø-ÿ]{3})(?P<raised>[⁰¹²³⁴-⁹]{1,3})"  # not the square of a unit
    r"|(?<=[a-zà-öø-ÿ’”\")\]][.,;:’”\")])(?P<high>[⁰¹²³⁴-⁹]{1,3})"
    r"|(?<=\b(?:19|20)\d\d)(?P<year>\d{1,2})\b"
    r"|(?P<bracket>\[\d{1,3}\])"
)
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
MISSING = 2
CHAIN = 3


def note_numbers(text: str) -> frozenset[int]:
    """Offsets of the digits that are note references glued to words.

    They count up from 1 through the document, which tells them from other digits. A
    number or two may be missing; fewer than three in all are not taken for notes.
    """
    expected, found, count = 1, set[int](), 0
    for match in GLUED.finditer(text):
        number = int(match.group().strip("[]").translate(DIGITS))
        slack = 0 if match.lastgroup == "year" else MISSING
        if expected <= number <= expected + slack:
            found.update(range(match.start(), match.end()))
            expected, count = number + 1, count + 1
    return frozenset(found) if count >= CHAIN else frozenset()


def view(
    text: str, spans: Sequence[Span], *, markup: bool, notes: frozenset[int] = frozenset()
) -> View:
    """The view of the block that lies at `spans`; `markup` takes Markdown's marks off."""
    characters: list[str] = []
    places: list[int] = []
    for i, (start, end) in enumerate(spans):
        if i and characters and characters[-1] not in " -":
            characters.append(" ")
            places.append(places[-1])
        for place in _kept(text, start, end, markup=markup):
            _append(text[place], place, characters, places, notes)
    while characters and characters[-1] == " ":
        characters.pop()
        places.pop()
    return View("".join(characters), tuple(places))


def _kept(text: str, start: int, end: int, *, markup: bool) -> Iterator[int]:
    at = start
    for match in MARKUP.finditer(text, start, end) if markup else ():
        yield from range(at, match.start())
        group = match.lastgroup
        if group:
            yield from _kept(text, *match.span(group), markup=group == "link")
        at = match.end()
    yield from range(at, end)


def _append(
    character: str, place: int, characters: list[str], places: list[int], notes: frozenset[int]
) -> None:
    if place in notes or character in INVISIBLE:
        return
    if character.isspace():
        broken = character in "\n\r" and characters[-1:] == ["-"]
        if not characters or characters[-1] == " " or broken:
            return
        character = " "
    characters.append(character)
    places.append(place)
