"""From what a reader found to a document and its passages."""

import pytest
from core_samples import LONG, prepared
from growth import grows_like_its_length

from ingest.extract import Block, Extract, ReadError
from ingest.prepare import prepare
from vectorstore import Document

FRONT = "---\ntitle: Pact\ndate: 2031-05-03\n---\n"


def document(text: str, name: str = "a.md", **fields: object) -> Document:
    return prepare(Extract(text=text, **fields), name)[0]  # type: ignore[arg-type]


def test_what_the_reader_says_goes_into_the_document() -> None:
    found = document(
        LONG,
        "pacts/a.md",
        title=" The\npact ",
        date="2031-05-03",
        publisher="River Office",
        language="en",
        url="https://pact.example/a",
        pages=(0, 100),
    )
    assert (found.title, found.date, found.publisher) == ("The pact", "2031-05-03", "River Office")
    assert (found.language, found.url, found.pages) == ("en", "https://pact.example/a", (0, 100))
    assert (found.sources, found.text) == (("pacts/a.md",), LONG)


def test_the_id_is_of_the_text_alone() -> None:
    assert document(LONG, "a.md").id == document(LONG, "b.txt", title="Other", date="2031-01-01").id
    assert document(LONG).id != document(LONG + " ").id


def test_language_date_and_publisher_from_the_text() -> None:
    dutch = (
        "Datum: 3 mei 2024\n\nDe burgemeesters van de steden aan de rivier hebben besloten dat de "
        "dijk dit jaar wordt verhoogd en dat de haven volgend jaar wordt uitgebaggerd, zodat de "
        "schepen er ook bij laag water kunnen aanleggen."
    )
    found = document(dutch, "a.txt", url="https://www.haven.example/a")
    assert (found.language, found.date, found.publisher) == ("nl", "2024-05-03", "haven.example")


def test_the_canonical_text_is_left_as_it_is() -> None:
    text = f"\ufeff{FRONT}\r\n# Pact\r\n\r\n{LONG}\r\n\r\n<!-- x -->\r\n"
    found, passages = prepared(text, "a.md")
    assert found.text == text
    assert [(text[a:b][:3], kind) for a, b, kind in found.furniture] == [
        ("\ufeff--", "front matter"),
        ("<!-", "hidden HTML"),
    ]
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert passages[0].text.startswith("Pact\r\n\r\nThe river")


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        (f"# The river pact\n\n{LONG}", "a.md", "The river pact"),
        (f"# The *river* pact:\n\n{LONG}", "a.md", "The river pact"),
        (f"Office\n\nRiver towns and their dyke\n\n{LONG} {LONG} {LONG}", "a.txt", None),
        (LONG, "pacts/river-pact_2031.txt", "river pact 2031"),
        (LONG, "---.txt", "---.txt"),
    ],
)
def test_the_title(text: str, name: str, title: str | None) -> None:
    assert document(text, name).title == (title or "River towns and their dyke")


def test_blocks_of_the_format_are_used_and_their_text_taken_as_it_stands() -> None:
    text = f"Pact\n\nThe *dyke* holds.\n\n{LONG}"
    blocks = (Block(0, 4, "heading", 1), Block(6, 23, "item"), Block(25, len(text), "paragraph"))
    found, passages = prepare(Extract(text=text, blocks=blocks), "a.html")
    assert found.title == "Pact"
    kinds = [(s.kind, s.text) for s in passages[0].sentences]
    assert kinds[:2] == [("heading", "Pact"), ("item", "The *dyke* holds.")]


def test_markdown_is_known_by_the_name() -> None:
    text = "One line of the text\nAnother line of it\n\n1. Money\n\nIt is paid.\n"
    assert prepared(text, "a.MD")[1] != prepared(text, "a.txt")[1]


@pytest.mark.parametrize("text", ["---\n\n***", "www.harbour.example", "\x00\x01", "7"])
def test_nothing_to_quote_is_an_error_that_names_the_source(text: str) -> None:
    with pytest.raises(ReadError, match=r"'scan\.pdf' holds no sentences .* \(OCR\)"):
        prepared(text, "scan.pdf")


ODD = [
    "\x00The dyke\x00 holds.\x00",
    "The dyke \U0001f30a holds. Наводнение прошло. 堤防は残った。",
    "The\tdyke\tholds.\r\r\nIt is old.",
    "Ａ full-width dyke ﬁts.",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_characters_keep_offsets_right(text: str) -> None:
    found, passages = prepared(text)
    assert all(found.text[p.start : p.end] == p.text for p in passages)
    assert "dyke" in passages[0].body


@pytest.mark.parametrize("piece", ["The dyke holds, and the towns pay. ", "word ", "x", "“a” (b) "])
def test_a_megabyte_on_one_line_is_prepared_whole(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    found, passages = prepared(text)
    assert all(found.text[p.start : p.end] == p.text for p in passages)
    assert sum(len(p.text) for p in passages) > 900_000
    assert grows_like_its_length(prepared, lambda length: text[:length], 400_000)
