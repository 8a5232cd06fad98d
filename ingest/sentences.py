"""Sentences, list items, rows and notes of a document, cut out of its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.blocks import Part
from ingest.extract import BlockKind
from ingest.speakers import OPENERS, block_speakers, quoted_speaker
from ingest.tokens import MAX_TOKENS, count_tokens
from ingest.view import View, note_numbers, view
from ingest.words import function_words, sentence_spans
from vectorstore.document import Sentence, SentenceKind, Span

__all__ = ["find_sentences"]

KINDS: dict[BlockKind, SentenceKind] = {
    "heading": "heading",
    "row": "row",
    "note": "note",
    "item": "item",
    "paragraph": "sentence",
    "quotation": "sentence",
}
# A block shorter than this that stands right before a list introduces it.
SHORT_LEAD = 160
# Shorter sentences, in characters, are not worth counting: few are too long to quote.
SHORT = 250
# A label before a block's first sentence has at most so many words: with a number, capitalised.
DATED, TITLED = 4, 10


@dataclass(slots=True)
class _Lists:
    """What introduces a list item, while the parts are read from top to bottom."""

    leads: list[int | None]  # of the open list, one for each depth
    header: int | None = None  # first row of the open table
    items: list[int] | None = None  # the last item of each depth
    marker: str = ""  # of the last outermost item

    def of_item(self, part: Part, before: tuple[Part, Sentence] | None) -> int | None:
        items = self.items or []
        if part.level and len(items) >= part.level:
            return items[part.level - 1]
        if before is not None and before[0].kind != "item":
            goes_on = bool(self.items) and _goes_on(self.marker, part.marker)
            if _introduces(*before, new=not goes_on):
                self.leads = [before[1].start]
            elif self.items and not goes_on:
                self.leads = []
        return self.leads[0] if self.leads else None

    def add_item(self, part: Part, start: int) -> None:
        self.items = [*(self.items or [])[: part.level], start]
        if part.level == 0:
            self.marker = part.marker


def _goes_on(before: str, marker: str) -> bool:
    """Whether an item goes on with the list whose last marker was `before`, after other text.

    A new list has other bullets, or counts from the start again.
    """
    if not any(c.isalnum() for c in marker):
        return before == marker
    first = re.sub(r"\W", "", marker) in ("1", "a", "A", "i")
    return before != "" and before[-1] == marker[-1] and not first


def _introduces(part: Part, last: Sentence, *, new: bool) -> bool:
    """Whether the block before an item introduces it; without a colon, only a `new` list."""
    short = part.spans[-1][1] - part.spans[0][0] < SHORT_LEAD
    told = part.kind == "heading" or last.text.endswith(":")
    return told or (new and short and part.kind == "paragraph")


def find_sentences(
    text: str, parts: Sequence[Part], *, language: str, markup: bool
) -> tuple[tuple[Part, tuple[Sentence, ...]], ...]:
    """Each part with its sentences, in order; parts without any words are left out."""
    notes = note_numbers(text)
    seen = [(part, view(text, part.spans, markup=markup, notes=notes)) for part in parts]
    seen = [(part, look) for part, look in seen if any(c.isalnum() for c in look.text)]
    speakers = block_speakers([look.text for _, look in seen], [part.kind for part, _ in seen])
    lists = _Lists(leads=[])
    found: list[tuple[Part, tuple[Sentence, ...]]] = []
    before: tuple[Part, Sentence] | None = None
    for (part, look), speaker in zip(seen, speakers, strict=True):
        lead = _lead(part, lists, before)
        sentences = _cut(part, look, language=language, lead=lead, speaker=speaker)
        if not sentences:
            continue
        if part.kind == "item":
            lists.add_item(part, sentences[0].start)
        elif part.kind == "row":
            new = lists.header is None or part.opens
            lists.header = sentences[0].start if new else lists.header
        if part.kind != "row":
            lists.header = None
        if part.kind == "heading":
            lists.leads, lists.items = [sentences[0].start], None
        found.append((part, sentences))
        before = (part, sentences[-1])
    return tuple(found)


def _lead(part: Part, lists: _Lists, before: tuple[Part, Sentence] | None) -> int | None:
    if part.kind == "item":
        return lists.of_item(part, before)
    return lists.header if part.kind == "row" and not part.opens else None


def _cut(
    part: Part, look: View, *, language: str, lead: int | None, speaker: str | None
) -> tuple[Sentence, ...]:
    kind = KINDS[part.kind]
    whole: tuple[Span, ...] = ((0, len(look.text)),)
    if part.kind not in ("heading", "row", "note"):
        whole = sentence_spans(look.text, language)
    if speaker is None:
        whole = _with_label(look.text, whole, language)
    ranges = tuple(piece for span in whole for piece in _pieces(look.text, span))
    quoted = _quoted(look.text, ranges) if speaker is None else None
    sentences: list[Sentence] = []
    for i, (start, end) in enumerate(ranges):
        later = part.kind == "item" and i > 0
        sentences.append(
            Sentence(
                spans=_places(part, look.span(start, end)),
                text=_row(look.text[start:end]) if part.kind == "row" else look.text[start:end],
                kind="sentence" if later else kind,
                lead=sentences[0].start if later else lead,
                speaker=speaker if speaker else (quoted or {}).get(i),
            )
        )
    return tuple(sentences)


def _with_label(text: str, spans: tuple[Span, ...], language: str) -> tuple[Span, ...]:
    """The sentences, the first one with the label before it: a date, a place, a heading run in.

    "14 March 2024." tells nothing alone, and what follows it does not tell when.
    """
    if len(spans) < 2 or text[spans[0][1] - 1] != ".":
        return spans
    words = re.findall(r"\w+", text[slice(*spans[0])])
    small = function_words(language)
    dated = any(word.isdigit() for word in words) and len(words) <= DATED
    titled = len(words) <= TITLED and all(
        word in small or word[0].isupper() or word[0].isdigit() for word in words
    )
    if not (dated or titled) or all(word.casefold() in small for word in words):
        return spans
    return ((spans[0][0], spans[1][1]), *spans[2:])


def _pieces(text: str, span: Span) -> tuple[Span, ...]:
    """A sentence too long to quote, cut at semicolons, else commas, else spaces."""
    start, end = span
    tokens = count_tokens(text[start:end]) if end - start > SHORT else 0
    if tokens <= MAX_TOKENS:
        return (span,)
    size = max(1, (end - start) * MAX_TOKENS // tokens)
    pieces = []
    while end - start > size:
        cut = next(
            (
                at
                for mark in ("; ", ", ", " ")
                if (at := text.rfind(mark, start, start + size)) > start
            ),
            0,
        )
        at = cut + 1 if cut else start + size
        pieces.append((start, at))
        start = at + (text[at : at + 1] == " ")
    return (*pieces, (start, end)) if start < end else tuple(pieces)


def _quoted(text: str, ranges: Sequence[Span]) -> dict[int, str]:
    """The speaker of the sentences that lie inside quotation marks, by their number."""
    speaker = quoted_speaker(text)
    if speaker is None:
        return {}
    inside: dict[int, str] = {}
    depth = 0
    for i, (start, end) in enumerate(ranges):
        piece = text[start:end]
        if depth or piece[:1] in OPENERS:
            inside[i] = speaker
        depth = max(0, depth + piece.count("“") - piece.count("”"))
    return inside


def _row(text: str) -> str:
    return " | ".join(cell.strip() for cell in re.split(r"\s*\|\s*", text.strip(" |")))


def _places(part: Part, span: Span) -> tuple[Span, ...]:
    """`span` less what lies between the spans of the part."""
    start, end = span
    cut = ((max(start, a), min(end, b)) for a, b in part.spans)
    return tuple((a, b) for a, b in cut if a < b)
