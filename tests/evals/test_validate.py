import json

import pytest
from eval_samples import question, small_library, unanswerable

from assistant import Turn
from evals.validate import check, check_question, counts

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
OLD = ("earlier.md", "Allies pledged EUR 500 million for Ukraine in 2023.")
GOOD = question("40 billion", evidence=[FORTY])
BEFORE = (Turn("user", "What of Ukraine?"), Turn("assistant", "A sum."))


@pytest.fixture
def library(tmp_path):
    with small_library(tmp_path / "store") as library:
        yield library


@pytest.mark.parametrize(
    "asked",
    [
        GOOD,
        unanswerable(),
        question("40 billion", evidence=[FORTY], kind="follow-up", history=BEFORE),
        question("Ukraine", evidence=[FORTY, OLD], kind="multi-doc"),
    ],
)
def test_a_good_question_has_no_problem(library, asked):
    assert list(check_question(asked, library)) == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (question("x", evidence=[("nowhere.md", "x")]), "called 'nowhere.md'"),
        (question("50", evidence=[("pledges.md", "EUR 50 billion")]), "does not have these words"),
        (question("3 billion", evidence=[FORTY]), "stands in the evidence"),
        (question(evidence=[FORTY]), "unfinished"),
        (question("40 billion", evidence=[]), "unfinished"),
        (question("40 billion", evidence=[FORTY], kind="odd"), "no kind 'odd'"),
        (question("40 billion", evidence=[FORTY], lang="english"), "ISO 639-1"),
        (question("40 billion", evidence=[FORTY], split="train"), "neither 'dev' nor 'test'"),
        (question("40 billion", evidence=[FORTY, FORTY]), "same evidence twice"),
        (question("40 billion", evidence=[FORTY], kind="multi-doc"), "from one document"),
        (question("40 billion", evidence=[FORTY], kind="follow-up"), "needs the turns"),
        (question("40 billion", evidence=[FORTY], history=BEFORE), "only a follow-up"),
        (
            question("40 billion", evidence=[FORTY], kind="follow-up", history=BEFORE[:1]),
            "end with",
        ),
        (question(("40 billion", "40 Billion"), evidence=[FORTY]), "a spelling twice"),
        (question("agreed", evidence=[FORTY]), "stands in the question"),
        (question(("40 billion", "x" * 61), evidence=[FORTY]), "longer than 60"),
        (question((), evidence=[FORTY]), "no spelling"),
        (unanswerable(kind="fact"), "has to be answerable"),
        (question("40 billion", evidence=[FORTY], kind="unanswerable"), "said to be answerable"),
        (question("40 billion", evidence=[FORTY], answerable=False), "can have neither"),
    ],
)
def test_each_problem_is_told(library, asked, says):
    assert any(says in problem for problem in check_question(asked, library))


def line(**fields):
    evidence = [{"doc": FORTY[0], "quote": FORTY[1]}]
    base = {"id": "a", "question": "How much?", "lang": "en", "kind": "fact", "answerable": True}
    base |= {"facts": [["40 billion"]], "evidence": evidence, "note": ""}
    return json.dumps(base | fields)


def told(library, tmp_path, *lines):
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return check(file, library)


def test_problems_of_a_file_are_all_told_with_their_lines(library, tmp_path):
    questions, problems = told(library, tmp_path, line(), "{", line(id="b", kind="odd"))
    assert len(questions) == 2
    assert "line 2 is not JSON" in problems[0]
    assert "line 3 (b): there is no kind 'odd'" in problems[1]
    assert any("asked 2 times" in problem for problem in problems)


def test_equal_ids_and_uneven_halves_are_told(library, tmp_path):
    lines = [line(id=f"d{i}", question=f"How much, {i}?", split="dev") for i in range(3)]
    _, problems = told(library, tmp_path, *lines)
    assert problems == ("of the kind 'fact', 3 questions are for dev and 0 for test.",)
    _, problems = told(library, tmp_path, line(split="dev"), line(question="Else?"))
    assert any("have the id 'a'" in problem for problem in problems)
    assert any("some questions have a split" in problem for problem in problems)


def test_counts_are_by_kind_language_half_and_document():
    assert counts([GOOD, unanswerable()]) == {
        "kind": {"fact": 1, "unanswerable": 1},
        "lang": {"en": 2},
        "split": {"none": 2},
        "doc": {"pledges.md": 1},
    }
