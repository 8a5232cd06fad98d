"""Figures in a text: what counts something, with its unit and its place."""

from decimal import Decimal

import pytest

from evals.mutation.amounts import amounts, currency_name


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


def test_a_currency_has_the_name_that_texts_use_or_else_that_of_its_locale():
    assert currency_name("GBP", "fr") == "livres sterling"
    assert currency_name("$", "en") == "dollars"
    assert currency_name("CAD", "nl") == "Canadese dollar"
