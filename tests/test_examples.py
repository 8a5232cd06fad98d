"""The questions that `make chat` offers, asked of the bundled documents."""

import re
import shlex
from pathlib import Path

import pytest

from assistant import Assistant, Turn
from assistant.cli import _parser

MAKEFILE = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
FLAGS = re.search(r"^EXAMPLES := (.*?)\n\n", MAKEFILE, re.M | re.S)[1].replace("\\\n", " ")
OFFERED = _parser().parse_args(["chat", *shlex.split(FLAGS)])
FIGURE, LIST, COMPARISON, DUTCH, REFUSED = OFFERED.example


@pytest.fixture(scope="module")
def assistant(bundled_store):
    with Assistant.open(bundled_store) as opened:
        yield opened


def test_a_figure_and_the_follow_up_after_it(assistant):
    first = assistant.answer(FIGURE)
    assert "Twenty-three Allies" in first.answer
    history = (Turn("user", FIGURE), Turn("assistant", first.answer))
    then = assistant.answer(OFFERED.then, history)
    assert "three in 2014" in then.answer
    assert then.standalone_question != OFFERED.then


def test_a_list(assistant):
    answer = assistant.answer(LIST)
    for purpose in ("logistics", "command, control", "cyber defence", "military personnel"):
        assert purpose in answer.answer
    assert len(answer.citations) == 4


def test_a_comparison(assistant):
    answer = assistant.answer(COMPARISON)
    assert "USD 5.5 billion" in answer.answer and "USD 1.2 billion" in answer.answer


def test_a_dutch_question_on_a_dutch_source(assistant):
    answer = assistant.answer(DUTCH)
    assert "Rukla en Rūdninkai" in answer.answer
    assert {citation.language for citation in answer.citations} == {"nl"}


def test_one_that_the_documents_do_not_answer(assistant):
    assert assistant.answer(REFUSED).abstained
