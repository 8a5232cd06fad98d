"""Every figure's formula: what one answer adds to its numerator and to its denominator.

A figure is the sum of the numerators of all questions over the sum of their denominators;
a denominator of 0 means that a question does not bear on it. `evals.scoring` says what is
right, good, supported, needed. The functions named in `METRICS` take one question's score
and its retrieval figures, and give (numerator, denominator).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evals.retrieval import RETRIEVAL
from evals.scoring import Score

__all__ = ["METRICS", "QUANTILES", "Metric", "Part", "Quantile", "parts"]

Part = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure by its name, what it says in a few words, and whether more is better."""

    name: str
    says: str
    part: Callable[[Score], Part]
    more_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Quantile:
    """A figure that is a quantile (0 to 1) over questions; `value` is None where none bears."""

    name: str
    says: str
    q: float
    value: Callable[[Score], float | None]


def right(score: Score) -> Part:
    """Share of questions answered right.

    Right, where the documents answer: not refused, every fact in the first 120 words (250
    for lists, comparisons, questions on several documents or with more than two facts), and
    every fact in a citation that overlaps gold evidence with that fact. Where they do not:
    refused without citations. Source: `score.py` of the shared questions, to three digits.
    Edge: a fact that comes after those words is not stated; one citation may carry several.
    """
    return float(score.right), 1.0


def fact_recall(score: Score) -> Part:
    """Mean over answerable questions of the share of facts that are in the answer.

    Answer correctness by string match, as ALCE's STR-EM (Gao et al. 2023, section 3.2), on
    the words that count for `right`. Edge: a refusal counts 0; others do not bear on it.
    """
    if not score.answerable:
        return 0.0, 0.0
    return sum(fact.stated for fact in score.facts) / len(score.facts), 1.0


def citation_recall(score: Score) -> Part:
    """Mean over answerable questions of the share of facts that are stated and cited.

    Cited: a citation has the fact and shares half of the shorter one with gold evidence
    that has it too. Source: `score.py`. Edge: a refusal counts 0.
    """
    if not score.answerable:
        return 0.0, 0.0
    return sum(fact.cited for fact in score.facts) / len(score.facts), 1.0


def citation_precision(score: Score) -> Part:
    """Share of all citations that are good.

    Good: it overlaps gold evidence by half of the shorter one, or repeats a fact from a
    document with gold evidence. Over citations, not over answers. Source: `score.py`. Edge:
    every citation of an answer that should have been a refusal counts against it.
    """
    return float(sum(c.good for c in score.citations)), float(len(score.citations))


def sentence_recall(score: Score) -> Part:
    """ALCE citation recall: mean over answers of the share of sentences that are supported.

    Gao, Yen, Yu and Chen 2023 (arXiv 2305.14627), section 3.3, `compute_autoais` of their
    `eval.py`. Their NLI model is replaced by gold spans: the citations of a sentence
    together carry every fact that it states, or, where it states none that is asked for,
    one of them overlaps gold evidence. Edge: a sentence without citations is unsupported;
    refusals do not bear on it; an answer that should have been a refusal counts 0.
    """
    if score.abstained or not score.sentences:
        return 0.0, 0.0
    return sum(s.supported for s in score.sentences) / len(score.sentences), 1.0


def sentence_precision(score: Score) -> Part:
    """ALCE citation precision: mean over answers of the share of citations that support.

    A citation supports if its sentence is supported and it either supports alone or cannot
    be left out (same source as `sentence_recall`). Edge: an answer without any citation
    counts 0, refusals do not bear on it.
    """
    if score.abstained or not score.sentences:
        return 0.0, 0.0
    given = sum(s.citations for s in score.sentences)
    return (sum(s.supporting for s in score.sentences) / given if given else 0.0), 1.0


