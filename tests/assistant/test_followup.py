import pytest

from assistant.answers import Turn
from assistant.followup import standalone

ASKED = "What did the Allies promise on ammunition in Vilnius?"
HISTORY = (Turn("user", ASKED), Turn("assistant", "They adopted the Defence Production Plan."))


@pytest.mark.parametrize(
    "question",
    [
        "Which country hosted the meeting of defence ministers in Brussels in October 2024?",
        "How large is the NATO Innovation Fund?",
        "How do I bake sourdough bread?",
        "How many battlegroups were stationed along the eastern flank after Warsaw?",
        "Did Rutte say in October why he would visit Kyiv with his defence minister?",
        "What did NATO decide about the funds that were pledged in Madrid?",
        "Who said in Dakar that kilometres would be the measure of the partnership?",
        "Is it true that Norway left the Ocean Fund?",
        "How much of its pledge to the Danube Fund had Hungary paid?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question):
    assert standalone(question, HISTORY, language="en") == question


@pytest.mark.parametrize(
    "question",
    [
        "And the year before?",
        "Who signed it?",
        "How much?",
        "How much of that had Washington paid out by December?",
        "What did they decide on the Baltic air defence at the summit in Riga?",
        "What was the Italian part of that?",
    ],
)
def test_a_question_that_points_back_gets_the_topic(question):
    alone = standalone(question, HISTORY, language="en")
    assert alone.startswith(question)
    assert "ammunition" in alone
    assert "Vilnius" in alone


def test_names_of_the_last_answer_are_part_of_the_topic():
    alone = standalone("When is that due?", HISTORY, language="en")
    assert "Defence Production Plan" in alone


def test_without_history_nothing_is_added():
    assert standalone("Who signed it?", (), language="en") == "Who signed it?"


def test_the_topic_survives_two_follow_ups():
    history = (*HISTORY, Turn("user", "Who signed it?"), Turn("assistant", "All of them."))
    assert "ammunition" in standalone("And when?", history, language="en")


def test_dutch_pointers_are_known():
    history = (Turn("user", "Hoeveel geeft Nederland uit aan defensie volgens de brief?"),)
    alone = standalone("Wie heeft dat besloten?", history, language="nl")
    assert "Nederland" in alone
