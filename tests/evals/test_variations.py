"""Rewordings keep what a claim says: each form of date and figure, and the safe passives."""

import random
import re
from decimal import Decimal

import pytest

from evals.pairs import Pair
from evals.variations import (
    VARIATIONS,
    amounts,
    date_reworded,
    days,
    figure_reworded,
    figure_translated,
    in_quotation,
    passive,
    spelled,
    synonym,
    territories,
)


def pair(sentence, language="en", title="A note", date="2024-07-12"):
    return Pair("unchanged", True, sentence, sentence, title, date, language, "note.md", sentence)


def all_of(variation, sentence, language="en"):
    """Every form that a variation gives, over many draws."""
    made = [variation(pair(sentence, language), random.Random(seed)) for seed in range(60)]
    return {varied.sentence for varied in made if varied}


def values(text, language="en"):
    return [str(amount.value) for amount in amounts(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("It costs USD 1.5 billion and 1,300 of 23 Allies pay 40%.", "en", "1.5 1300 23 40"),
        ("Twenty-three Allies sent three brigades.", "en", "23 3"),
        ("Het kost 1,5 miljard euro voor 4.800 militairen.", "nl", "1.5 4800"),
        ("Soit 2,76 milliards de dollars pour 47 pays.", "fr", "2.76 47"),
        ("Es kostet 1,5 Milliarden Euro, also 20 Prozent.", "de", "1.5 20"),
        ("On 3 May 2024 the G7 sent F-16 jets under Article 5 in 2023.", "en", ""),
        ("From 10 to 11 July, at 10:30, the 75th meeting, item 3, 24/7.", "en", ""),
        ("The Five Point Consensus and the Group of 20 and COVID-19.", "en", ""),
        ("It is two thirds of it.", "en", ""),
        ("They sent Leopard 2 tanks and Patriot 3 missiles.", "en", ""),
        ("The twenty-first century, the 1990s and 2021-2024.", "en", ""),
    ],
)
def test_amounts_are_what_counts_something(text, language, found):
    assert values(text, language) == found.split()


def test_an_amount_knows_its_unit_and_its_place():
    text = "They gave USD 1.5 billion, €40 million, 3 million euros and 20 per cent."
    found = amounts(text, "en")
    assert [(a.currency, a.form, a.power, a.percent) for a in found] == [
        ("USD", "code", 9, False),
        ("EUR", "symbol", 6, False),
        ("EUR", "name", 6, False),
        (None, None, 0, True),
    ]
    assert [text[a.start : a.end] for a in found] == [
        "USD 1.5 billion",
        "€40 million",
        "3 million euros",
        "20 per cent",
    ]
    assert found[0].value == Decimal("1.5")


def test_days_are_found_in_every_form():
    found = days("On 3 May 2024, May 4, 2024-05-05 and 10 and 11 July, in May 2024.", "en")
    assert [(d.day, d.month, d.year, d.single) for d in found] == [
        (3, 5, 2024, True),
        (4, 5, None, True),
        (5, 5, 2024, True),
        (11, 7, None, False),
    ]


def test_a_date_takes_the_other_forms():
    assert all_of(date_reworded, "They met on 3 May 2024 in Oslo.") == {
        "They met on May 3, 2024 in Oslo.",
        "They met on 2024-05-03 in Oslo.",
    }
    assert all_of(date_reworded, "They met on July 11 in Oslo.") == {"They met on 11 July in Oslo."}
    assert all_of(date_reworded, "Zij kwamen op 3 mei 2024.", "nl") == {"Zij kwamen op 2024-05-03."}
    assert all_of(date_reworded, "They met on 10 and 11 July in Oslo.") == set()
    assert all_of(date_reworded, "They met in May and stayed.") == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("40 per cent", {"40%", "40 percent"}),
        ("EUR 40 million", {"€40 million", "40 million euros"}),
        ("€40 million", {"EUR 40 million", "40 million euros"}),
        (
            "USD 1.5 billion",
            {"US$1.5 billion", "1.5 billion US dollars", "USD 1,500 million"},
        ),
        ("$1.5 billion", {"1.5 billion dollars", "$1,500 million"}),
        ("twenty-three", {"23"}),
        ("23", {"twenty-three"}),
        ("1.5 billion", {"1,500 million"}),
    ],
)
def test_a_figure_takes_the_other_forms(old, new):
    sentence = "The leaders spoke of {} in Oslo."
    assert all_of(figure_reworded, sentence.format(old)) == {sentence.format(n) for n in new}


