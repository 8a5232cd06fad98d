"""What a sentence states: figures, dates, names, denials and modals in four languages."""

from decimal import Decimal

import pytest

from assistant.claims import claims
from assistant.locales import currency_marks, currency_names, scales, territories
from assistant.numerals import number_words, readings


def figures(text, language, **given):
    return [
        (sorted(map(int, q.values)), q.unit, sorted(q.currency)[:1], q.bound)
        for q in claims(text, language, **given).quantities
    ]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "over USD 1.5 billion", ([1_500_000_000], "", ["USD"], "least")),
        ("en", "not less than 1,500 million US dollars", ([1_500_000_000], "", ["USD"], "least")),
        ("en", "some £40bn", ([40_000_000_000], "", ["GBP"], "")),
        ("nl", "ten hoogste 1,5 miljard euro", ([1_500_000_000], "", ["EUR"], "most")),
        ("nl", "4.000 militairen", ([4000], "", [], "")),
        ("nl", "drieëntwintig landen", ([23], "", [], "")),
        ("de", "mehr als 2,5 Mrd. US-Dollar", ([2_500_000_000], "", ["USD"], "least")),
        ("de", "fünfundzwanzig Prozent", ([25], "percent", [], "")),
        ("fr", "au moins 45 milliards d’euros", ([45_000_000_000], "", ["EUR"], "least")),
        ("de", "Dreißig Bündnispartner", ([30], "", [], "")),
        ("en", "12\u202f000 soldiers", ([12_000], "", [], "")),
        ("fr", "12 000 soldats", ([12_000], "", [], "")),
        ("fr", "quatre-vingt-dix pour cent", ([90], "percent", [], "")),
        ("en", "2 percentage points", ([2], "points", [], "")),
    ],
)
def test_a_figure_is_read_with_scale_unit_and_bound(language, text, found):
    assert figures(text, language) == [found]


def test_a_number_in_foreign_digits_has_a_foreign_scale():
    assert 2_500_000_000 in figures("2.5 billion dollars", "fr", foreign=True)[0][0]
    assert figures("2 billion dollars", "fr", foreign=True)[0][0] == [2_000_000_000_000]
    assert figures("2,5 billions de dollars", "fr", foreign=True)[0][0] == [2_500_000_000_000]


def test_two_figures_of_a_range_share_their_scale_and_currency():
    low, high = claims("from €20 to 40 billion a year", "en").quantities
    assert Decimal(20_000_000_000) in low.values
    assert low.currency == high.currency == {"EUR"}


def test_years_days_and_numbers_in_names_are_no_figures():
    assert figures("On 3 May 2024 the G7 sent F-16 aircraft to COP28 in 2023.", "en") == []


def test_separators_are_read_as_the_language_writes_them():
    assert readings("1.500", "en") == {Decimal("1.5")}
    assert readings("1.500", "de") == {Decimal(1500)}
    assert readings("1.500", "en", foreign=True) == {Decimal("1.5"), Decimal(1500)}
    assert readings("1.2.3", "en") == frozenset()
    assert number_words("fr")["soixante et onze"] == 71


def test_the_cldr_tells_dollars_pounds_and_countries_apart():
    assert currency_marks()["$"] >= {"USD", "CAD", "AUD"}
    assert currency_marks()["US$"] == {"USD"}
    assert {"GBP", "EGP"} <= currency_names()["pounds"]
    assert scales("nl")["biljoen"] == scales("en")["trillion"] == 12
    assert territories()["duitsland"] == territories()["germany"] == "DE"


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "on 3 and 4 December 2019", [(2019, 12, 3), (2019, 12, 4)]),
        ("en", "from July 19 to 6 September 2024", [(None, 7, 19), (2024, 9, 6)]),
        ("en", "on 2023-05-20 and 13 June 2024", [(2023, 5, 20), (2024, 6, 13)]),
        ("en", "on May 3, 2024, which may help", [(2024, 5, 3)]),
        ("en", "2024-07-09", [(2024, 7, 9)]),
        ("en", "from 2021–24", [(2021, None, None), (2024, None, None)]),
        ("en", "They march in June.", [(None, 6, None)]),
        ("nl", "op 3 mei 2027", [(2027, 5, 3)]),
        ("de", "am 3. Mai", [(None, 5, 3)]),
        ("fr", "avant le 1er mars 2025", [(2025, 3, 1)]),
        ("en", "in résumé, mars 2025", [(2025, None, None)]),
    ],
)
def test_a_date_is_read_as_far_as_it_goes(language, text, found):
    assert [(d.year, d.month, d.day) for d in claims(text, language).dates] == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Leaders met President Volodymyr Zelenskyy in The Hague.",
         ["Volodymyr Zelenskyy", "Hague"]),
        ("en", "The Bank of England and NATO agreed.", ["Bank of England and NATO"]),
        ("en", "Germany paid.", ["Germany"]),
        ("en", "Ministers paid.", []),
        ("de", "Die Brigade von Olaf Scholz steht in Litauen.", ["Scholz", "Litauen"]),
    ],
)  # fmt: skip
def test_names_are_told_from_words_with_a_capital(language, text, found):
    stated = claims(text, language)
    assert [stated.written(name) for name in stated.names] == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "They will not pay, and no later than May they can't lend.", ["not", "can't"]),
        ("en", "Hungary refused to sign.", ["refused"]),
        ("nl", "Dat is niet alleen duur, er is ook geen plan meer.", ["geen"]),
        ("de", "Sie zahlen nicht mehr und kennen keinen Plan.", ["nicht mehr", "keinen"]),
        ("fr", "Il n'est plus membre et ne paiera pas.", ["est plus", "pas"]),
    ],
)
def test_a_denial_is_told_from_a_bound(language, text, found):
    assert [denial.written for denial in claims(text, language).denials] == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "We will pay and may lend.", ["certain", "possible"]),
        ("en", "They call on Iran to stop and urge it to talk.", ["urged", "urged"]),
        ("en", "In May leaders discussed whether to pay.", ["considered"]),
        ("en", "They agreed to plan to invest.", ["certain", "intended"]),
        ("nl", "De brigade, die gereed moet zijn, kan vertrekken.", ["obliged", "possible"]),
        ("de", "Sie wollen zahlen und sollten es.", ["intended", "urged"]),
        ("fr", "Elle doit payer et pourra prêter.", ["obliged", "possible"]),
    ],
)
def test_the_mood_of_a_clause_is_known_by_its_modal(language, text, found):
    assert [modal.mood for modal in claims(text, language).modals] == found


def test_a_dutch_verb_at_the_end_of_its_clause_governs_what_is_before_it():
    stated = claims("De brigade, die in mei gereed moet zijn, kost geld.", "nl")
    assert stated.governors["reed"] == {"obliged"}
    assert stated.governors["kost"] == {None}
