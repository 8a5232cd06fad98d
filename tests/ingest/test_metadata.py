"""What a text says of its date and language, and metadata made tidy."""

import datetime
from pathlib import Path

import pytest

from ingest.metadata import (
    find_date,
    find_language,
    iso_date,
    iso_language,
    language_name,
    one_line,
    publisher_of,
    stated_title,
    web_address,
)

TODAY = datetime.date(2025, 7, 1)
PROSE = "The ministers of all countries discussed the matter at length and agreed to go on. "


def date_of(text: str, language: str = "en") -> str | None:
    return find_date(text, language=language, today=TODAY)


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("17-18 October 2024", "en", "2024-10-18"),
        ("17–18 OCTOBER 2024:", "en", "2024-10-18"),
        ("30 September - 1 October 2024", "en", "2024-10-01"),
        ("October 17th and 18th, 2024", "en", "2024-10-18"),
        ("June 28 – 30, 2022", "en", "2022-06-30"),
        ("June 13, 2021", "en", "2021-06-13"),
        ("Sept. 4, 2014", "en", "2014-09-04"),
        ("2021-06-13", "en", "2021-06-13"),
        ("2021-06-13T22:00:00-05:00", "en", "2021-06-13"),
        ("Datum 4 juni 2021", "nl", "2021-06-04"),
        ("3 mrt. 2022", "nl", "2022-03-03"),
        ("le 14 juillet 2023", "fr", "2023-07-14"),
        ("1er août 2021", "fr", "2021-08-01"),
        ("Berlin, 3. März 2022", "de", "2022-03-03"),
        ("12 de julio de 2023", "es", "2023-07-12"),
        ("5 июня 2023", "ru", "2023-06-05"),
        ("June 13, 2021", "xx", "2021-06-13"),
        ("13.06.2021", "de", "2021-06-13"),
        ("04/05/2021", "fr", "2021-05-04"),
        ("25/05/2021", "en", "2021-05-25"),
        ("05/25/2021", "en", "2021-05-25"),
        ("04/05/2021", "en", None),
        ("October 2024", "en", None),
        ("31 February 2021", "en", None),
        ("14 Blah 2021", "en", None),
        ("Report 2024-25, 12-13", "en", None),
    ],
)
def test_forms_of_a_date(text: str, language: str, date: str | None) -> None:
    assert date_of(text, language) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("3 May 2023\n\nPublished: June 13, 2021", "2021-06-13"),
        (f"3 May 2023\n\n{PROSE * 40}\n\n**Date:** Brussels, 4 June 2021", "2021-06-04"),
        (
            f"{PROSE * 40}\n\nThe article was published originally by X on 14 July 2023: Y",
            "2023-07-14",
        ),
        ("Published:\n September 2023\n\nOriginally published on 14 July 2023.", "2023-07-14"),
        (
            "Communiqué\n\nIssued by the Heads of State and Government meeting in Brussels "
            "14 June 2021\n\n1 January 2021",
            "2021-06-14",
        ),
        (f"{PROSE * 40}\n\nThe report published by X on 3 May 2021 says so.", None),
        (f"{PROSE * 40}\n\nPublished reports speak of 3 May 2021.", None),
    ],
)
def test_a_label_goes_before_place(text: str, date: str | None) -> None:
    assert date_of(text) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (f"Brief\nBrussels, 14 June 2023\n\nSince 24 February 2022 {PROSE}", "2023-06-14"),
        (f"Since 24 February 2022 {PROSE}\n\n14 June 2023\n\n{PROSE}", "2023-06-14"),
        (f"The forum, held on 24 June 2025, met. {PROSE * 9}", "2025-06-24"),
        (f"It began on 4 April 1949. {PROSE * 9} It met on 14 June 2023.", None),
        (f"{PROSE * 9}It met on 14 June 2023.", None),
        (f"{PROSE * 30}\n\n14 June 2023", None),
        (f"{PROSE}Under the orders of June 9 and\n9 June 2021. {PROSE}", "2021-06-09"),
    ],
)
def test_without_a_label_only_the_start_of_the_text_counts(text: str, date: str | None) -> None:
    assert date_of(text) == date


def test_a_date_at_the_end_of_a_wrapped_paragraph_is_no_dateline() -> None:
    text = f"15 May 2022 was early. {PROSE * 8}\nThey met in London on {PROSE}\n9 May 2022.\n"

    assert date_of(text) == "2022-05-15"


@pytest.mark.parametrize(
    "text",
    [
        "https://x.example/2021-06-13/summit",
        "https://x.example/?date=2021-06-13",
        "See www.x.example/13-06-2021/a",
        "Reuters, ‘A title’, (accessed 12 July 2023).",
        "Last updated on 3 May 2021",
        "Laatst bijgewerkt: 3 mei 2021",
        "2 July 2025",
        "13 May 3021",
        "Room 12/2021",
        "",
    ],
)
def test_dates_that_are_not_the_documents_own(text: str) -> None:
    assert date_of(text, "nl" if "mei" in text else "en") is None


