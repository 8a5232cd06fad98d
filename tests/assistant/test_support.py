"""Written sentences held to sentences of made-up documents."""

import pytest
from excerpt_samples import found, numbered

from assistant.check import Cited
from assistant.entailment import EntailmentModel
from assistant.support import hold, judged
from assistant.written import Written

PLAN = found(
    "The Alderness Plan was endorsed in May 2023.\n"
    "It aims to build 12 docks in Norland.\n"
    "Westland pays 30 million dollars a year.\n\n"
    "The ministers chose two places for new docks:\n"
    "- Birkhaven, for 40 hospital ships;\n"
    "- Corrie Point, near the lighthouse.\n\n"
    "Ministers met on 4 May 2023.\n"
    "- Sudland promised 220 sailors for Westland.\n"
    "- Norland promised 400 sailors for Estland."
)
GIVEN = numbered(PLAN)
MODEL = EntailmentModel()


def held(text, *cited, given=GIVEN, language="en"):
    numbers = tuple(one.number for one in given for words in cited if words in one.sentence.text)
    return hold(Written(text, numbers), language, given, MODEL)


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("Westland pays 30 million dollars a year.", 1),
        ("The Alderness Plan aims to build 12 docks in Norland.", 2),
        ("The ministers chose Birkhaven and Corrie Point for new docks.", 3),
        ("The ministers chose Birkhaven for 40 hospital ships.", 2),
        ("Westland pays 30 million dollars, and the Alderness Plan was endorsed in May 2023.", 2),
        ("Sudland promised 220 sailors for Westland.", 1),
    ],
)
def test_a_sentence_is_supported_by_the_fewest_that_say_it(text, sources):
    one = held(text)
    assert (one.verdict, len(one.sources)) == ("supported", sources), one


@pytest.mark.parametrize(
    "text",
    [
        "The Alderness Plan pays 30 million dollars a year.",
        "Westland aims to build 12 docks in Norland.",
        "The Alderness Plan was endorsed in Norland.",
        "The ministers chose Birkhaven near the lighthouse for new docks.",
        "The ministers chose Corrie Point for 40 hospital ships.",
        "Norland promised 220 sailors for Westland.",
        "Sudland promised 400 sailors for Estland.",
        "Norland promised 400 sailors for Westland.",
        "The Alderness Plan was endorsed in May 2023 and pays 30 million dollars a year.",
        "Ministers met on 4 May 2023 and promised 400 sailors for Estland.",
    ],
)
def test_no_claim_comes_half_from_one_and_half_from_another(text):
    assert held(text).verdict != "supported"
    everything = [one.sentence.text for one in GIVEN]
    assert held(text, *everything).verdict != "supported"


def test_what_a_speaker_quotes_is_not_joined_with_his_own_words():
    quoted = "“This day, Father, is like a resurrection for us.”"
    speech = found(
        f"HOLM: One of them told a reporter so in Norland.\n{quoted}",
        title="Remarks by Ruth Holm",
        speaker="Holm",
    )
    given = numbered(speech)
    assert held(f"Holm says: {quoted}", quoted, given=given).verdict == "contradicted"
    assert held(quoted, quoted, given=given).verdict == "supported"


def test_what_it_points_back_to_need_not_be_cited():
    one = held("The Alderness Plan aims to build 12 docks in Norland.", "12 docks")
    assert [source.number for source in one.sources] == [1, 2]


def test_the_reader_is_told_what_is_not_said():
    one = held("Westland refused 30 million dollars a year.", "30 million")
    assert (one.verdict, one.stands) == ("not supported", False)
    assert one.reasons == ("the cited words do not say it",)


def test_of_another_language_one_sentence_has_to_have_every_figure_and_name():
    right = "Westland betaalt 30 miljoen dollar."
    one = held(right, "30 million", language="nl")
    # its verb may be another one
    assert (one.verdict, one.stands) == ("partly", True)
    for wrong in (right.replace("30", "12"), right.replace("Westland", "Norland")):
        assert not held(wrong, "30 million", "12 docks", language="nl").stands
    # and is not looked for where the model did not point
    assert not held(right, language="nl").stands


@pytest.mark.parametrize(
    "text",
    ["Birkhaven, for hospital ships", "Ports communiqué (2023-05-04)", "Ports communiqué."],
)
def test_what_is_no_statement_is_not_supported(text):
    one = held(text, "Birkhaven", "The ministers chose")
    assert (one.verdict, one.reasons) == ("not supported", ("it is no whole sentence",))
    assert held("The ministers chose Birkhaven for 40 hospital ships.").stands


class Doubtful:
    """A network that holds nothing to be said that was not shown to be."""

    sure, likely, unlikely = 1.0, 0.0, -2.0

    def score(self, claim, sources):
        return -3.0


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Westland pays €40 billion for the docks of Norland.", False),
        ("For the docks of Norland Westland pays €40 billion.", False),
        # the network does not know that it is the same, and the check does
        ("For the docks of Norland Westland pays EUR 40 billion.", True),
    ],
)
def test_the_network_has_a_say_where_the_figures_are_the_sources_own(text, stands):
    source = Cited("Westland pays\n€40 billion for the docks of Norland.", "en")
    assert (judged(text, "en", [source], Doubtful())[0] == "supported") is stands
