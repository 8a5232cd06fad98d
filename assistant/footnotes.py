"""What an export of a conversation says: answers in parts, and a numbered note a citation.

Every line is one line of plain text; escaping is left to `assistant.export`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from assistant.answers import Answer, Citation, Sentence
from assistant.escape import UNSEEN
from assistant.exchange import Conversation, Exchange
from vectorstore import Document

__all__ = [
    "Note",
    "Part",
    "Section",
    "content_hash",
    "facts_of",
    "one_line",
    "section_of",
    "sections_of",
    "sound",
]

# What the production Char of XML 1.0 (https://www.w3.org/TR/xml/#charsets) leaves out.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Everything RFC 3986 lets stand in a URL beside letters and digits.
URL_MARKS = "-._~:/?#[]@!$&'()*+,;=%"


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: `number` runs through the whole export; no `document` where it is gone."""

    number: int
    citation: Citation
    document: Document | None


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of an answer on one line, the numbers of its notes, and what is in doubt of it."""

    text: str
    language: str
    notes: tuple[int, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A question and what became of it; `before` and `after` are lines around the answer."""

    question: str
    before: tuple[str, ...]
    parts: tuple[Part, ...]
    after: tuple[str, ...]
    notes: tuple[Note, ...]


def content_hash(text: str) -> str:
    """The SHA-256 digest of a document's text as UTF-8, 64 hexadecimal digits.

    Half of a surrogate pair, which a text should not have, counts as its three bytes.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sections_of(
    conversation: Conversation, documents: Mapping[str, Document]
) -> tuple[Section, ...]:
    """A section an exchange, notes numbered through all of them; `documents` are by id."""
    sections: list[Section] = []
    first = 1
    for exchange in conversation:
        sections.append(section_of(exchange, documents, first=first))
        first += len(sections[-1].notes)
    return tuple(sections)


def section_of(exchange: Exchange, documents: Mapping[str, Document], *, first: int) -> Section:
    """An exchange whose first note has the number `first`."""
    answer = exchange.answer
    question = one_line(exchange.question)
    limits = "; ".join(map(one_line, exchange.within))
    within = (f"Within: {limits}",) if limits else ()
    if answer is None:
        none_yet = (
            "It was stopped." if exchange.stopped else "There was none yet when this was exported."
        )
        why = one_line(exchange.problem) or none_yet
        return Section(question, within, (), (f"No answer: {why}",), ())
    cited = () if answer.abstained else answer.citations
    notes = tuple(
        Note(number, citation, documents.get(citation.document))
        for number, citation in enumerate(cited, start=first)
    )
    searched = answer.standalone_question
    # A refusal says it itself.
    told = searched == answer.question or (answer.abstained and searched in answer.answer)
    before = within if told else (*within, f"Searched for: {one_line(searched)}")
    after = [f"Engine: {one_line(answer.engine)}"]
    if answer.notice:
        after.append(one_line(answer.notice))
    if exchange.stopped:
        after.append("The answer was stopped and may be incomplete.")
    elif not exchange.complete:
        after.append("The answer was not complete when this was exported.")
    return Section(question, before, _parts(answer, notes), tuple(after), notes)


def _parts(answer: Answer, notes: Sequence[Note]) -> tuple[Part, ...]:
    whole = (Sentence(answer.answer, (), None),)
    sentences = whole if answer.abstained or not answer.sentences else answer.sentences
    by_number = {note.citation.number: note for note in notes}
    parts = []
    for sentence in sentences:
        used = [by_number[n] for n in dict.fromkeys(sentence.citations) if n in by_number]
        quoted = used and answer.quotes
        language = used[0].citation.language if quoted else answer.language
        numbers = tuple(note.number for note in used)
        parts.append(
            Part(one_line(sentence.text), one_line(language), numbers, one_line(sentence.doubt))
        )
    return tuple(parts)


def facts_of(note: Note) -> Iterator[tuple[str, str | None]]:
    """What a note says after the quote, in lines, each with where it links to, if anywhere."""
    citation = note.citation
    page = None if citation.page is None else f"page {citation.page}"
    named = (one_line(citation.title or citation.source), one_line(citation.date or ""), page)
    yield ", ".join(part for part in named if part), None
    place = f"characters {citation.start} to {citation.end}"
    yield f"source {one_line(citation.source)}, {place}", None
    if note.document is not None:
        if note.document.url:
            yield one_line(note.document.url), _link(note.document.url)
        yield f"SHA-256 of the document’s text {content_hash(note.document.text)}", None


def _link(url: str) -> str | None:
    """The URL without a character that could end it, None where it is not one of the web."""
    if not re.match(r"https?://", url, re.I):
        return None
    return quote(url, safe=URL_MARKS, errors="replace")


def one_line(text: str) -> str:
    """The text on one line without characters that are not seen."""
    return " ".join(UNSEEN.sub("", sound(text)).split())


def sound(text: str) -> str:
    """The text without what XML cannot hold; what parts words there (a form feed) is a space."""
    return NO_XML.sub(lambda found: " " if found[0].isspace() else "", text)
