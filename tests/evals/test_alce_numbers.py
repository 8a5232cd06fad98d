"""Our sentence figures against those of ALCE's published script.

The numbers are `citation_rec` and `citation_prec` of `compute_autoais` in `eval.py`
(github.com/princeton-nlp/ALCE, commit 246c476), run on these answers as `write_alce` writes
them. In the place of its NLI model stood what gold spans say: every fact that the sentence
states stands in the passage, or, where it states none, the passage has gold evidence.
"""

import json
from dataclasses import replace

import pytest
from eval_samples import answered, question, small_library

from evals.alce import write_alce
from evals.figures import figures
from evals.metrics import parts
from evals.run import Record
from evals.scoring import score

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
IN_FORTY = ("pledges.md", "EUR 40 billion for Ukraine in 2024")
THREE = ("pledges.md", "The Netherlands pledged EUR 3 billion.")
HELD = ("pledges.md", "The summit was held in Washington.")
SWEDEN = ("pledges.md", "Sweden became the thirty-second Ally.")
MOLDOVA = ("pledges.md", "Nobody named a sum for Moldova.")
OLD = ("earlier.md", "Allies pledged EUR 500 million for Ukraine in 2023.")
FINLAND = ("earlier.md", "Finland became the thirty-first Ally.")
ASKED = question(
    "40 billion", "3 billion", ("500 million", "half a billion"), evidence=[FORTY, THREE, OLD]
)

ONE = "Allies pledged 40 billion."
TWO = "Allies pledged 40 billion, the Dutch 3 billion."
# What it is, the answer, and the script's recall and precision.
CASES = (
    ("one citation", [(ONE, [FORTY])], 1, 1),
    ("one superfluous", [(ONE, [FORTY, SWEDEN])], 1, 1 / 2),
    ("two that each suffice", [(ONE, [FORTY, IN_FORTY])], 1, 1),
    ("two needed jointly", [(TWO, [FORTY, THREE])], 1, 1),
    ("jointly, one superfluous", [(TWO, [FORTY, MOLDOVA, THREE])], 1, 2 / 3),
    ("four citations", [(ONE, [HELD, SWEDEN, MOLDOVA, FORTY])], 1, 1 / 4),
    ("uncited", [(ONE, [])], 0, 0),
    ("uncited beside cited", [(ONE, [FORTY]), ("The Dutch gave 3 billion.", [])], 1 / 2, 1),
    ("wrong citation", [(ONE, [SWEDEN])], 0, 0),
    ("half of what it states", [(TWO, [FORTY, SWEDEN])], 0, 0),
    ("no fact", [("A large pledge.", [FORTY]), ("In Washington.", [HELD])], 1 / 2, 1 / 2),
    ("no fact, one superfluous", [("A large pledge.", [HELD, FORTY])], 1, 1 / 2),
    ("one citation for two", [(ONE, [FORTY]), ("It was 40 billion.", [FORTY])], 1, 1),
    (
        "several",
        [
            (ONE, [FORTY]),
            ("The Dutch pledged 3 billion.", [FINLAND, THREE]),
            ("Nobody thought of Moldova.", [MOLDOVA]),
            ("Before, it was half a billion.", [FORTY]),
        ],
        1 / 2,
        2 / 5,
    ),
    ("a citation twice", [(ONE, [FORTY, FORTY])], 1, 1),
    ("a citation twice, jointly", [(TWO, [FORTY, FORTY, THREE])], 1, 1 / 3),
)
# The mean over all of them, by the script.
RECALL, PRECISION = 0.71875, 0.571875


@pytest.fixture
def library(tmp_path):
    with small_library(tmp_path / "store") as library:
        yield library


def record(library, name, sentences):
    asked, answer = replace(ASKED, id=name), answered(library, *sentences)
    scored = score(asked, answer, library)
    return Record(asked, answer, scored, parts(scored, None))


@pytest.mark.parametrize(("name", "sentences", "recall", "precision"), CASES)
def test_an_answer_has_the_scripts_numbers(library, name, sentences, recall, precision):
    made = record(library, name, sentences)
    assert made.parts["sentence recall"] == (pytest.approx(recall), 1)
    assert made.parts["sentence precision"] == (pytest.approx(precision), 1)


def test_the_mean_over_answers_is_the_scripts(library):
    found = figures([record(library, name, sentences) for name, sentences, _, _ in CASES])
    assert found["sentence recall"].value == pytest.approx(RECALL)
    assert found["sentence precision"].value == pytest.approx(PRECISION)


def test_the_script_was_run_on_these_outputs(library, tmp_path):
    file = tmp_path / "alce.json"
    write_alce(file, [record(library, name, sentences) for name, sentences, _, _ in CASES])
    by_id = {item["id"]: item["output"] for item in json.loads(file.read_text())["data"]}
    assert by_id["jointly, one superfluous"] == f"{TWO[:-1]} [1][2][3]."
    assert by_id["uncited beside cited"] == f"{ONE[:-1]} [1]. The Dutch gave 3 billion."
    assert by_id["one citation for two"] == f"{ONE[:-1]} [1]. It was 40 billion [1]."
    assert by_id["a citation twice, jointly"] == f"{TWO[:-1]} [1][1][2]."
