import numpy as np
import pytest
from eval_samples import question, small_store, unanswerable

from assistant import Assistant
from evals.gold import Library
from evals.mechanisms import MECHANISMS, Remembered, bring, rows, without
from evals.workbench import Workbench

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
ASKED = (
    question("40 billion", evidence=[FORTY], question="How much for Ukraine in 2024?", id="a"),
    unanswerable(question="What does the submarine weigh?", id="b"),
)


class Overlap:
    """A ranker that counts shared words, and what it is asked for."""

    def __init__(self):
        self.asked = []

    def score(self, question, readings, said=()):
        self.asked += [(question, reading, tuple(said)) for reading in readings]
        words = set(question.lower().strip("?").split())
        return [
            np.array([4 * len(words & set(s.lower().split())) - 9 for s in r.sentences], np.float32)
            for r in readings
        ]


@pytest.fixture
def bench(tmp_path):
    with small_store(tmp_path / "store") as (store, embedder):
        assistant = Assistant(store, embedder, Overlap())
        yield Workbench(tmp_path, store, embedder, Library(store), assistant)


def values(name):
    return [getattr(where, what) for where, what, _ in MECHANISMS[name]]


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_is_off_for_a_while(name):
    before = values(name)
    with without(name):
        assert all(one is not other for one, other in zip(before, values(name), strict=True))
    assert values(name) == before


def test_what_a_mechanism_brings_is_the_difference_without_it(bench):
    ranker = Overlap()
    brought = list(bring(bench, ASKED, ranker=ranker, timed=1, report=lambda *_: None))
    assert [one.name for one in brought] == ["", *MECHANISMS]
    figures = {one.name: one.figures for one in brought}
    assert figures[""]["right"] == 1.0
    assert figures["threshold"]["right"] == 0.5
    assert len(ranker.asked) == len(set(ranker.asked))
    assert all(one.milliseconds is not None for one in brought)
    head, whole, *_, last = rows(brought)
    assert head == ("off", "right", "citation precision", "citation recall", "abstention F1", "ms")
    assert whole[:2] == ("nothing", "1.000")
    assert last[:2] == ("follow-ups", "+0.000")


def test_logits_are_asked_for_once_for_each_question_and_what_was_said(bench):
    ranker = Overlap()
    remembered = Remembered(ranker)
    engine = Assistant(bench.store, bench.embedder, remembered)
    first = engine.answer(ASKED[0].question)
    count = len(ranker.asked)
    again = engine.answer(ASKED[0].question)
    assert (again.answer, len(ranker.asked)) == (first.answer, count)
    engine.answer("How much for Ukraine in 2023?")
    assert len(ranker.asked) > count
