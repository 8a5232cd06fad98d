"""Another number, year or currency: of the same form, and not what the quote says."""

import re

import pytest
from pair_samples import mutated, swapped

from evals.mutation.misquotes import another_currency, another_number, another_year


def test_another_number_has_the_same_form():
    assert swapped(another_number, "They gave USD <1.5> billion in Oslo.") <= {
        f"{a}.{b}" for a in (1, 2, 3) for b in range(1, 10)
    } - {"1.5"}
    words = swapped(another_number, "There were <twenty-three> Allies in Oslo.")
    assert "twenty-five" in words
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)?", word) for word in words)
    assert swapped(another_number, "Zij sturen <4.800> militairen.", "nl") <= {
        f"{a}.{b}00" for a in range(2, 10) for b in range(1, 10)
    }
    long = swapped(another_number, "They counted <201,345,678> of them.")
    assert long
    assert all(re.fullmatch(r"\d{3},\d45,678|\d{3},345,678", one) for one in long)


def test_a_bound_moves_only_where_the_quote_no_longer_holds():
    more = swapped(another_number, "They spent more than <40> million here.")
    most = swapped(another_number, "They spent up to <40> million here.")
    about = swapped(another_number, "They spent about <40> million here.")
    assert more
    assert all(int(one) > 40 for one in more)
    assert most
    assert all(int(one) < 40 for one in most)
    assert about
    assert all(abs(int(one) - 40) >= 12 for one in about)


def test_no_number_that_the_quote_has_takes_another_s_place():
    quote = "Of 30 Allies 20 pay 50, 60, 70 and 80 of it."
    assert "30" not in swapped(another_number, "Of them <40> pay it here.", quote=quote)
    quote = "Of thirty Allies forty pay it."
    assert "30" not in swapped(another_number, "Of them <40> pay it here.", quote=quote)


def test_a_number_that_comes_twice_stays():
    assert mutated(another_number, "They sent 40 to Oslo and 40 to Rome.") == set()


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("The G7 met on 11 July 2023 under Article 5.", "en"),
        ("Wij sturen F-16’s op 3 mei 2024.", "nl"),
    ],
)
def test_years_days_and_names_are_no_numbers(sentence, language):
    assert mutated(another_number, sentence, language) == set()


def test_another_year_leaves_what_was_said():
    by = swapped(another_year, "They will do it by <2030> in Oslo.")
    until = swapped(another_year, "They will do it until <2030> in Oslo.")
    assert by == {str(year) for year in range(2025, 2030)}
    assert until == {str(year) for year in range(2031, 2036)}
    assert "2028" not in swapped(
        another_year, "They did it in <2029> here.", quote="From 2028 to 2029."
    )
    assert swapped(another_year, "Zij doen dat sinds <2014> hier.", "nl") == {
        str(year) for year in range(2009, 2014)
    }


def test_the_order_of_years_stays():
    for one in mutated(another_year, "It grew from 2014 and fell after 2016 in Oslo."):
        first, second = map(int, re.findall(r"\d{4}", one))
        assert first < second


def test_a_year_in_a_name_stays():
    assert mutated(another_year, "They endorsed the NATO 2030 agenda in Oslo.") == set()


def test_another_currency_is_written_alike():
    assert swapped(another_currency, "They gave <USD> 40 million.") == {"EUR", "GBP"}
    assert swapped(another_currency, "They gave <€>40 million.") == {"$", "£"}
    assert swapped(another_currency, "They gave 40 million <euros> here.") == {
        "US dollars",
        "pounds",
    }
    assert swapped(another_currency, "Soit 4 milliards <de dollars> ici.", "fr") == {
        "d’euros",
        "de livres sterling",
    }
    assert swapped(another_currency, "Zij geven 4 miljard <euro> nu.", "nl") == {
        "Amerikaanse dollar",
        "pond",
    }


def test_a_currency_that_the_quote_has_does_not_come():
    quote = "They gave USD 40 million, or EUR 36 million."
    assert swapped(another_currency, "They gave <USD> 40 million.", quote=quote) == {"GBP"}
