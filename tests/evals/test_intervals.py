import numpy as np
import pytest
from scipy import stats

from evals.intervals import difference, quantile, ratio


def test_a_ratio_is_of_sums_not_a_mean_of_ratios():
    figure = ratio([1, 0], [1, 3])
    assert figure.value == 0.25
    assert figure.n == 2


def test_the_interval_is_that_of_scipys_bootstrap():
    rng = np.random.default_rng(5)
    bottom = rng.integers(1, 5, 80).astype(float)
    top = np.minimum(bottom, rng.integers(0, 5, 80)).astype(float)
    figure = ratio(top, bottom)
    theirs = stats.bootstrap(
        (top, bottom),
        lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=4000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    assert figure.low == pytest.approx(theirs.low, abs=0.01)
    assert figure.high == pytest.approx(theirs.high, abs=0.01)


def test_a_question_that_does_not_bear_on_a_figure_is_not_counted():
    assert ratio([1, 0, 0], [1, 1, 0]).n == 2


def test_without_a_question_to_take_it_on_a_figure_is_undefined():
    figure = ratio([0, 0], [0, 0])
    assert np.isnan([figure.value, figure.low, figure.high]).all()
    assert np.isnan(ratio([], []).value)
    assert np.isnan(quantile([], 0.5).value)


def test_a_quantile_is_a_value_that_occurs():
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.5).value == 3.0
    assert quantile([5.0], 0.95).value == 5.0


def test_a_paired_difference_sees_what_intervals_side_by_side_do_not():
    hard = [float(i % 2) for i in range(60)]
    ones = [1.0] * 60
    better = [1.0 if i < 8 else value for i, value in enumerate(hard)]
    assert ratio(better, ones).low < ratio(hard, ones).high
    change = difference(better, ones, before=(hard, ones))
    assert change.value == pytest.approx(4 / 60)
    assert change.shown
    assert not difference(hard, ones, before=(hard, ones)).shown


def test_a_change_by_chance_is_not_shown():
    rng = np.random.default_rng(2)
    one, other = rng.integers(0, 2, 40), rng.integers(0, 2, 40)
    assert not difference(one, [1.0] * 40, before=(other, [1.0] * 40)).shown


def test_what_cannot_be_paired_is_refused():
    with pytest.raises(ValueError, match="2 questions cannot be paired with 1"):
        difference([1, 1], [1, 1], before=([1], [1]))
    with pytest.raises(ValueError, match="2 numerators"):
        ratio([1, 1], [1])
