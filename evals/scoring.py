"""One answer against one question: which facts are stated and cited, and why it counts or not.

Whether a citation supports a sentence is judged by gold spans, without a model: support
means to overlap words that a person marked. A sentence that is true and cited well, but
beside the question, counts as unsupported, so that the figures are a lower bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant import Answer, Citation, Sentence
from evals.gold import Gold, Library, locate
from evals.plain import has_any, overlap, plain, same_words, without_markers
from evals.questions import Question
from vectorstore import Span

__all__ = [
    "CitationScore",
    "FactScore",
    "Placed",
    "Score",
    "SentenceScore",
    "on_gold",
    "placed",
    "score",
]

# In how many words the facts have to be; more where several things are asked.
WORDS, WORDS_LONG = 120, 250
LONG_KINDS = ("list", "comparison", "multi-doc", "temporal", "follow-up")


@dataclass(frozen=True, slots=True)
class FactScore:
    """A fact, by its first spelling: in the answer, and there with a citation that carries it."""

    fact: str
    stated: bool
    cited: bool


@dataclass(frozen=True, slots=True)
class CitationScore:
    """A citation of an answer.

    `good`: it overlaps gold evidence, or repeats a fact from a document with gold evidence.
    `verbatim`: its quote is the exact slice of the stored document. `needed`: without it a
    fact would not be cited.
    """

    number: int
    good: bool
    verbatim: bool
    needed: bool


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """A sentence of an answer: supported by its citations together, and by how many of them.

    `supporting` counts those citations that support it alone or cannot be left out.
    """

    text: str
    citations: int
    supported: bool
    supporting: int


@dataclass(frozen=True, slots=True)
class Score:
    """What one answer is worth; `reasons` say in plain words why it is right or not.

    `docs` are the names of the documents with gold evidence, `span_f1` is 0 to 1 (0 where
    there is nothing to compare), `words` counts those of the answer without markers.
    """

    id: str
    kind: str
    lang: str
    docs: tuple[str, ...]
    answerable: bool
    abstained: bool
    right: bool
    facts: tuple[FactScore, ...]
    citations: tuple[CitationScore, ...]
    sentences: tuple[SentenceScore, ...]
    span_f1: float
    words: int
    seconds: float
    confidence: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A citation and every place of its words in its document, in plain form, its own first."""

    number: int
    document: str
    quote: str
    spans: tuple[Span, ...]


def score(question: Question, answer: Answer, library: Library) -> Score:
    """The score of an answer; the rules of `right` are those of the README of evals."""
    gold = locate(question, library)
    cited = tuple(placed(citation, library) for citation in answer.citations)
    words = without_markers(answer.answer).split()
    limit = WORDS_LONG if question.kind in LONG_KINDS or len(question.facts) > 2 else WORDS
    head = plain(" ".join(words[:limit]))
    facts = tuple(_fact(variants, head, cited=cited, gold=gold) for variants in question.facts)
    right = _right(question, answer, facts)
    return Score(
        id=question.id,
        kind=question.kind,
        lang=question.lang,
        docs=tuple(dict.fromkeys(evidence.doc for evidence in question.evidence)),
        answerable=question.answerable,
        abstained=answer.abstained,
        right=right,
        facts=facts,
        citations=_citations(question, answer, library, cited=cited, gold=gold),
        sentences=tuple(_sentence(s, question, cited=cited, gold=gold) for s in answer.sentences),
        span_f1=_span_f1(question, cited, gold),
        words=len(words),
        seconds=answer.seconds.total,
        confidence=answer.confidence,
        reasons=_reasons(question, answer, facts=facts, all_words=plain(" ".join(words))),
    )


def placed(citation: Citation, library: Library) -> Placed:
    """The citation with every place of its words in its document."""
    quote = plain(citation.quote)
    text = library.plain(citation.document)
    spans = sorted(text.find(quote), key=lambda s: abs(text.offsets[s[0]] - citation.start))
    return Placed(citation.number, citation.document, quote, tuple(spans))


def on_gold(cited: Placed, gold: Gold) -> bool:
    """Whether a citation shares half of the shorter one with a place of gold evidence."""
    return cited.document == gold.document and any(same_words(s, gold.span) for s in cited.spans)


def _carries(cited: Placed, variants: tuple[str, ...], gold: Sequence[Gold]) -> bool:
    """Whether a citation has the fact and overlaps gold evidence that has it too."""
    return has_any(variants, cited.quote) and any(
        on_gold(cited, place) and has_any(variants, place.quote) for place in gold
    )


def _fact(
    variants: tuple[str, ...], head: str, *, cited: Sequence[Placed], gold: Sequence[Gold]
) -> FactScore:
    stated = has_any(variants, head)
    return FactScore(
        variants[0], stated, stated and any(_carries(one, variants, gold) for one in cited)
    )


