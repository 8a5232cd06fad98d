"""Figures with their uncertainty: bootstrap intervals, and paired differences of two runs.

Every figure here is a ratio of sums over questions (a mean is the ratio with denominators
of one) or a quantile; the question is what is drawn again, so that the citations of one
answer, which are right or wrong together, stay together (Efron and Tibshirani 1993, An
Introduction to the Bootstrap, percentile interval, chapter 13; for paired systems on the
same items Berg-Kirkpatrick, Burkett and Klein 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Difference", "Figure", "difference", "quantile", "ratio"]

DRAWS = 2000
LOW, HIGH = 2.5, 97.5
SEED = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, its 95 % bootstrap interval, and on how many questions it rests.

    All three are NaN where the figure is undefined (no question to take it on).
    """

    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, float | int | None]:
        """Its fields as JSON has them: None, not NaN, where it is undefined."""
        defined = self.value == self.value
        shares = {"value": self.value, "low": self.low, "high": self.high}
        return {**(shares if defined else dict.fromkeys(shares)), "n": self.n}


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of one run less the same figure of another, on the same questions."""

    value: float
    low: float
    high: float
    n: int

    @property
    def shown(self) -> bool:
        """Whether the 95 % interval of the difference leaves out zero."""
        return bool(self.low > 0 or self.high < 0)


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> Figure:
    """The sum of `numerators` over the sum of `denominators`, one of each a question.

    Questions with a denominator of zero do not bear on the figure and are not in `n`, but
    are drawn like the others, as how many of them there are is itself uncertain.
    """
    top, bottom = _paired(numerators, denominators)
    n = int(np.count_nonzero(bottom))
    if not bottom.sum():
        return Figure(float("nan"), float("nan"), float("nan"), n)
    drawn = _ratios(top, bottom, _draws(len(top)))
    low, high = np.nanpercentile(drawn, [LOW, HIGH])
    return Figure(float(top.sum() / bottom.sum()), float(low), float(high), n)


def quantile(values: Sequence[float], q: float) -> Figure:
    """The `q` quantile (0 to 1) of `values`, the upper of two where it lies between them."""
    if not values:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    taken = np.asarray(values, dtype=np.float64)
    drawn = np.quantile(taken[_draws(len(taken))], q, axis=1, method="higher")
    low, high = np.percentile(drawn, [LOW, HIGH])
    return Figure(
        float(np.quantile(taken, q, method="higher")), float(low), float(high), len(taken)
    )


def difference(
    numerators: Sequence[float],
    denominators: Sequence[float],
    *,
    before: tuple[Sequence[float], Sequence[float]],
) -> Difference:
    """How much a ratio has changed from `before`, question by question in the same order.

    The same questions are drawn for both, so that what is hard for both cancels out.
    ValueError where the two do not have the same number of questions.
    """
    top, bottom = _paired(numerators, denominators)
    old_top, old_bottom = _paired(*before)
    if len(top) != len(old_top):
        raise ValueError(f"{len(top)} questions cannot be paired with {len(old_top)}.")
    n = int(np.count_nonzero(bottom + old_bottom))
    if not bottom.sum() or not old_bottom.sum():
        return Difference(float("nan"), float("nan"), float("nan"), n)
    draws = _draws(len(top))
    drawn = _ratios(top, bottom, draws) - _ratios(old_top, old_bottom, draws)
    low, high = np.nanpercentile(drawn, [LOW, HIGH])
    value = top.sum() / bottom.sum() - old_top.sum() / old_bottom.sum()
    return Difference(float(value), float(low), float(high), n)


def _paired(
    numerators: Sequence[float], denominators: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    top = np.asarray(numerators, dtype=np.float64)
    bottom = np.asarray(denominators, dtype=np.float64)
    if top.shape != bottom.shape:
        raise ValueError(f"{len(top)} numerators cannot be paired with {len(bottom)} denominators.")
    return top, bottom


def _draws(n: int) -> NDArray[np.int64]:
    """`(DRAWS, n)` positions, the same for the same `n`, so that figures can be repeated."""
    return np.random.default_rng(SEED).integers(0, n, size=(DRAWS, n))


def _ratios(
    top: NDArray[np.float64], bottom: NDArray[np.float64], draws: NDArray[np.int64]
) -> NDArray[np.float64]:
    """`(DRAWS,)`; NaN for a draw without any question that bears on the figure."""
    sums = bottom[draws].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(sums > 0, top[draws].sum(axis=1) / sums, np.nan)
