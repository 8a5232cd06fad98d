"""PDF: pages, whole words, paragraphs, properties, and files that cannot be read."""

import io
import random

import pytest
from PIL import Image
from reader_samples import column, encrypted_pdf, pdf, written_pdf

from ingest.extract import ReadError
from ingest.pdf import read_pdf


def test_pages_start_on_a_line_of_their_own_where_pages_says() -> None:
    extract = read_pdf(pdf([column("First page."), [], column("Third page.", "Its end.")]), "a.pdf")

    assert extract.text == "First page.\n\nThird page.\nIts end."
    assert extract.pages == (0, 12, 13)
    assert extract.text[extract.pages[2] :].startswith("Third page.")
    assert extract.blocks is None


def test_a_wider_gap_between_lines_is_an_empty_line() -> None:
    lines = [
        *column("A heading"),
        *column("The first paragraph has", "two lines of text.", top=750),
        *column("The second has", "two as well.", top=702),
    ]

    assert read_pdf(pdf([lines]), "a.pdf").text == (
        "A heading\n\nThe first paragraph has\ntwo lines of text.\n\nThe second has\ntwo as well."
    )


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (("The minis-", "ters met."), "ministers"),
        (("A trans-", "Atlantic bond."), "trans-Atlantic"),
        (("They sent F-", "16 jets."), "F-16"),
        (("In the year 2024-", "25 it rose."), "2024-25"),
        (("A long-", "term plan.", "It is a long-term plan."), "long-term plan.\nIt"),
        (("A long-", "term plan.", "It is long.", "The term ends."), "long-term plan.\nIt"),
        (("State-of-the-", "art things."), "State-of-the-art"),
        (("It was with-", "out end.", "With or without it, out or in."), "was without end"),
    ],
)
def test_a_word_broken_at_a_line_end_is_whole(lines: tuple[str, ...], whole: str) -> None:
    text = read_pdf(pdf([column(*lines)]), "a.pdf").text

    assert whole in text
    assert "\ufffe" not in text
    assert "\x02" not in text


def test_a_line_after_a_broken_word_is_no_new_paragraph() -> None:
    lines = column("One line of text", "and the minis-", "ters met here", "for the day.")

    assert read_pdf(pdf([lines]), "a.pdf").text == (
        "One line of text\nand the ministers met here\nfor the day."
    )


def test_columns_are_read_one_after_the_other_where_the_file_has_them_so() -> None:
    left = column("Left one", "left two")
    right = column("Right one", "right two", x=320)

    assert read_pdf(pdf([[*left, *right]]), "a.pdf").text == (
        "Left one\nleft two\nRight one\nright two"
    )


def test_letters_are_plain_and_symbol_bullets_are_bullets() -> None:
    letters = {"s": " ", "l": "ﬁ", "b": "\uf0b7", "h": "\u00ad", "c": "\x05", "x": "x"}
    data = written_pdf(
        content=b"BT /F1 12 Tf 72 700 Td (bsl) Tj 0 -20 Td (xhcx) Tj ET",
        letters={ord(code): letter for code, letter in letters.items()},
    )

    assert read_pdf(data, "a.pdf").text == "• fi\nxx"


@pytest.mark.parametrize(
    ("properties", "title", "date"),
    [
        (
            "/Title (Summit brief) /CreationDate (D:20241018093000+02'00')",
            "Summit brief",
            "2024-10-18",
        ),
        ("/Title (Microsoft Word - brief.docx)", None, None),
        ("/Title (untitled) /CreationDate (D:99991018)", None, None),
        ("/Title (2931749_0001.indd) /CreationDate (yesterday)", None, None),
        ("/CreationDate (D:20240231)", None, None),
    ],
)
def test_properties_are_used_where_somebody_set_them(
    properties: str, title: str | None, date: str | None
) -> None:
    extract = read_pdf(written_pdf(properties=properties), "a.pdf")

    assert (extract.title, extract.date) == (title, date)
    assert extract.text == "Some text."


def test_a_scan_is_told_apart_and_needs_ocr() -> None:
    scan = io.BytesIO()
    Image.new("L", (200, 300), 255).save(scan, "PDF")

    with pytest.raises(ReadError, match=r"'scan.pdf' has no text layer.*1 page.*OCR"):
        read_pdf(scan.getvalue(), "scan.pdf")


def test_an_encrypted_file_says_so() -> None:
    with pytest.raises(ReadError, match=r"'secret.pdf' is encrypted with a password.*Save a copy"):
        read_pdf(encrypted_pdf(), "secret.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing else", b"", b"\0" * 5000])
def test_a_broken_file_says_so(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"'broken.pdf' is damaged or no PDF"):
        read_pdf(data, "broken.pdf")


def test_damage_anywhere_is_a_read_error_or_none() -> None:
    whole = pdf([column("Some text to damage.", "And more.")] * 2)
    chance = random.Random(1)
    for _ in range(150):
        damaged = bytearray(whole[: chance.randrange(200, len(whole))])
        for _ in range(5):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            extract = read_pdf(bytes(damaged), "a.pdf")
        except ReadError as error:
            assert "'a.pdf'" in str(error)
        else:
            assert all(0 <= start <= len(extract.text) for start in extract.pages)