def _right(question: Question, answer: Answer, facts: Sequence[FactScore]) -> bool:
    if not question.answerable:
        return answer.abstained and not answer.citations
    return not answer.abstained and all(fact.stated and fact.cited for fact in facts)


def _citations(
    question: Question,
    answer: Answer,
    library: Library,
    *,
    cited: Sequence[Placed],
    gold: Sequence[Gold],
) -> tuple[CitationScore, ...]:
    needed = _needed(question, cited, gold)
    documents = {place.document for place in gold}
    scores = []
    for citation, one in zip(answer.citations, cited, strict=True):
        repeats = bool(one.spans) and one.document in documents
        good = any(on_gold(one, place) for place in gold) or (
            repeats and any(has_any(variants, one.quote) for variants in question.facts)
        )
        text = library.document(citation.document).text
        verbatim = text[citation.start : citation.end] == citation.quote
        scores.append(CitationScore(one.number, good, verbatim, one.number in needed))
    return tuple(scores)


def _needed(question: Question, cited: Sequence[Placed], gold: Sequence[Gold]) -> frozenset[int]:
    """The numbers left after dropping, last first, each citation that no fact needs."""
    carried = {
        one.number: frozenset(
            i for i, variants in enumerate(question.facts) if _carries(one, variants, gold)
        )
        for one in cited
    }
    left = dict(carried)
    for number in reversed(carried):
        others = frozenset[int]().union(*(left[n] for n in left if n != number))
        if left[number] <= others:
            del left[number]
    return frozenset(left)


def _sentence(
    sentence: Sentence, question: Question, *, cited: Sequence[Placed], gold: Sequence[Gold]
) -> SentenceScore:
    """As ALCE scores a sentence, with `_support` in the place of its NLI model."""
    text = plain(sentence.text)
    own = [one for number in sentence.citations for one in cited if one.number == number]
    stated = [variants for variants in question.facts if has_any(variants, text)]

    def supports(some: Sequence[Placed]) -> bool:
        return _support(stated, some, gold)

    supported = bool(own) and supports(own)
    supporting = 0
    if supported:
        for number, one in enumerate(own):
            without = [other for at, other in enumerate(own) if at != number]
            supporting += supports([one]) or not supports(without)
    return SentenceScore(sentence.text, len(own), supported, supporting)


def _support(
    stated: Sequence[tuple[str, ...]], some: Sequence[Placed], gold: Sequence[Gold]
) -> bool:
    """Every fact that is stated is carried by a citation; without one, any is on gold evidence."""
    if not stated:
        return any(on_gold(one, place) for one in some for place in gold)
    return all(any(_carries(one, variants, gold) for one in some) for variants in stated)


def _span_f1(question: Question, cited: Sequence[Placed], gold: Sequence[Gold]) -> float:
    """Character F1 of what is cited against the gold evidence of each fact nearest to it."""
    chosen = {_nearest(variants, cited, gold) for variants in question.facts}
    wanted = _characters((place.document, place.span) for place in chosen if place)
    given = _characters((one.document, one.spans[0]) for one in cited if one.spans)
    shared = len(wanted & given)
    return 2 * shared / (len(wanted) + len(given)) if wanted or given else 0.0


def _nearest(
    variants: tuple[str, ...], cited: Sequence[Placed], gold: Sequence[Gold]
) -> Gold | None:
    """The evidence of a fact that is cited most; the shortest where none is."""
    places = [place for place in gold if has_any(variants, place.quote)]

    def fit(place: Gold) -> tuple[int, int]:
        own = [one.spans[0] for one in cited if one.document == place.document and one.spans]
        shared = sum(overlap(span, place.span) for span in own)
        return shared, place.span[0] - place.span[1]

    return max(places, key=fit, default=None)


def _characters(spans: Iterable[tuple[str, Span]]) -> set[tuple[str, int]]:
    return {(document, at) for document, span in spans for at in range(*span)}


def _reasons(
    question: Question, answer: Answer, *, facts: Sequence[FactScore], all_words: str
) -> tuple[str, ...]:
    if not question.answerable:
        if answer.abstained:
            return ("Refused, as it should: the documents do not say.",)
        return ("Answered, though the documents do not say.",)
    if answer.abstained:
        return ("Refused, though the documents say.",)
    told = []
    for fact, variants in zip(facts, question.facts, strict=True):
        if not fact.stated:
            late = " (only after the words that count)" if has_any(variants, all_words) else ""
            told.append(f"{fact.fact!r} is not in the answer{late}.")
        elif not fact.cited:
            told.append(f"{fact.fact!r} is in the answer, but no citation on gold evidence has it.")
    return tuple(told) or ("Every fact is in the answer and cited.",)
