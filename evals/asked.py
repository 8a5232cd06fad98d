"""Every question of a run as its report shows it: expected, answered, cited, in context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from assistant import Answer, Citation
from evals.excerpts import Excerpt, clipped, excerpt
from evals.gold import Gold, Library, locate
from evals.plain import MARKERS, plain
from evals.questions import Evidence, Question
from evals.run import Record
from evals.scoring import CitationScore, Placed, on_gold, placed
from vectorstore import Span

__all__ = ["Asked", "asked_in"]

# How much is shown of an answer's text from marker to marker, and of a sentence in the list
# of sentences; the whole text is in the run's JSON Lines.
ANSWERED, LISTED = 800, 240


@dataclass(frozen=True, slots=True)
class Run:
    """A part of an answer's text: words, or a marker with the anchor of its citation."""

    text: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it is shown; without `excerpt` where its words are not at its place."""

    anchor: str
    citation: Citation
    score: CitationScore
    excerpt: Excerpt | None
    placed: Placed


@dataclass(frozen=True, slots=True)
class Answered:
    """What one engine, the run's number `at`, answered; its citations' anchors begin alike."""

    at: int
    anchor: str
    engine: str
    record: Record
    runs: tuple[Run, ...]
    sentences: tuple[str, ...]
    citations: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Gold evidence in its first place, in how many places it is, and who cites one of them."""

    evidence: Evidence
    title: str
    page: int | None
    excerpt: Excerpt
    places: int
    cited: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with every engine's answer; `anchor` names it in the page's address."""

    anchor: str
    question: Question
    wanted: tuple[Wanted, ...]
    answers: tuple[Answered, ...]


def asked_in(records: Mapping[str, Sequence[Record]], library: Library) -> Iterator[Asked]:
    """Every question in the order of the first engine, with the answers of those asked it."""
    by_engine = {engine: {one.question.id: one for one in some} for engine, some in records.items()}
    questions = {one.question.id: one.question for some in records.values() for one in some}
    for number, (key, question) in enumerate(questions.items()):
        gold = locate(question, library)
        answers = tuple(
            _answered(at, engine, some[key], gold=gold, anchor=f"c{number}-{at}", library=library)
            for at, (engine, some) in enumerate(by_engine.items())
            if key in some
        )
        wanted = _wanted(question, answers, gold, library=library)
        yield Asked(f"q-{quote(key, safe='')}", question, wanted, answers)


def _answered(
    at: int, engine: str, record: Record, *, gold: Sequence[Gold], anchor: str, library: Library
) -> Answered:
    answer = record.answer
    scores = {score.number: score for score in record.score.citations}
    cited = tuple(
        Cited(
            f"{anchor}-{citation.number}",
            citation,
            scores[citation.number],
            _cited_excerpt(citation, gold, library),
            placed(citation, library),
        )
        for citation in answer.citations
    )
    sentences = tuple(clipped(sentence.text, LISTED) for sentence in answer.sentences)
    return Answered(at, anchor, engine, record, tuple(_runs(answer, anchor)), sentences, cited)


def _runs(answer: Answer, anchor: str) -> Iterator[Run]:
    """The answer's text, its markers apart; brackets in quoted words are not markers."""
    text, at = answer.answer, 0
    quoted: list[Span] = []
    for sentence in answer.sentences:
        found = text.find(sentence.text, quoted[-1][1] if quoted else 0)
        if found >= 0:
            quoted.append((found, found + len(sentence.text)))
    known = {citation.number for citation in answer.citations}
    for marker in MARKERS.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", marker.group())]
        inside = any(start <= marker.start() < end for start, end in quoted)
        if inside or not known.issuperset(numbers):
            continue
        yield Run(clipped(text[at : marker.start()], ANSWERED))
        yield from (Run(f"[{number}]", f"{anchor}-{number}") for number in numbers)
        at = marker.end()
    yield Run(clipped(text[at:], ANSWERED))


def _wanted(
    question: Question, answers: Sequence[Answered], gold: Sequence[Gold], *, library: Library
) -> tuple[Wanted, ...]:
    made = []
    for evidence in question.evidence:
        words, named = plain(evidence.quote), library.named(evidence.doc)
        places = [one for one in gold if one.quote == words and one.document in named]
        document = library.document(places[0].document)
        span = _original(places[0], library)
        cited = tuple((one.at, one.engine, _cites(one.citations, places)) for one in answers)
        shown = excerpt(document.text, span, [span])
        page = document.page_at(span[0])
        made.append(Wanted(evidence, document.title, page, shown, len(places), cited))
    return tuple(made)


def _cites(citations: Sequence[Cited], places: Sequence[Gold]) -> bool:
    """Whether a citation is on this gold evidence, as it is scored."""
    return any(on_gold(cited.placed, place) for cited in citations for place in places)


def _original(place: Gold, library: Library) -> Span:
    return library.plain(place.document).original(place.span)


def _cited_excerpt(citation: Citation, gold: Sequence[Gold], library: Library) -> Excerpt | None:
    """A citation in its context; None where its words are not there: nothing is highlighted."""
    text = library.document(citation.document).text
    if text[citation.start : citation.end] != citation.quote:
        return None
    marked = [_original(place, library) for place in gold if place.document == citation.document]
    return excerpt(text, (citation.start, citation.end), marked)
