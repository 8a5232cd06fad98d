import re

import pytest
from page_samples import citation

from assistant import handlers
from assistant.answers import Answer, Sentence
from assistant.exchange import Exchange, Mark
from assistant.feedback import read_feedback
from assistant.forms import MAX_QUESTION
from assistant.stoppable import Dropped, Running, Stopped

FIRST = Answer(
    "Who?",
    "Who?",
    "Allies. [1]",
    False,
    "en",
    "extractive",
    (Sentence("Allies.", (1,)),),
    (citation(1),),
)
TALK = (Exchange("Who?", FIRST, complete=True), Exchange("And?", FIRST, complete=True))


def stream(question, turns, *, standalone):
    yield Answer(question, standalone or question, "It is.", False, "en", "x", (), ())


def answering(asked, *, stream=stream, running=None, talk=TALK):
    return handlers.answering(stream, talk, asked, running=running or Running(), tab="tab")


@pytest.mark.parametrize(
    ("asked", "questions", "alone"),
    [
        ({"question": "Why?"}, ["Who?", "And?", "Why?"], "Why?"),
        ({"at": 1}, ["Who?", "And?"], "And?"),
        ({"at": 0}, ["Who?"], "Who?"),
        ({"at": 0, "question": "Whom?"}, ["Whom?"], "Whom?"),
        ({"at": 1, "searched": "And who not?"}, ["Who?", "And?"], "And who not?"),
    ],
)
def test_a_question_is_asked_at_the_end_or_in_place_of_another(asked, questions, alone):
    *_, last = answering(asked)
    assert [exchange.question for exchange in last] == questions
    assert last[-1].answer.standalone_question == alone and last[-1].complete


def test_no_question_is_longer_than_the_page_lets_it_be():
    *_, last = answering({"question": "x" * 9_000})
    assert len(last[-1].question) == MAX_QUESTION
    *_, last = answering({"at": 1, "searched": "x" * 9_000})
    assert len(last[-1].searched) == MAX_QUESTION


@pytest.mark.parametrize(("how", "left"), [(Stopped(), 1), (Dropped(), 0)])
def test_an_answer_that_is_stopped_is_shown_so_and_one_that_is_dropped_is_not_shown(how, left):
    running = Running()
    growing = answering({"question": "Why?"}, running=running)
    assert next(growing)[-1].answer is None
    assert next(growing)[-1].answer.answer == "It is."
    running.end("tab", how)
    shown = list(growing)
    assert len(shown) == left
    assert all(talk[-1].stopped and talk[-1].answer.answer == "It is." for talk in shown)


def test_a_tab_is_answered_one_question_at_a_time_and_the_next_once_an_answer_is_complete():
    running = Running()
    growing = answering({"question": "Why?"}, running=running)
    next(growing)
    assert list(answering({"question": "How?"}, running=running)) == []
    while not next(growing)[-1].complete:
        pass
    *_, last = answering({"question": "How?"}, running=running)
    assert last[-1].question == "How?" and last[-1].complete


@pytest.mark.parametrize("question", [" ", "Why?"])
def test_a_tab_is_free_after_a_blank_question_and_after_a_problem(question):
    def broken(question, turns, *, standalone):
        raise ValueError("No such thing.")

    running = Running()
    list(answering({"question": question}, running=running, stream=broken))
    assert list(answering({"question": "How?"}, running=running))


def test_a_rating_is_kept_and_said(tmp_path):
    file = tmp_path / "feedback.jsonl"
    given = {"at": 1, "number": 1, "verdict": "wrong", "note": "Another summit."}
    talk, said = handlers.rated(file, TALK, given)
    assert talk[1].marks == (Mark(1, "wrong", "Another summit."),) and talk[0] == TALK[0]
    assert "Noted: source 1 is wrong, with your note. Kept in feedback.jsonl." in said
    (line,) = read_feedback(file)
    assert (line.verdict, line.citation.quote) == ("wrong", FIRST.citations[0].quote)


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("folder", {}, "folder"),
        (None, {}, "without a place for feedback"),
        ("feedback.jsonl", {"number": 2}, "no longer knows"),
        ("feedback.jsonl", {"at": 7}, "no longer knows"),
    ],
)
def test_a_rating_that_cannot_be_kept_is_said_and_not_shown(tmp_path, name, given, told):
    (tmp_path / "folder").mkdir()  # nothing can be written into it as into a file
    file = tmp_path / name if name else None
    rating = {"at": 0, "number": 0, "verdict": "right", "note": "", **given}
    talk, said = handlers.rated(file, TALK, rating)
    assert talk == TALK
    assert re.search(rf'role="alert">.*{told}', said)
    assert not (tmp_path / "feedback.jsonl").exists()
