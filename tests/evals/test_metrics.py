import pytest
from eval_samples import answered, question, refused, small_library, unanswerable

from evals.metrics import METRICS, QUANTILES, parts
from evals.retrieval import RETRIEVAL
from evals.scoring import score

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
SWEDEN = ("pledges.md", "Sweden became the thirty-second Ally.")


@pytest.fixture
def library(tmp_path):
    with small_library(tmp_path) as library:
        yield library


def of(scored):
    return parts(scored, None)


def test_every_figure_says_its_formula_and_its_edge_cases():
    for metric in METRICS:
        assert len(metric.part.__doc__) > 40, metric.name
        assert metric.says
    assert len({m.name for m in (*METRICS, *QUANTILES)}) == len(METRICS) + len(QUANTILES)


def test_a_right_answer_has_every_figure_full(library):
    asked = question("40 billion", evidence=[FORTY])
    got = of(score(asked, answered(library, (FORTY[1], [FORTY])), library))
    full = {"right", "fact recall", "citation recall", "citation precision", "sentence recall"}
    full |= {"sentence precision", "minimality", "verbatim", "span overlap"}
    assert {name for name, part in got.items() if part == (1.0, 1.0)} == full
    assert got["over-refusal"] == (0.0, 1.0)
    assert all(got[name] == (0.0, 0.0) for name in RETRIEVAL)


def test_a_refusal_counts_against_recall_but_not_against_precision(library):
    got = of(score(question("40 billion", evidence=[FORTY]), refused(), library))
    assert got["citation recall"] == (0.0, 1.0)
    assert got["span overlap"] == (0.0, 1.0)
    assert got["citation precision"] == got["sentence recall"] == got["verbatim"] == (0.0, 0.0)
    assert got["over-refusal"] == (1.0, 1.0)
    assert got["abstention precision"] == (0.0, 1.0)
    assert got["abstention F1"] == (0.0, 1.0)


def test_an_answer_that_should_have_been_a_refusal_counts_against_precision(library):
    got = of(score(unanswerable(), answered(library, (SWEDEN[1], [SWEDEN])), library))
    assert got["citation precision"] == (0.0, 1.0)
    assert got["sentence recall"] == got["sentence precision"] == (0.0, 1.0)
    assert got["abstention recall"] == (0.0, 1.0)
    assert got["fact recall"] == got["minimality"] == (0.0, 0.0)


def test_a_due_refusal_counts_twice_in_f1_as_in_the_harmonic_mean(library):
    got = of(score(unanswerable(), refused(), library))
    assert got["abstention F1"] == (2.0, 2.0)
    assert got["abstention precision"] == got["abstention recall"] == (1.0, 1.0)


def test_an_uncited_sentence_is_unsupported(library):
    asked = question("40 billion", evidence=[FORTY])
    answer = answered(library, (FORTY[1], [FORTY]), ("And more.", []))
    got = of(score(asked, answer, library))
    assert got["sentence recall"] == (0.5, 1.0)
    assert got["sentence precision"] == (1.0, 1.0)


def test_retrieval_figures_are_passed_on(library):
    scored = score(question("40 billion", evidence=[FORTY]), refused(), library)
    got = parts(scored, dict.fromkeys(RETRIEVAL, 0.5))
    assert got["nDCG@10"] == (0.5, 1.0)
