from datetime import UTC, datetime

import pytest
from page_samples import citation

from assistant.answers import Answer, Sentence, Turn
from assistant.exchange import Exchange, Mark
from assistant.feedback import append, read_feedback
from assistant.marking import feedback_of, mark_of
from assistant.verify import Cited

ANSWER = Answer(
    "And when?",
    "And when? (railway)",
    "In 2026. [1] By May. [2]",
    False,
    "en",
    "extractive",
    (Sentence("In 2026.", (1,)), Sentence("By May.", (2,))),
    (citation(1), citation(2, start=5, end=9, quote="May.")),
)
TALK = (
    Exchange("How much?", Answer("How much?", "How much?", "2%.", False, "en", "x", (), ())),
    Exchange("And when?", ANSWER, complete=True),
    Exchange("Why?", problem="The store is locked.", complete=True),
)
NOON = datetime(2024, 7, 10, 12, tzinfo=UTC)


def mark(at=1, *, number=0, verdict="right", note=""):
    return mark_of(TALK, at, number=number, verdict=verdict, note=note)


def test_an_answer_or_a_citation_is_marked():
    assert mark() == Mark(0, "right", "")
    assert mark(number=2, verdict="incomplete", note=" odd ") == Mark(2, "incomplete", "odd")
    assert len(mark(note="x" * 5_000).note) == 1_000


@pytest.mark.parametrize(
    "nothing",
    [
        {"at": 3},
        {"at": -1},
        {"at": 2},
        {"number": 3},
        {"number": -1},
        {"verdict": "splendid"},
        {"verdict": ""},
    ],
)
def test_what_there_is_not_cannot_be_marked(nothing):
    assert mark(**nothing) is None


def test_the_feedback_has_what_the_answer_had_and_is_read_back(tmp_path):
    talk = (Exchange("How much?", TALK[0].answer, complete=True), *TALK[1:])
    on_answer = feedback_of(talk, 1, Mark(0, "wrong", "Not so."), when=NOON)
    on_source = feedback_of(talk, 1, Mark(2, "right"), when=NOON)
    append(tmp_path / "feedback.jsonl", on_answer)
    append(tmp_path / "feedback.jsonl", on_source)
    assert read_feedback(tmp_path / "feedback.jsonl") == (on_answer, on_source)
    assert (on_answer.question, on_answer.standalone_question) == (
        "And when?",
        "And when? (railway)",
    )
    assert (on_answer.verdict, on_answer.note, on_answer.when) == (
        "wrong",
        "Not so.",
        "2024-07-10T12:00:00Z",
    )
    assert on_answer.citation is None and len(on_answer.citations) == 2
    assert on_source.citation == Cited("d1", "a.txt", 5, 9, "May.")
    assert on_answer.history == (Turn("user", "How much?"), Turn("assistant", "2%."))


def test_there_is_no_feedback_on_a_problem():
    with pytest.raises(ValueError, match="question 3"):
        feedback_of(TALK, 2, Mark(0, "wrong"), when=NOON)
