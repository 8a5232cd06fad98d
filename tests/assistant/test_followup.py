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


@pytest.mark.parametrize(
    ("question", "language", "year"),
    [
        ("And the year before?", "en", "2023"),
        ("And what was it a year later?", "en", "2025"),
        ("En het jaar ervoor?", "nl", "2023"),
        ("Et l'année suivante ?", "fr", "2025"),
        ("Und im Vorjahr?", "de", "2023"),
        ("And in 2021?", "en", "2021"),
    ],
)
def test_a_year_that_is_meant_takes_the_place_of_the_topics(question, language, year):
    history = (Turn("user", "How many Allies spent 2% of GDP in 2024?"), Turn("assistant", "23."))
    alone = standalone(question, history, language=language)
    assert year in alone
    assert "2024" not in alone
    assert "Allies" in alone


def test_a_year_is_meant_by_the_answer_where_the_question_names_none():
    history = (
        Turn("user", "How many Allies reached the guideline at the Washington summit?"),
        Turn("assistant", "In 2024 it was 23."),
    )
    assert "2023" in standalone("And the year before?", history, language="en")


def test_of_two_years_none_is_guessed():
    history = (Turn("user", "How did spending change between 2021 and 2024?"),)
    alone = standalone("And the year before?", history, language="en")
    assert "2021" in alone
    assert "2024" in alone
    assert "2020" not in alone
    assert "2023" not in alone


def test_a_conversation_may_change_its_language():
    history = (Turn("user", "Hoeveel militairen levert Nederland aan de brigade in Litouwen?"),)
    alone = standalone("And by when?", history, language="en")
    assert "brigade" in alone
    assert "Litouwen" in alone
    assert " aan " not in alone