def minimality(score: Score) -> Part:
    """Share of citations, over answered answerable questions, that a fact needs.

    Citations are dropped from the last to the first where no fact loses its only one; what
    stays is needed. After the "redundant citation" of ALCE's precision, for whole answers.
    Edge: where no fact is cited, none is needed.
    """
    if not score.answerable or score.abstained:
        return 0.0, 0.0
    return float(sum(c.needed for c in score.citations)), float(len(score.citations))


def verbatim(score: Score) -> Part:
    """Share of citations whose quote is exactly the stored document's slice.

    `document.text[start:end] == quote`, no normalisation. Edge: no citations, no bearing.
    """
    return float(sum(c.verbatim for c in score.citations)), float(len(score.citations))


def span_overlap(score: Score) -> Part:
    """Mean over answerable questions of the character F1 of cited and gold spans.

    F1 = 2 · shared / (cited + gold) characters, as SQuAD's token F1 (Rajpurkar et al. 2016)
    on characters in their places. Gold is, for each fact, the evidence that is cited most,
    the shortest where none is. Edge: a refusal counts 0.
    """
    if not score.answerable:
        return 0.0, 0.0
    return score.span_f1, 1.0


def abstention_precision(score: Score) -> Part:
    """Of the refusals, the share that was due: refused and unanswerable / refused."""
    return float(score.abstained and not score.answerable), float(score.abstained)


def abstention_recall(score: Score) -> Part:
    """Of the unanswerable questions, the share that was refused."""
    return float(score.abstained and not score.answerable), float(not score.answerable)


def abstention_f1(score: Score) -> Part:
    """Harmonic mean of the two: 2 · due refusals / (refusals + unanswerable questions).

    Edge: undefined, not 0, where nothing was refused and nothing was unanswerable.
    """
    due = score.abstained and not score.answerable
    return 2.0 * due, float(score.abstained) + float(not score.answerable)


def over_refusal(score: Score) -> Part:
    """Of the answerable questions, the share that was refused (less is better)."""
    return float(score.abstained and score.answerable), float(score.answerable)


METRICS: tuple[Metric, ...] = (
    Metric("right", "answers with every fact, each cited", right),
    Metric("fact recall", "facts that are in the answer", fact_recall),
    Metric("citation recall", "facts that are cited", citation_recall),
    Metric("citation precision", "citations that are good", citation_precision),
    Metric("sentence recall", "sentences supported (ALCE)", sentence_recall),
    Metric("sentence precision", "citations that support (ALCE)", sentence_precision),
    Metric("minimality", "citations that could not go", minimality),
    Metric("verbatim", "quotes exactly in the source", verbatim),
    Metric("span overlap", "character F1 with gold evidence", span_overlap),
    Metric("abstention precision", "refusals that were due", abstention_precision),
    Metric("abstention recall", "unanswerable questions refused", abstention_recall),
    Metric("abstention F1", "both together", abstention_f1),
    Metric("over-refusal", "answerable questions refused", over_refusal, more_is_better=False),
)


def answer_words(score: Score) -> float | None:
    """The words of an answer without its markers; refusals do not bear on it."""
    return None if score.abstained or not score.answerable else float(score.words)


def seconds(score: Score) -> float | None:
    """Wall-clock seconds from the question to the whole answer."""
    return score.seconds


QUANTILES: tuple[Quantile, ...] = (
    Quantile("words p50", "words of an answer, median", 0.5, answer_words),
    Quantile("seconds p50", "seconds to an answer, median", 0.5, seconds),
    Quantile("seconds p95", "seconds to an answer, 19 of 20", 0.95, seconds),
)


def parts(score: Score, retrieval: Mapping[str, float] | None) -> dict[str, Part]:
    """What one question adds to every figure, by the figure's name.

    `retrieval` holds the figures of its ranking (`evals.retrieval`), None where there is
    no gold evidence to retrieve.
    """
    ranked = {
        name: (retrieval[name], 1.0) if retrieval is not None else (0.0, 0.0) for name in RETRIEVAL
    }
    return {metric.name: metric.part(score) for metric in METRICS} | ranked
