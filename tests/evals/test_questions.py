import json

import pytest

from evals.questions import QuestionsError, read_questions, select
from evals.workbench import BUNDLED_QUESTIONS

GOOD = {
    "id": "x-1",
    "question": "How much?",
    "lang": "en",
    "kind": "number",
    "answerable": True,
    "facts": [["3 billion", "3bn"]],
    "evidence": [{"doc": "a.md", "quote": "EUR 3 billion"}],
    "note": "",
}


def write(folder, *lines):
    file = folder / "questions.jsonl"
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    file.write_text("\n".join(written), encoding="utf-8")
    return file


def test_the_form_of_the_shared_questions_is_read(tmp_path):
    history = [{"role": "user", "content": "And?"}, {"role": "assistant", "content": "Yes."}]
    follow = {**GOOD, "id": "x-2", "kind": "follow-up", "history": history, "split": "dev"}
    first, second = read_questions(write(tmp_path, GOOD, "", follow))
    assert first.facts == (("3 billion", "3bn"),)
    assert (first.evidence[0].doc, first.evidence[0].quote) == ("a.md", "EUR 3 billion")
    assert (first.split, second.split) == (None, "dev")
    assert [turn.role for turn in second.history] == ["user", "assistant"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2 is not JSON"),
        ("[]", "line 2 is not a JSON object"),
        ({**GOOD, "facts": None}, "is no list"),
        ({**GOOD, "answerable": "no"}, "neither true nor false"),
        ({**GOOD, "question": " "}, "is no text"),
        ({k: v for k, v in GOOD.items() if k != "note"}, "lacks 'note'"),
        ({**GOOD, "anwser": 1}, "unknown 'anwser'"),
        ({**GOOD, "evidence": [{"doc": "a.md"}]}, "'quote'"),
        ({**GOOD, "history": [{"role": "bot", "content": "x"}]}, "is no turn"),
        (GOOD, "two questions with the id 'x-1'"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, says):
    with pytest.raises(QuestionsError, match=says):
        read_questions(write(tmp_path, GOOD, line))


def test_a_file_that_is_not_there_or_empty_is_named(tmp_path):
    with pytest.raises(QuestionsError, match="nowhere"):
        read_questions(tmp_path / "nowhere.jsonl")
    with pytest.raises(QuestionsError, match="no questions"):
        read_questions(write(tmp_path, ""))


def test_questions_are_chosen_by_value_and_half():
    every = read_questions(BUNDLED_QUESTIONS)
    lists = select(every, {"kind": "list"}, split="test")
    assert lists and {(q.kind, q.split) for q in lists} == {("list", "test")}
    doc = lists[0].evidence[0].doc
    assert lists[0] in select(every, {"doc": doc})
    with pytest.raises(QuestionsError, match="kind=nonsense"):
        select(every, {"kind": "nonsense"})
    with pytest.raises(QuestionsError, match="chosen by 'size'"):
        select(every, {"size": "1"})
