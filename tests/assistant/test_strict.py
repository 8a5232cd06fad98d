import pytest

from assistant.check import Cited, check, source_of
from assistant.claims import claims
from assistant.strict import objections

SAID = (
    "Norland sold 340 boats and 20 planes to Sudland in May 2023, and Westland joined the "
    "Alderness-Norland League."
)


def objected(sentence, *sources, language="en", title="Ports of Maravel"):
    cited = [Cited(text, "en", title) for text in sources or (SAID,)]
    claim = claims(sentence, language, foreign=True)
    return objections(claim, [source_of(one) for one in cited])


@pytest.mark.parametrize(
    "sentence",
    [
        "In May 2023 Norland sold 340 boats and 20 planes to Sudland.",
        "According to the document, Norland also sold 340 boats to Sudland in the year 2023.",
        "340 boats were sold to Sudland by Norland.",
        "To Sudland, Norland sold 20 planes.",
        "In May 2023, boats were sold to Sudland.",
        "Norland sold 20 aircraft and 340 boats to Sudland.",
        "Westland joined the Alderness-Norland League.",
    ],
)
def test_a_sentence_in_the_words_of_its_source_stands(sentence):
    assert objected(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Norland bought 340 boats and 20 planes in May 2023.", "do not say “bought”"),
        ("Norland sold 340 rotten boats to Sudland.", "do not say “rotten”"),
        ("Sudland sold 340 boats to Norland.", "the other way around"),
        ("Norland sold 20 boats to Sudland.", "“20” is of something else"),
        ("Westland joined Alderness.", "only a part of a name"),
        ("Estmark sold 340 boats to Sudland.", "the name “Estmark”"),
    ],
)
def test_what_a_check_lets_pass_is_objected_to(sentence, why):
    objected_to = objected(sentence)
    assert any(why in reason for reason in objected_to), objected_to


def test_what_a_named_title_says_is_not_held_against_what_is_said():
    said = "The Alderness League will meet the leaders in May."
    told = f'According to "Leaders of the Alderness League", {said[0].lower()}{said[1:]}'
    assert objected(told, said, title="Leaders of the Alderness League") == ()
    # a name that the title has by itself, and the words only within another
    joint = "The Alderness-Norland League met in Bo."
    told = f'According to "Alderness", {joint[0].lower()}{joint[1:]}'
    assert objected(told, joint, title="Alderness") == ()
    [why] = objected("The leaders met.", said, title="Ports")
    assert "will or may be" in why


ANNOUNCED = (
    "Ada Berg of Norland announced that Bo Lund had agreed to send 30 boats, 20 to Sudland and "
    "10 to Westland."
)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Ada Berg agreed to send 30 boats.", "stands before “agreed”"),
        ("Sudland agreed to send 30 boats.", "stands before “agreed”"),
        ("Bo Lund agreed to send 20 to Westland.", "beside other words"),
    ],
)
def test_who_does_something_and_what_a_figure_is_of_stay_together(sentence, why):
    assert any(why in reason for reason in objected(sentence, ANNOUNCED))


@pytest.mark.parametrize(
    "sentence", [ANNOUNCED, "Bo Lund had agreed to send 30 boats.", "Bo Lund agreed to send boats."]
)
def test_who_did_it_stands(sentence):
    assert objected(sentence, ANNOUNCED) == ()


def test_a_check_by_itself_would_let_other_verbs_pass():
    bought = "Norland bought 340 boats and 20 planes in May 2023."
    assert check(bought, "en", [Cited(SAID, "en")]).verdict == "supported"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("Sudland will close its port in 2026.", "Sudland closed its port in 2026."),
        ("Allies aim to build a dam.", "Allies build a dam."),
        ("The fee is to rise by 5 % in 2026.", "The fee rose by 5 % in 2026."),
    ],
)
def test_what_is_to_come_is_not_told_as_done(source, sentence):
    assert any("will or may be" in reason for reason in objected(sentence, source))
    assert objected(source, source) == ()


def test_of_another_language_every_name_has_to_be_there():
    source = "NATO ordered Stinger missiles for 700 million crowns."
    assert objected("De NAVO bestelde Stinger voor 700 miljoen.", source, language="nl") == ()
    [why] = objected("De NAVO bestelde Patriot voor 700 miljoen.", source, language="nl")
    assert "Patriot" in why
