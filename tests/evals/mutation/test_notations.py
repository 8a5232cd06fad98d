"""Each form of a date and a figure says the same."""

import pytest
from pair_samples import varied

from evals.mutation.notations import date_reworded, figure_reworded, figure_translated


def test_a_date_takes_the_other_forms():
    assert varied(date_reworded, "They met on 3 May 2024 in Oslo.") == {
        "They met on May 3, 2024 in Oslo.",
        "They met on 2024-05-03 in Oslo.",
    }
    assert varied(date_reworded, "They met on July 11 in Oslo.") == {"They met on 11 July in Oslo."}
    assert varied(date_reworded, "Zij kwamen op 3 mei 2024.", "nl") == {"Zij kwamen op 2024-05-03."}
    assert varied(date_reworded, "They met on 10 and 11 July in Oslo.") == set()
    assert varied(date_reworded, "They met in May and stayed.") == set()


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
    assert varied(figure_reworded, sentence.format(old)) == {sentence.format(n) for n in new}


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
    assert varied(figure_reworded, sentence) == set()


def test_a_dollar_amount_that_is_an_adjective_gets_no_noun_behind_it():
    assert varied(figure_reworded, "They open a $50 million fund.") == set()


def test_a_figure_is_written_as_another_language_does():
    euros = varied(figure_translated, "They gave 1.5 billion euros in Oslo.")
    assert euros == {
        "They gave 1,5 miljard euro in Oslo.",
        "They gave 1,5 milliard d’euros in Oslo.",
        "They gave 1,5 Milliarden Euro in Oslo.",
    }
    assert "Soit 1 Milliarde Dollar." in varied(
        figure_translated, "Soit 1 milliard de dollars.", "fr"
    )
    assert "It is 1 milliard d’euros." in varied(figure_translated, "It is EUR 1 billion.")
    day = varied(figure_translated, "They met on 3 May in Oslo.")
    assert day == {f"They met on {d} in Oslo." for d in ("3 mei", "3 mai", "3. Mai")}
    share = varied(figure_translated, "Het is 2,5 procent nu.", "nl")
    assert "Het is 2.5 per cent nu." in share
    assert "They sent drieëntwintig of them." in varied(
        figure_translated, "They sent twenty-three of them."
    )
    assert varied(figure_translated, "They sent 45,000 of them.") == set()
