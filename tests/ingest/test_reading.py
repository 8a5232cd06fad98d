"""The right reader for the bytes, and one kind of error for all that cannot be read."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx import Document
from PIL import Image
from reader_samples import column, encrypted_pdf, pdf

from ingest.extract import ReadError
from ingest.reading import SUFFIXES, read

HTML = b"<!DOCTYPE html><html><body><nav>n</nav><main><p>A page.</p></main></body></html>"


@pytest.fixture(scope="module")
def docx() -> bytes:
    document = Document()
    document.add_paragraph("A document.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def scan() -> bytes:
    out = io.BytesIO()
    Image.new("L", (100, 100), 255).save(out, "PDF")
    return out.getvalue()


def archive(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "b.text", "https://x.example/a.txt?b=c.pdf#d"])
def test_text_by_its_suffix(name: str) -> None:
    assert read(b"Plain <b>words</b>.", name).text == "Plain <b>words</b>."


def test_markdown_by_its_suffix() -> None:
    assert read(b"---\ntitle: T\n---\nBody.", "a/b.MD").title == "T"
    assert read(b"---\ntitle: T\n---\nBody.", "b.markdown").title == "T"
    assert read(b"---\ntitle: T\n---\nBody.", "b.txt").title is None


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.xhtml"])
def test_html_by_its_suffix(name: str) -> None:
    assert read(HTML, name).text == "A page."


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a", "https://x.example/download?id=1"])
def test_a_pdf_is_a_pdf_whatever_its_name(name: str) -> None:
    extract = read(b"\n\n" + pdf([column("A page.")]), name, media_type="text/html")

    assert (extract.text, extract.pages) == ("A page.", (0,))


def test_a_mark_of_a_pdf_counts_where_it_can_be_one() -> None:
    whole = pdf([column("A page.")])

    assert read(b"junk in front\n" + whole, "a.pdf").text == "A page."
    assert read(b"junk\n" + whole, "a", media_type="application/pdf").text == "A page."
    assert read(b"A PDF begins with %PDF-1.7.", "a.txt").text == "A PDF begins with %PDF-1.7."


@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a"])
def test_a_word_file_is_one_whatever_its_name(name: str, docx: bytes) -> None:
    assert read(docx, name).text == "A document."


@pytest.mark.parametrize(
    ("name", "media_type", "text"),
    [
        ("https://x.example/", "text/html; charset=utf-8", "A page."),
        ("https://x.example/page.php", "text/html", "A page."),
        ("https://x.example/2024.07", None, "A page."),
        ("https://x.example/raw.md", "text/html", "A page."),
        ("https://x.example/raw.md", "text/plain", HTML.decode()),
        ("https://x.example/raw", "text/plain", HTML.decode()),
        ("page", "application/octet-stream", "A page."),
    ],
)
def test_a_declared_type_counts_where_the_name_tells_nothing(
    name: str, media_type: str | None, text: str
) -> None:
    assert read(HTML, name, media_type=media_type).text == text


def test_a_declared_charset_is_used() -> None:
    data = "Лидеры договорились.".encode("koi8-r")

    assert read(data, "a", media_type='text/plain; charset="KOI8-R"').text == "Лидеры договорились."


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.txt", "is empty"),
        (b" \r\n\t", "a.txt", "is empty"),
        (b"\xef\xbb\xbf \n", "a.txt", "holds no text"),
        (b"<html><script>x()</script></html>", "a.html", "holds no text"),
        (b"text", "a.xlsx", r"format that is not read \(.xlsx\). Convert it to one of .docx"),
        (b"text", "README", r"format that is not read \(no suffix\)"),
        (b"text", "a.pdf", "named or declared a .pdf"),
        (HTML, "a.docx", "named or declared a .docx"),
        (archive("xl/workbook.xml"), "a.docx", "named or declared a .docx"),
        (archive("content.opf"), "a.epub", "format that is not read"),
        (archive("word/document.xml"), "a.docx", "damaged or no Word document"),
        (b"PK\x03\x04word/document.xml", "a.docx", "damaged or no Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "old Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.docx", "old Office file"),
        (b"%PDF-1.7 and no more", "a.pdf", "damaged or no PDF"),
        (encrypted_pdf(), "a.pdf", "encrypted"),
        (scan(), "a.pdf", "no text layer.*OCR"),
        (bytes(range(256)) * 8, "a.txt", "is not text"),
        (b"a\0b\0c\0", "a.md", "binary data"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 99, "a.html", "binary data"),
    ],
)
def test_what_cannot_be_read_is_named_with_reason_and_remedy(
    data: bytes, name: str, message: str
) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        read(data, name)

    assert repr(name) in str(caught.value)
    assert str(caught.value).endswith(".")


def test_size_is_limited() -> None:
    assert read(b"word " * 20, "a.txt", max_bytes=100).text
    with pytest.raises(ReadError, match=r"'a.txt' has 101 bytes, more than the 100"):
        read(b"x" * 101, "a.txt", max_bytes=100)


def test_every_suffix_has_a_reader(docx: bytes) -> None:
    samples = {".pdf": pdf([column("Text.")]), ".docx": docx}
    for suffix in SUFFIXES:
        assert read(samples.get(suffix, b"Some text."), "a" + suffix).text


def test_importing_loads_no_reader_library() -> None:
    code = (
        "import sys, ingest.reading, ingest.sources, ingest.metadata\n"
        "heavy = {'trafilatura', 'lxml', 'docx', 'pypdfium2', 'httpx', 'yaml', 'babel'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