@pytest.mark.parametrize(
    "sentence",
    [
        "They gave between 1 and 2 billion for it.",
        "They keep 30 by 30 of it.",
        "He said “we sent 23 of them” in Oslo.",
        "The G7 sent F-16 jets in 2023.",
    ],
)
def test_a_figure_that_shares_its_unit_or_is_quoted_stays(sentence):
    assert all_of(figure_reworded, sentence) == set()


def test_a_dollar_amount_that_is_an_adjective_gets_no_noun_behind_it():
    assert all_of(figure_reworded, "They open a $50 million fund.") == set()


def test_a_figure_is_written_as_another_language_does():
    euros = all_of(figure_translated, "They gave 1.5 billion euros in Oslo.")
    assert euros == {
        "They gave 1,5 miljard euro in Oslo.",
        "They gave 1,5 milliard d’euros in Oslo.",
        "They gave 1,5 Milliarden Euro in Oslo.",
    }
    assert "Soit 1 Milliarde Dollar." in all_of(
        figure_translated, "Soit 1 milliard de dollars.", "fr"
    )
    assert "It is 1 milliard d’euros." in all_of(figure_translated, "It is EUR 1 billion.")
    day = all_of(figure_translated, "They met on 3 May in Oslo.")
    assert day == {f"They met on {d} in Oslo." for d in ("3 mei", "3 mai", "3. Mai")}
    share = all_of(figure_translated, "Het is 2,5 procent nu.", "nl")
    assert "Het is 2.5 per cent nu." in share
    assert "They sent drieëntwintig of them." in all_of(
        figure_translated, "They sent twenty-three of them."
    )
    assert all_of(figure_translated, "They sent 45,000 of them.") == set()


@pytest.mark.parametrize(
    ("active", "changed"),
    [
        (
            "The leaders will strengthen the common fund in Oslo.",
            "The common fund will be strengthened by the leaders in Oslo.",
        ),
        (
            "NATO has created three new battlegroups in the east.",
            "Three new battlegroups have been created by NATO in the east.",
        ),
        (
            "We have launched a new platform on coercion.",
            "A new platform has been launched by us on coercion.",
        ),
        (
            "On 10 July 2024 leaders endorsed the Capacity Pledge.",
            "On 10 July 2024 the Capacity Pledge was endorsed by leaders.",
        ),
    ],
)
def test_a_simple_active_clause_becomes_passive(active, changed):
    assert all_of(passive, active) == {changed}


@pytest.mark.parametrize(
    "sentence",
    [
        "The leaders will support Ukraine and continue to meet in Oslo.",
        "The leaders, who met here, will support the common fund.",
        "The leaders said that they will support the common fund.",
        "The plan announced the year before will support the fund.",
        "The leaders will not support the common fund in Oslo.",
        "The leaders will meet the press again in Oslo.",
        "The leaders will support each other in the fight.",
        "The leaders will provide Ukraine with more air defence.",
        "De leiders will support the common fund in Oslo, zeggen zij.",
    ],
)
def test_what_is_not_simple_stays_active(sentence):
    assert all_of(passive, sentence) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("They announced a fund.", "They unveiled a fund."),
        ("They announced that it is so.", None),
        ("They increased the budget.", "They raised the budget."),
        ("An increase of the budget.", None),
        ("It is a crucial step.", "It is an essential step."),
        ("They strengthened ties.", "They reinforced ties."),
        ("The United Nations met.", None),
        ("They said: “we will strengthen it”.", None),
    ],
)
def test_a_synonym_is_inflected_alike(old, new):
    assert all_of(synonym, old) == ({new} if new else set())


def test_numbers_are_spelled_as_the_language_joins_them():
    assert [spelled(code)[22] for code in ("en", "nl", "fr", "de")] == [
        "twenty-two",
        "tweeëntwintig",
        "vingt-deux",
        "zweiundzwanzig",
    ]
    assert spelled("nl")[21] == "eenentwintig"
    assert spelled("de")[21] == "einundzwanzig"
    assert spelled("fr")[21] == "vingt et un"
    assert 1 not in spelled("en")


def test_territories_are_plain_names():
    assert {"Netherlands", "New Zealand"} <= territories("en")
    assert "Nederland" in territories("nl")
    assert not any(re.search(r"[\d(&,]", name) for name in territories("en"))


def test_a_place_within_quotation_marks_is_known():
    text = "He said “we will” and ‘so’ it’s."
    assert [in_quotation(text, text.index(word)) for word in ("we", "so", "and", "it")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_variation_is_true_and_touches_only_the_sentence():
    before = pair("They met on 3 May 2024 with 23 leaders of all countries.")
    for kind, variation in VARIATIONS.items():
        after = variation(before, random.Random(0))
        if after is not None:
            assert (after.kind, after.supported, after.quote) == (kind, True, before.quote)
            assert after.origin == before.sentence != after.sentence
