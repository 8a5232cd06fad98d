import json
from dataclasses import replace

import pytest
from eval_samples import answered, question, refused, small_library, unanswerable

from evals.figures import BY, NAMES, calibration, calibration_error, coverage, grouped, summary
from evals.metrics import parts
from evals.run import Record
from evals.scoring import score

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
OLD = ("earlier.md", "Allies pledged EUR 500 million for Ukraine in 2023.")


@pytest.fixture
def library(tmp_path):
    with small_library(tmp_path) as library:
        yield library


def record(library, asked, answer):
    scored = score(asked, answer, library)
    return Record(asked, answer, scored, parts(scored, None))


def sure(library, *pairs):
    """A record for each (confidence, right)."""
    asked = question("40 billion", evidence=[FORTY])
    return [
        record(
            library, asked, answered(library, ((FORTY if ok else OLD)[1], [FORTY]), confidence=c)
        )
        for c, ok in pairs
    ]


def test_precision_against_coverage_by_hand(library):
    records = [*sure(library, (0.9, True), (0.6, False), (0.3, True), (0.3, False))]
    records.append(record(library, unanswerable(), refused()))
    points = coverage(records)
    assert [(p.threshold, p.coverage, p.precision) for p in points] == [
        (0.9, 0.2, 1.0),
        (0.6, 0.4, 0.5),
        (0.3, 0.8, 0.5),
    ]


def test_calibration_by_hand(library):
    bins = calibration(sure(library, (0.95, True), (0.91, False), (1.0, True), (0.12, False)))
    assert [(round(b.confidence, 3), round(b.right, 3), b.n) for b in bins] == [
        (0.12, 0.0, 1),
        (0.953, 0.667, 3),
    ]
    assert calibration_error(bins) == pytest.approx((0.12 + 3 * abs(2 / 3 - 2.86 / 3)) / 4)


def test_an_engine_without_confidence_has_no_curves(library):
    made = summary([record(library, unanswerable(), refused())])
    assert made["coverage"] == made["calibration"] == []
    assert made["calibration error"] is None


def test_groups_hold_their_questions_and_one_on_two_documents_stands_in_both(library):
    both = question("Ukraine", evidence=[FORTY, OLD], kind="list", lang="nl")
    records = [
        record(library, both, answered(library, (OLD[1], [OLD]))),
        record(library, unanswerable(), answered(library, (OLD[1], [OLD]))),
    ]
    assert {value: group["right"].n for value, group in grouped(records, "doc").items()} == {
        "earlier.md": 1,
        "pledges.md": 1,
    }
    by_kind = grouped(records, "kind")
    assert by_kind["list"]["right"].value == 1.0
    assert by_kind["unanswerable"]["right"].value == 0.0
    assert by_kind["unanswerable"]["citation precision"].value == 0.0
    assert set(grouped(records, "lang")) == {"en", "nl"}


def test_the_summary_is_json_with_every_figure(library):
    asked = replace(question("40 billion", evidence=[FORTY]), id="q-2")
    made = summary([record(library, asked, answered(library, (FORTY[1], [FORTY])))])
    again = json.loads(json.dumps(made, allow_nan=False))
    assert tuple(again["figures"]) == NAMES
    assert set(again["by"]) == set(BY)
    assert again["figures"]["right"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    undefined = again["figures"]["abstention recall"]
    assert undefined == {"value": None, "low": None, "high": None, "n": 0}
