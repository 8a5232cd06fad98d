import pytest
from excerpt_samples import found, numbered

from assistant.otherwise import otherwise, told

SAID = "Norland will spend 340 million crowns on the harbour of Alderness until 2026."


def other_than(said, other, *, language="en", date="2024-05-04"):
    given = numbered(
        found(said, title="First", language=language),
        found(other, title="Second", date=date, language=language),
    )
    return otherwise(given[0], given), given


@pytest.mark.parametrize(
    ("said", "other", "language"),
    [
        (SAID, SAID.replace("340", "410"), "en"),
        (SAID, SAID.replace("2026", "2028"), "en"),
        (SAID, "Until 2026 Norland will spend 410 million crowns on Alderness harbour.", "en"),
        ("Norland levert 30 schepen aan Sudland.", "Norland levert 40 schepen aan Sudland.", "nl"),
        (
            "In 2023 2% of ships of Norland and Sudland were sunk.",
            "In 2023 3% of ships of Norland and Sudland were sunk.",
            "en",
        ),
    ],
)
def test_another_figure_or_term_for_the_same_is_seen(said, other, language):
    seen, given = other_than(said, other, language=language)
    assert seen is given[1]


@pytest.mark.parametrize(
    "other",
    [
        SAID,
        SAID.replace("340 million crowns", "EUR 5 billion and 3 boats"),
        SAID.replace("Norland", "Sudland").replace("340", "410"),
        SAID.replace("Alderness", "Birkhaven").replace("340", "410"),
        SAID.replace("harbour", "lighthouse").replace("340", "410"),
        SAID.replace("will", "aims to").replace("340", "410"),
        SAID.replace("340", "410").replace("2026", "2028"),
        SAID.replace("will spend", "will not spend").replace("340", "410"),
        SAID.replace("340", "410").replace("million crowns", "boats"),
        SAID.replace("340", "more than 410"),
    ],
)
def test_what_is_of_something_else_is_no_disagreement(other):
    assert other_than(SAID, other)[0] is None


def test_what_two_documents_say_of_two_years_is_no_disagreement():
    of = "In {} the Allies of Norland sent {} boats to Sudland."
    assert other_than(of.format(2023, 30), of.format(2024, 40))[0] is None
    assert other_than(of.format(2023, 30), of.format(2023, 40))[0] is not None


def test_a_document_does_not_disagree_with_itself():
    given = numbered(found(f"{SAID}\n{SAID.replace('340', '410')}"))
    assert otherwise(given[0], given) is None


@pytest.mark.parametrize(
    ("date", "language", "opening"),
    [
        ("2024-05-04", "en", "A later document, Second (2024-05-04), says otherwise: “Norland"),
        ("2022-05-04", "en", "An earlier document, Second (2022-05-04), says"),
        (None, "en", "Another document, Second, says otherwise: “Norland"),
        ("2024-05-04", "nl", "Een later document, Second (2024-05-04), zegt iets anders:"),
        ("2024-05-04", "sv", "A later document"),
    ],
)
def test_it_is_told_with_its_date_in_the_language_of_the_question(date, language, opening):
    other = SAID.replace("340", "410")
    seen, given = other_than(SAID, other, date=date)
    sentence = told(seen, given[0], language)
    assert sentence.startswith(opening) and other in sentence
