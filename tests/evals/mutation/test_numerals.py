"""Number words and digits as languages write them."""

from decimal import Decimal

from evals.mutation.numerals import number_value, number_words, spelled


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


def test_words_that_mean_something_else_too_are_no_number_words():
    assert "neuf" in spelled("fr").values()
    assert "neuf" not in number_words("fr")
    assert (number_words("en")["nine"], number_words("en")["Nine"]) == (9, 9)


def test_digits_have_the_value_that_the_language_gives_them():
    assert number_value("1,234.5", "en") == Decimal("1234.5")
    assert number_value("1.234,5", "nl") == Decimal("1234.5")
    assert number_value("1\u202f234,5", "fr") == Decimal("1234.5")
