"""Short ways from a text to its parts, sentences and passages, for the tests of the core."""

from __future__ import annotations

from ingest.blocks import Part, parts_from_lines
from ingest.extract import Extract
from ingest.furniture import find_furniture
from ingest.lines import split_lines
from ingest.prepare import prepare
from vectorstore import Document, Passage, Sentence

# Long enough for every finder to take it for prose; what it says does not matter.
LONG = (
    "The river towns have kept a common dyke since the great flood, and each of them sends two "
    "wardens to the meeting in spring, where the repairs of the year are agreed and the costs "
    "are shared by the length of each bank."
)
WRAPPED = """\
The wardens of the river towns met on Monday
in the old hall and spoke of the dyke, which
the storms of the winter had damaged near the
bridge. They agreed on a plan in three steps.
The first of them begins in spring.
"""


def parts(
    text: str, *, markdown: bool = False, language: str = "en", pages: tuple[int, ...] = ()
) -> tuple[Part, ...]:
    lines = split_lines(text, pages)
    marks = find_furniture(lines, text, pages=pages)
    return parts_from_lines(text, lines, marks=marks, language=language, markdown=markdown)


def forms(text: str, *, markdown: bool = False, language: str = "en") -> list[tuple[str, str]]:
    """Kind and text of each part, white space folded."""
    return [
        (part.kind, " ".join(" ".join(text[a:b].split()) for a, b in part.spans))
        for part in parts(text, markdown=markdown, language=language)
    ]


def kinds(text: str, *, markdown: bool = False) -> list[str]:
    return [kind for kind, _ in forms(text, markdown=markdown)]


def prepared(
    text: str, name: str = "note.txt", *, language: str = "en", pages: tuple[int, ...] = ()
) -> tuple[Document, tuple[Passage, ...]]:
    return prepare(Extract(text=text, language=language, pages=pages), name)


def sentences(
    text: str, name: str = "note.txt", *, language: str = "en", pages: tuple[int, ...] = ()
) -> tuple[Sentence, ...]:
    _, passages = prepared(text, name, language=language, pages=pages)
    return tuple(sentence for passage in passages for sentence in passage.sentences)


def told(text: str, name: str = "note.txt", *, language: str = "en") -> list[str]:
    """The display texts of the sentences, headings left out."""
    return [s.text for s in sentences(text, name, language=language) if s.kind != "heading"]


def led(text: str, name: str = "note.txt") -> list[tuple[str, str | None]]:
    """Each item or row, and each sentence of an item, with the text of what leads it."""
    found = sentences(text, name)
    by_start = {sentence.start: sentence.text for sentence in found}
    return [
        (s.text, None if s.lead is None else by_start[s.lead])
        for s in found
        if s.lead is not None or s.kind in ("item", "row")
    ]


def marked(text: str, *, pages: tuple[int, ...] = ()) -> dict[str, str]:
    """The furniture of a text: what it is by the words marked."""
    marks = find_furniture(split_lines(text, pages), text, pages=pages)
    return {text[mark.start : mark.end]: mark.kind for mark in marks}
