"""Plain text and Markdown: decoding without loss, front matter as metadata."""

import codecs
from pathlib import Path

import pytest

from ingest.extract import ReadError
from ingest.plain import decode, front_matter_end, read_markdown, read_plain

FRENCH = "Les Alliés ont décidé d’augmenter leurs dépenses — à l’unanimité."


@pytest.mark.parametrize(
    "text", ["a\r\nb\rc\n\n", "\ufeffMarked\r\n", "form\ffeed\x1b[1m", "é\u2028ü"]
)
def test_the_text_is_what_the_file_holds_as_python_opens_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())

    assert read_plain(path.read_bytes(), "a.txt").text == text
    with path.open(encoding="utf-8", newline="") as file:
        assert file.read() == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "cp1252"])
def test_encodings_of_western_text_are_recognised(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding), "a.txt") == FRENCH


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_BE, "utf-32-be")]
)
def test_a_byte_order_mark_decides(mark: bytes, encoding: str) -> None:
    assert decode(mark + FRENCH.encode(encoding), "a.txt") == FRENCH


def test_a_declared_charset_counts_after_utf_8() -> None:
    russian = "Лидеры договорились."
    assert decode(russian.encode("cp1251"), "a", charset="windows-1251") == russian
    assert decode(russian.encode(), "a", charset="windows-1251") == russian
    assert decode("“été”".encode("cp1252"), "a", charset="ISO-8859-1") == "“été”"
    assert decode(FRENCH.encode("cp1252"), "a", charset="no-such-charset") == FRENCH


def test_a_damaged_byte_costs_one_character_and_not_the_encoding() -> None:
    damaged = FRENCH.encode() + b"\xff" + FRENCH.encode()

    assert decode(damaged, "a.txt") == f"{FRENCH}\ufffd{FRENCH}"


def test_a_stray_control_character_is_kept() -> None:
    assert decode(b"word" * 100 + b"hy\x02phen", "a.txt").endswith("hy\x02phen")


@pytest.mark.parametrize(
    "data",
    [
        b"text with a \0 in it" + b" and much text after it" * 50,
        bytes(range(256)) * 20,
        "Лидеры договорились увеличить расходы.".encode("koi8-r"),
        b"\x81\x8d short",
        b"\x01\x02\x03\x04 abc",
        codecs.BOM_UTF16_LE + b"\x00\xd8\x00",
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"'x.txt' (is not text|holds [\d,]+ bytes of binary)"):
        decode(data, "x.txt")


def test_front_matter_is_read_and_stays_in_the_text() -> None:
    text = (
        "---\n"
        "tags: remarks\n"
        "date: '2021-01-20'\n"
        "published_time: 2021-01-20 22:01:20-05:00\n"
        "source_url: https://www.example.org/2021/brief\n"
        'title: "Readout of a Call with\\_Allies\\\n'
        '  \\ on the Summit"\n'
        "lang: en-GB\n"
        "publisher: The Alliance\n"
        "---\n \nThe body.\n"
    )

    extract = read_markdown(text.encode(), "a.md")

    assert extract.text == text
    assert extract.title == "Readout of a Call with Allies on the Summit"
    assert extract.date == "2021-01-20"
    assert extract.publisher == "The Alliance"
    assert extract.language == "en"
    assert extract.url == "https://www.example.org/2021/brief"
    assert text[front_matter_end(text) :] == " \nThe body.\n"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("date: 2021-01-20", "2021-01-20"),
        ("date: 2021-01-20 23:59:00-05:00", "2021-01-20"),
        ("date: 2021-01-20T23:59:00Z", "2021-01-20"),
        ("published: January 20, 2021", "2021-01-20"),
        ("Date: 20 January 2021", "2021-01-20"),
        ("date: 2021-13-45", None),
        ("date: 9021-01-20", None),
        ("date: [2021]", None),
    ],
)
def test_dates_in_front_matter(line: str, date: str | None) -> None:
    assert read_markdown(f"---\n{line}\n---\nText".encode(), "a.md").date == date


def test_values_that_are_not_what_they_should_be_are_left_out() -> None:
    extract = read_markdown(
        b"---\ntitle: [a, b]\nurl: /relative\nlang: {x: y}\nsource: https://x.example/a\n---\n",
        "a.md",
    )

    assert (extract.title, extract.language) == (None, None)
    assert extract.url == "https://x.example/a"


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: 'unclosed\nlist: [1, 2\n---\n",
        "---\ntitle: &a [*a, *a]\n\tx: y\n---\n",
        "---\ntitle: !!python/object/apply:os.system ['false']\n---\n",
        "---\nx: " + "[" * 5000 + "\n---\n",
        "---\na: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n---\n",
    ],
)
def test_malformed_or_hostile_front_matter_costs_the_metadata_alone(head: str) -> None:
    extract = read_markdown((head + "Body.").encode(), "a.md")

    assert extract.text == head + "Body."
    assert (extract.title, extract.date) == (None, None)
    assert front_matter_end(extract.text) == len(head)


@pytest.mark.parametrize(
    "text",
    [
        "No front matter.",
        "---\n\nA text between rules: this.\n\n---\n",
        "---\ntitle: never closed\n",
        "Title\n---\ntitle: x\n---\n",
        "---\nWords: and\n" + "x" * 70_000 + "\n---\n",
        "",
    ],
)
def test_rules_and_unclosed_fences_are_no_front_matter(text: str) -> None:
    assert front_matter_end(text) == 0


@pytest.mark.parametrize(
    "text", ["\ufeff---\r\ntitle: x\r\n---\r\nBody", "---\ntitle: x\n...\nBody"]
)
def test_front_matter_with_other_line_ends_and_marks(text: str) -> None:
    assert text[front_matter_end(text) :] == "Body"
    assert read_markdown(text.encode(), "a.md").title == "x"
