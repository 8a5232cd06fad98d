"""The bundled test half: what CI blocks on, and whether the committed card is of today."""

from dataclasses import replace

import pytest

from evals.evaluate import ENGINES, digest, evaluate
from evals.questions import read_questions, select
from evals.run import RunError
from evals.scorecard import BEGIN, END, README, missed, rates_of, render, stale, thresholds, written
from evals.workbench import BUNDLED_QUESTIONS, workbench


@pytest.fixture(scope="module")
def run(bundled_store, tmp_path_factory):
    """All engines on the bundled test questions."""
    questions = select(read_questions(BUNDLED_QUESTIONS), {}, split="test")
    about = {"digest": digest(BUNDLED_QUESTIONS), "split": "test", "count": len(questions)}
    with workbench(bundled_store, note=print) as bench:
        made, records = evaluate(
            bench,
            questions,
            engines=ENGINES,
            folder=tmp_path_factory.mktemp("run"),
            about={"questions": about},
            report=lambda what, done, of: None,
        )
        rates = rates_of(bench.library)
    assert all(len(each) == len(questions) for each in records.values())
    return made, rates


def test_the_assistant_reaches_the_thresholds(run):
    made, _ = run
    assert missed(made["engines"]["assistant"]["figures"], thresholds()) == ()


def test_the_committed_card_is_not_stale(run):
    told = stale(README.read_text(encoding="utf-8"), *run)
    assert told == (), "Run `python -m evals scorecard` and commit evals/README.md."


def test_a_stale_card_is_noticed(run):
    run, rates = run
    text = f"intro\n{BEGIN}\n{END}\nrest"
    card = written(text, render(run, {}, rates))
    assert card.startswith("intro\n") and card.endswith("\nrest")
    assert stale(card, run, rates) == ()
    assert written(card, render(run, {}, rates)) == card
    worse = {**run, "store": {**run["store"], "fingerprint": "other"}}
    assert stale(card, worse, rates) == ("The documents have changed.",)
    figures = run["engines"]["assistant"]["figures"]
    value = figures["right"]["value"]
    moved = {**figures, "right": {**figures["right"], "value": value - 0.1}}
    engines = {**run["engines"], "assistant": {**run["engines"]["assistant"], "figures": moved}}
    (told,) = stale(card, {**run, "engines": engines}, rates)
    assert told.startswith("right of assistant is")
    fewer = tuple(replace(rate, refused=rate.total) for rate in rates)
    assert any("of share is 1.00" in one for one in stale(card, run, fewer))


def test_a_figure_below_its_threshold_is_told():
    figures = {"right": {"value": 0.4}, "over-refusal": {"value": 0.3}, "verbatim": {"value": None}}
    limits = {"least": {"right": 0.5, "verbatim": 1.0}, "most": {"over-refusal": 0.2}}
    assert len(missed(figures, limits)) == 3
    assert missed(figures, {"least": {"right": 0.4}, "most": {"over-refusal": 0.3}}) == ()


def test_a_readme_without_a_place_for_the_card_is_an_error():
    with pytest.raises(RunError, match="scorecard: begin"):
        written("no markers", "card")
