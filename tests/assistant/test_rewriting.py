import pytest
from llm_server import KEY, MODEL, Reply, error, serving

from assistant import Turn
from assistant.followup import standalone
from assistant.llm import LanguageModel
from assistant.rewriting import keeps, rewritten

ASKED = "Did Norland spend 340 million crowns on the harbour of Alderness in 2023?"
HISTORY = (
    Turn("user", ASKED),
    Turn("assistant", "Norland will spend 340 million crowns on it, said Ada Berg. [1]"),
)
QUESTION = "And how long will it last?"
GOOD = "How long will Norland spend 340 million crowns on the harbour of Alderness from 2023?"


def asked(reply, question=QUESTION, history=HISTORY, seconds=30.0):
    with serving(lambda prompt: reply) as server:
        model = LanguageModel(server.url, MODEL, KEY, timeout_seconds=seconds)
        return rewritten(question, history, language="en", model=model), server.asked


@pytest.mark.parametrize("said", [GOOD, f"  “{GOOD}”\n", f"**{GOOD}**"])
def test_what_the_model_says_is_the_question_that_stands_alone(said):
    rewrite, [(_, _, body)] = asked(Reply(said))
    assert rewrite == GOOD
    told = body["messages"][-1]["content"]
    assert f"Question: {ASKED}" in told and "Ada Berg" in told and QUESTION in told


@pytest.mark.parametrize(
    ("question", "history"), [("Who hosted the meeting in Maravel?", HISTORY), (QUESTION, ())]
)
def test_the_model_is_asked_only_where_the_question_does_not_stand_alone(question, history):
    rewrite, requests = asked(Reply("Who came to Alderness?"), question, history)
    assert (rewrite, requests) == (question, [])


@pytest.mark.parametrize(
    "reply",
    [
        Reply(""),
        Reply(stall=True),
        Reply("How long will", then="cut"),
        Reply(GOOD, finish="length"),
        error(500, "Broken."),
        Reply(GOOD.replace("2023", "2024")),
    ],
)
def test_where_the_model_fails_its_topic_is_added_to_the_question(reply):
    rewrite, _ = asked(reply, seconds=0.5 if reply.stall else 30.0)
    assert rewrite == standalone(QUESTION, HISTORY, language="en") != QUESTION


@pytest.mark.parametrize(
    "rewrite",
    [
        GOOD.replace("Norland", "the country"),
        GOOD.replace(" of Alderness", ""),
        GOOD.replace(" from 2023", ""),
        GOOD.replace("2023", "2024"),
        GOOD.replace("340", "430"),
        GOOD.replace("Norland", "Norland and Sudland"),
        GOOD.replace("How", "Westland, how"),
        f"{GOOD} Is it raining?",
        f"{GOOD} Norland will spend it until 2026.",
        "Norland will spend 340 million crowns on the harbour of Alderness in 2023.",
        "Which poem does a cat from Norland recite to sailors in Alderness every night of 2023?",
        GOOD.replace("harbour", "harbour " * 60),
        "",
    ],
)
def test_a_rewrite_that_drops_or_adds_something_is_refused(rewrite):
    assert not keeps(rewrite, QUESTION, HISTORY, language="en")


def test_names_of_the_answer_may_come_in_and_may_stay_out():
    for rewrite in (GOOD, GOOD.replace("Norland", "Norland, as Ada Berg said,")):
        assert keeps(rewrite, QUESTION, HISTORY, language="en")


def test_the_year_that_the_question_means_takes_the_place_of_the_other():
    question = "And the year before?"
    meant = "Did Norland spend 340 million crowns on the harbour of Alderness in 2022?"
    assert keeps(meant, question, HISTORY, language="en")
    assert not keeps(ASKED, question, HISTORY, language="en")


def test_a_rewrite_is_in_the_language_of_the_question():
    history = (Turn("user", "Betaalt Norland voor de haven van Alderness?"),)
    rewrite = "Hoe lang betaalt Norland voor de haven van Alderness?"
    assert keeps(rewrite, "En hoe lang?", history, language="nl")
    assert not keeps(
        rewrite.replace("Alderness", "Birkhaven"), "En hoe lang?", history, language="nl"
    )
