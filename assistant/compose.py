"""The answer's text from its evidence: quoted, attributed, numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers import Citation, Sentence
from assistant.evidence import Candidate, Evidence, follows, introduces
from assistant.retrieve import Found
from assistant.voice import is_quoted, quoting
from ingest.metadata import language_name
from ingest.speakers import turn_label
from vectorstore import Document, Span

__all__ = ["REFUSALS", "cite", "compose", "nearest", "refusal"]

REFUSALS = {
    "en": "The documents do not answer this. Searched for: “{}”",
    "nl": "De documenten geven hier geen antwoord op. Gezocht naar: “{}”",
    "fr": "Les documents ne répondent pas à cette question. Recherche : « {} »",
    "de": "Die Dokumente beantworten das nicht. Gesucht wurde: „{}“",
}
# A title longer than this, in characters, is cut at a word where it only says whence.
SHORT_TITLE = 60


def refusal(question: str, language: str) -> str:
    """Says that the documents do not answer, and what was searched for."""
    return REFUSALS.get(language, REFUSALS["en"]).format(question)


def nearest(found: Sequence[Found]) -> tuple[Citation, ...]:
    """Passages that come close and do not answer, whole, in the order given."""
    return tuple(cite(0, f.document, (f.passage.start, f.passage.end)) for f in found)


@dataclass(frozen=True, slots=True)
class _Quotation:
    """Sentences that follow each other in a document, quoted as one."""

    found: Found
    speaker: str | None
    quoted: bool
    text: str
    spans: tuple[Span, ...]
    twins: tuple[Candidate, ...] = ()


def compose(
    evidence: Sequence[Evidence], *, who: bool = False, language: str | None = None
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The sentences of the answer and their citations, numbered in the order of first use.

    Sentences that follow each other in the document are one quotation with one citation;
    where furniture interrupts it, each piece has a citation. Documents that say nearly the
    same are cited after the one that is quoted. Where more than one document speaks, or
    somebody is quoted, it says who and when; of a document in another language than
    `language` (the question's) it names the language too, in that of the question. Where a
    person is asked for (`who`), the name of a speaker is cited too.
    """
    numbers: dict[tuple[str, Span], int] = {}
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    several = len({e.found.document.id for e in evidence}) > 1
    said: tuple[str, str | None, bool] | None = None
    for quotation in _quotations(evidence):
        document = quotation.found.document
        voice = (document.id, quotation.speaker, quotation.quoted)
        opening = _attribution(quotation, language, whence=several) if voice != said else ""
        said = voice
        places = [(document, span) for span in _cited(quotation, who=who and bool(opening))]
        places += [(t.found.document, span) for t in quotation.twins for span in t.sentence.spans]
        used = []
        for of, span in places:
            key = (of.id, span)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                citations.append(cite(numbers[key], of, span))
            used.append(numbers[key])
        sentences.append(Sentence(opening + quotation.text, tuple(used)))
    return tuple(sentences), tuple(citations)


def _cited(quotation: _Quotation, *, who: bool) -> tuple[Span, ...]:
    """What a quotation cites: its words; with `who` the name that a transcript gives before them.

    A name right before the words is cited with them.
    """
    (start, end), *rest = quotation.spans
    text, speaker = quotation.found.document.text, quotation.speaker
    label = speaker and turn_label(text, speaker, start)
    if not label:
        return quotation.spans
    if not text[label[1] : start].strip():
        return ((label[0], end), *rest)
    return (label, *quotation.spans) if who else quotation.spans


def _quotations(evidence: Sequence[Evidence]) -> list[_Quotation]:
    """The evidence, joined where nothing but space parts sentences or a list from its opening."""
    joined: list[_Quotation] = []
    last: Evidence | None = None
    for item in evidence:
        sentence = item.sentence
        quoted = is_quoted(sentence, item.found.document)
        if last is not None and (follows(last, item) or introduces(last, item)):
            before = joined.pop()
            (start, _), (_, end) = before.spans[-1], sentence.spans[0]
            spans = (*before.spans[:-1], (start, end), *sentence.spans[1:])
            text, twins = f"{before.text} {sentence.text}", (*before.twins, *item.twins)
            quoted = before.quoted and quoted
        else:
            spans, text, twins = sentence.spans, sentence.text, item.twins
        joined.append(_Quotation(item.found, sentence.speaker, quoted, text, spans, twins))
        last = item
    return joined


def cite(number: int, document: Document, span: Span) -> Citation:
    """The citation of these exact words of a document."""
    start, end = span
    return Citation(
        number=number,
        document=document.id,
        source=document.source,
        title=document.title,
        date=document.date,
        language=document.language,
        page=document.page_at(start),
        start=start,
        end=end,
        quote=document.text[start:end],
    )


def _foreign(document: Document, language: str | None) -> str | None:
    """The name of the document's language in `language`, where the two differ."""
    if language is None or document.language == language:
        return None
    return language_name(document.language, language)


def _attribution(item: _Quotation, language: str | None, *, whence: bool) -> str:
    """Who says it and, with `whence`, where and when: "Rutte (NATO brief, 2024-10-18): "."""
    speaker, document = item.speaker, item.found.document
    if speaker is not None and item.quoted:
        speaker = quoting(speaker, language or document.language)
    elif speaker is not None and _surname(speaker) in item.text:
        speaker = None
    foreign = _foreign(document, language)
    place = ", ".join(part for part in (_short(document.title), document.date, foreign) if part)
    whence = whence or foreign is not None
    if speaker and whence:
        return f"{speaker} ({place}): "
    if speaker or whence:
        return f"{speaker or place}: "
    return ""


def _surname(speaker: str) -> str:
    return speaker.rsplit(maxsplit=1)[-1]


def _short(title: str) -> str:
    if len(title) <= SHORT_TITLE:
        return title
    return re.sub(r"[\s,:;–-]+\S*$", "", title[:SHORT_TITLE]) + "…"
