"""The figures of a run: over all questions and by kind, language and document; two curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.intervals import Figure, quantile, ratio
from evals.metrics import METRICS, QUANTILES, Part
from evals.retrieval import RETRIEVAL
from evals.run import Record

__all__ = [
    "BY",
    "GROUPED",
    "NAMES",
    "Bin",
    "Point",
    "calibration",
    "calibration_error",
    "coverage",
    "figures",
    "grouped",
    "summary",
]

# All figures in the order of tables.
NAMES = (*(metric.name for metric in METRICS), *RETRIEVAL, *(q.name for q in QUANTILES))
# Figures that are shown by group, and what groups there are.
GROUPED = ("right", "citation precision", "citation recall")
BY = ("kind", "lang", "doc")
BINS = 10


@dataclass(frozen=True, slots=True)
class Point:
    """Where the threshold of answering stands at `threshold`: what is answered, how well.

    `coverage` is the share of questions answered, `precision` the share of those right.
    """

    threshold: float
    coverage: float
    precision: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of a like confidence: the mean confidence, the share right, how many."""

    confidence: float
    right: float
    n: int


def figures(records: Sequence[Record]) -> dict[str, Figure]:
    """Every figure by name, in the order of `NAMES`."""
    made = {name: _ratio([record.parts[name] for record in records]) for name in _ratios(records)}
    for each in QUANTILES:
        values = [each.value(record.score) for record in records]
        made[each.name] = quantile([v for v in values if v is not None], each.q)
    return {name: made[name] for name in NAMES if name in made}


def grouped(records: Sequence[Record], by: str) -> dict[str, dict[str, Figure]]:
    """The figures of `GROUPED` for each value of `by` ("kind", "lang", "doc"), sorted.

    A question on several documents stands in the group of each of them.
    """
    keys: Callable[[Record], tuple[str, ...]] = {
        "kind": lambda record: (record.score.kind,),
        "lang": lambda record: (record.score.lang,),
        "doc": lambda record: record.score.docs,
    }[by]
    values = sorted({value for record in records for value in keys(record)})
    return {
        value: {
            name: _ratio([record.parts[name] for record in records if value in keys(record)])
            for name in GROUPED
        }
        for value in values
    }


def coverage(records: Sequence[Record]) -> tuple[Point, ...]:
    """Precision against coverage as the threshold of answering moves up from where it is.

    El-Yaniv and Wiener 2010 (risk-coverage). What the engine refused stays refused, as
    there is no answer to count. () for an engine without confidence.
    """
    answered = [
        (record.score.confidence, record.score.right)
        for record in records
        if not record.score.abstained and record.score.confidence is not None
    ]
    answered.sort(key=lambda pair: -pair[0])
    points, right = [], 0
    for count, (confidence, good) in enumerate(answered, start=1):
        right += good
        if count == len(answered) or answered[count][0] < confidence:
            points.append(Point(confidence, count / len(records), right / count))
    return tuple(points)


def calibration(records: Sequence[Record]) -> tuple[Bin, ...]:
    """Answers in ten bins of confidence of equal width, empty ones left out.

    Guo et al. 2017, reliability diagram. () for an engine without confidence.
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for record in records:
        confidence = record.score.confidence
        if confidence is not None and not record.score.abstained:
            index = min(int(confidence * BINS), BINS - 1)
            bins.setdefault(index, []).append((confidence, record.score.right))
    return tuple(
        Bin(
            sum(c for c, _ in inside) / len(inside),
            sum(right for _, right in inside) / len(inside),
            len(inside),
        )
        for _, inside in sorted(bins.items())
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error (Guo et al. 2017): mean |right - confidence| by answers."""
    total = sum(one.n for one in bins)
    if not total:
        return float("nan")
    return sum(one.n * abs(one.right - one.confidence) for one in bins) / total


def summary(records: Sequence[Record]) -> dict[str, Any]:
    """All of it as plain JSON values; an undefined figure has None in its three numbers."""
    bins = calibration(records)
    return {
        "figures": {name: figure.as_json() for name, figure in figures(records).items()},
        "by": {
            by: {
                value: {name: figure.as_json() for name, figure in group.items()}
                for value, group in grouped(records, by).items()
            }
            for by in BY
        },
        "coverage": [asdict(point) for point in coverage(records)],
        "calibration": [asdict(one) for one in bins],
        "calibration error": None if not bins else calibration_error(bins),
    }


def _ratios(records: Sequence[Record]) -> Mapping[str, Part]:
    return records[0].parts if records else {}


def _ratio(pairs: Sequence[Part]) -> Figure:
    return ratio([top for top, _ in pairs], [bottom for _, bottom in pairs])
