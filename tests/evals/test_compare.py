import pytest

from evals.compare import compare
from evals.run import RunError


def run(*rights):
    return {f"q-{i}": {"right": (float(ok), 1.0)} for i, ok in enumerate(rights)}


def test_a_clear_gain_is_higher_and_a_clear_loss_lower():
    before, now = run(*[0] * 20), run(*[1] * 10, *[0] * 10)
    (up,) = compare(now, before)
    assert (up.verdict, up.before.value, up.now.value) == ("higher", 0.0, 0.5)
    (down,) = compare(before, now)
    assert down.verdict == "lower"


def test_as_many_gained_as_lost_is_no_difference_shown():
    (change,) = compare(run(1, 0, 1, 0, 1), run(0, 1, 1, 0, 1))
    assert change.verdict == "no difference shown"


def test_only_questions_of_both_runs_are_compared():
    before = {"q-0": {"right": (0.0, 1.0)}, "other": {"right": (1.0, 1.0)}}
    (change,) = compare(run(1, 1), before)
    assert change.difference.n == 1
    with pytest.raises(RunError, match="no question in common"):
        compare(run(1), {"other": {"right": (1.0, 1.0)}})


def test_a_figure_that_the_older_run_does_not_have_is_left_out():
    now = {"q-0": {"right": (1.0, 1.0), "new": (1.0, 1.0)}}
    assert [change.name for change in compare(now, run(1))] == ["right"]


def test_a_figure_that_neither_run_defines_is_undefined():
    undefined = {"q-0": {"abstention precision": (0.0, 0.0)}}
    (change,) = compare(undefined, undefined)
    assert change.verdict == "undefined"