def test_a_label_inside_a_wrapped_paragraph_is_none() -> None:
    text = f"{PROSE * 20}\nWe support the declaration on the partnership of the countries\n"

    assert date_of(text + "issued in Washington on September 29, 2022, and more.") is None
    assert date_of(text + "\nIssued in Washington on September 29, 2022.") == "2022-09-29"


def test_a_hostile_text_takes_no_time() -> None:
    for text in (
        "1 " * 200_000,
        "a" * 400_000,
        "12 june " * 50_000,
        "www." * 100_000,
        "\n" * 400_000,
    ):
        assert date_of(text) is None


@pytest.mark.parametrize(
    ("start", "language", "date"),
    [
        ("000", "en", "2024-10-18"),
        ("001", "nl", "2021-06-04"),
        ("002", "en", None),
        ("003", "en", "2023-07-14"),
        ("004", "en", "2025-06-24"),
    ],
)
def test_real_documents(start: str, language: str, date: str | None) -> None:
    seeds = Path(__file__).parents[3] / "shared" / "corpus" / "seeds"
    if not seeds.is_dir():
        pytest.skip("the shared corpus is not beside this checkout")
    text = next(seeds.glob(f"{start}_*")).read_text(encoding="utf-8")

    assert find_language(text) == language
    assert find_date(text, language=language) == date


DUTCH = (
    "De ministers van Buitenlandse Zaken kwamen bijeen om te spreken over de veiligheid van "
    "Europa. Zij besloten dat de uitgaven voor defensie omhoog gaan en dat er meer steun komt "
    "voor Oekraïne, ook in de vorm van munitie en luchtverdediging. Volgend jaar zien zij "
    "elkaar weer, en dan in Den Haag."
)


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        (DUTCH, None, "nl"),
        (DUTCH, "nl-NL", "nl"),
        (DUTCH, "en-US", "nl"),
        ("Wat zei de minister over Rusland en de veiligheid van Europa?", "en", "en"),
        ("Wat zei de minister over Rusland?", None, "nl"),
        ("", "fr", "fr"),
        ("12 345 €", None, "en"),
        ("", None, "en"),
        ("https://www.example.org/de/das-ist-nicht-der-text", "nl", "nl"),
    ],
)
def test_language(text: str, hint: str | None, language: str) -> None:
    assert find_language(text, hint=hint) == language


def test_language_among_those_that_matter() -> None:
    assert find_language("And for 2025?", among=("nl", "en", "fr")) == "en"
    assert find_language("SUMMIT DECLARATION", among=("en", "fr")) == "en"
    assert find_language("", among=("nl",)) == "nl"
    assert find_language("Dit is een brief", hint="de", among=("nl", "en")) == "nl"


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("nl_NL", "nl"), (" FR ", "fr"), ("nb", "no"), ("english", None), ("", None)],
)
def test_language_tags(tag: str, code: str | None) -> None:
    assert iso_language(tag) == code


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-07-11T09:30:00+02:00", "2024-07-11"),
        ("2021-01-20 22:01:20-05:00", "2021-01-20"),
        ("Thu, 11 Jul 2024 07:30:00 GMT", "2024-07-11"),
        ("2024", None),
        ("2999-01-01", None),
        (None, None),
    ],
)
def test_days_in_metadata(value: str | None, day: str | None) -> None:
    assert iso_date(value) == day


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org/a?b", "example.org"),
        ("http://user:pass@sub.example.org:80/", "sub.example.org"),
        ("ftp://example.org/", None),
        ("http://[bad/", None),
        ("/relative", None),
        (None, None),
    ],
)
def test_publisher_is_the_host(url: str | None, host: str | None) -> None:
    assert publisher_of(url) == host
    assert web_address(url) == (url if host else None)


def test_web_addresses_have_no_white_space() -> None:
    assert web_address("https://example.org/a b") is None
    assert web_address(" https://example.org/a\n") == "https://example.org/a"


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("Brief on\u00a0the  summit\n", "Brief on the summit"),
        ("Statement on the 2024 summit", "Statement on the 2024 summit"),
        ("Microsoft Word - brief.doc", None),
        ("A brief.docx", None),
        ("Untitled document", None),
        ("Document1", None),
        ("2931749_0001", None),
        ("þÿT", None),
        ("--", None),
        (" ", None),
    ],
)
def test_titles_that_a_program_left_are_none(value: str, title: str | None) -> None:
    assert stated_title(value) == title


def test_one_line_folds_and_drops_what_cannot_be_seen() -> None:
    assert one_line("Biden-\u2060Harris\u00a0 plan \n x\u00ad") == "Biden-Harris plan x"
    assert one_line(" \u00a0") is None


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [("nl", "en", "Dutch"), ("en", "fr", "anglais"), ("nl", "xx", "nl"), ("qq", "en", "qq")],
)
def test_a_language_is_named_in_another_and_by_its_code_where_that_is_unknown(code, language, name):
    assert language_name(code, language) == name
