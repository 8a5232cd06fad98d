"""Word: blocks in the order of the body, what is not text, notes, and broken packages."""

import datetime
import io
import random
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.docx import read_docx
from ingest.extract import Extract, ReadError

FOOTNOTES = f"""<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationNotice" w:id="0">
<w:p><w:r><w:t>Continued</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="1">
<w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>See the annual report.</w:t></w:r></w:p>
<w:p><w:r><w:t>Second line.</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def saved(document: WordDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(document: WordDocument) -> Extract:
    return read_docx(saved(document), "a.docx")


def blocks(extract: Extract) -> list[tuple[str, int, str]]:
    assert extract.blocks is not None
    return [(b.kind, b.level, extract.text[b.start : b.end]) for b in extract.blocks]


def with_paragraph(xml: str) -> Extract:
    """A document with one paragraph of this inner XML."""
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))
    return read(document)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_blocks_come_in_the_order_of_the_body() -> None:
    document = Document()
    document.add_heading("The summit", 0)
    document.add_heading("Pledges", 2)
    document.add_paragraph("Allies agreed:")
    document.add_paragraph("to spend more", style="List Bullet")
    document.add_paragraph("on industry", style="List Bullet 2")
    document.add_paragraph("first of all", style="List Number")
    table = document.add_table(2, 2)
    for row, values in zip(table.rows, (("Country", "Share"), ("Poland", "4.1%")), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.add_paragraph("We stand together.", style="Intense Quote")
    document.add_paragraph("")
    document.add_paragraph("The end.")

    extract = read(document)

    assert blocks(extract) == [
        ("heading", 1, "The summit"),
        ("heading", 2, "Pledges"),
        ("paragraph", 0, "Allies agreed:"),
        ("item", 0, "to spend more"),
        ("item", 1, "on industry"),
        ("item", 0, "first of all"),
        ("row", 0, "Country | Share"),
        ("row", 0, "Poland | 4.1%"),
        ("quotation", 0, "We stand together."),
        ("paragraph", 0, "The end."),
    ]
    assert extract.text == "\n\n".join(text for _, _, text in blocks(extract))


def test_numbering_and_outline_make_items_and_headings_in_any_style() -> None:
    def numbered(number: int, level: int) -> str:
        depth = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
        return f"<w:pPr><w:numPr>{depth}</w:numPr></w:pPr>"

    assert blocks(with_paragraph(numbered(4, 2) + run("deep"))) == [("item", 2, "deep")]
    style = '<w:pPr><w:pStyle w:val="ListBullet2"/>'
    both = numbered(4, 0).replace("<w:pPr>", style)
    assert blocks(with_paragraph(both + run("of both"))) == [("item", 1, "of both")]
    assert blocks(with_paragraph(numbered(0, 0) + run("out"))) == [("paragraph", 0, "out")]
    outline = '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>'
    assert blocks(with_paragraph(outline + run("Third"))) == [("heading", 3, "Third")]


def test_a_style_is_what_it_is_based_on() -> None:
    document = Document()
    own = document.styles.add_style("House heading", 1)
    own.base_style = document.styles["Heading 2"]
    document.add_paragraph("In house style", style=own)

    assert blocks(read(document)) == [("heading", 2, "In house style")]


def test_deleted_text_is_gone_and_inserted_text_is_there() -> None:
    extract = with_paragraph(
        run("Spending rose ")
        + '<w:del w:id="1" w:author="x"><w:r><w:delText>slowly</w:delText></w:r>'
        + "<w:r><w:noBreakHyphen/></w:r></w:del>"
        + f'<w:moveFrom w:id="2" w:author="x">{run("moved away")}</w:moveFrom>'
        + f'<w:ins w:id="3" w:author="x">{run("fast")}</w:ins>'
        + run(" secretly", "<w:vanish/>")
        + run(".", '<w:vanish w:val="0"/>')
    )

    assert extract.text == "Spending rose fast."


def test_links_fields_and_content_controls_keep_their_text() -> None:
    extract = with_paragraph(
        f'<w:hyperlink w:anchor="x">{run("The plan")}</w:hyperlink>'
        + f'<w:fldSimple w:instr="REF x">{run(" of 2024")}</w:fldSimple>'
        + f"<w:sdt><w:sdtContent>{run(' was agreed')}</w:sdtContent></w:sdt>"
        + "<w:r><w:noBreakHyphen/><w:t>ish</w:t><w:tab/><w:t>and</w:t><w:br/><w:t>kept.</w:t></w:r>"
    )

    assert extract.text == "The plan of 2024 was agreed-ish and\nkept."


def test_raised_digits_are_not_glued_to_the_word() -> None:
    up = '<w:vertAlign w:val="superscript"/>'
    extract = with_paragraph(
        run("It was lifted") + run("35", up) + run(" in the 20") + run("th", up)
    )

    assert extract.text == "It was lifted³⁵ in the 20th"


def test_notes_are_blocks_at_the_end_and_their_marks_not_in_the_text() -> None:
    document = Document()
    paragraph = document.add_paragraph("It was lifted")
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="1"/></w:r>'))
    paragraph.add_run(" again.")
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        FOOTNOTES.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    assert blocks(read(document)) == [
        ("paragraph", 0, "It was lifted again."),
        ("note", 0, "See the annual report.\nSecond line."),
    ]


def test_a_frame_of_one_cell_is_text_and_nested_tables_stay_in_their_row() -> None:
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "Framed text."
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "Left"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in", "side"
    document.add_table(2, 2)

    assert blocks(read(document)) == [
        ("paragraph", 0, "Framed text."),
        ("row", 0, "Left | in side"),
    ]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent><w:p>{run('In the box.')}</w:p></w:txbxContent>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    extract = with_paragraph(
        run("Around it.")
        + f"<w:r><mc:AlternateContent {space}><mc:Choice Requires='wps'>{box}</mc:Choice>"
        + f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )

    assert extract.text == "Around it.\n\nIn the box."


def test_the_generated_table_of_contents_is_left_out() -> None:
    document = Document()
    contents = document.styles.add_style("toc 1", 1)
    document.add_paragraph("Pledges\t3", style=contents)
    document.add_paragraph("Text.")

    assert blocks(read(document)) == [("paragraph", 0, "Text.")]


def test_core_properties_are_read_where_somebody_set_them() -> None:
    document = Document()
    document.add_paragraph("Text.")
    assert (read(document).title, read(document).date) == (None, None)

    document.core_properties.title = "Brief on\u00a0the summit"
    document.core_properties.created = datetime.datetime(2024, 10, 18, 23, 30)
    document.core_properties.language = "nl-NL"
    extract = read(document)

    assert (extract.title, extract.date, extract.language) == (
        "Brief on the summit",
        "2024-10-18",
        "nl",
    )


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The package with each part as `change` gives it; None leaves it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def small() -> bytes:
    document = Document()
    document.add_paragraph("Some text.", style="List Bullet")
    return saved(document)


@pytest.mark.parametrize(
    "part", ["word/document.xml", "[Content_Types].xml", "_rels/.rels", "word/styles.xml"]
)
def test_a_package_without_a_part_is_a_read_error_or_read_without(small: bytes, part: str) -> None:
    broken = repacked(small, lambda name, content: None if name == part else content)

    try:
        assert read_docx(broken, "a.docx").text == "Some text."
    except ReadError as error:
        assert "'a.docx' is damaged or no Word document" in str(error)


def test_damage_anywhere_is_a_read_error_or_none(small: bytes) -> None:
    chance = random.Random(2)
    for _ in range(60):
        victim = chance.choice(zipfile.ZipFile(io.BytesIO(small)).namelist())

        def damage(name: str, content: bytes, victim: str = victim) -> bytes:
            if name != victim or not content:
                return content
            at = chance.randrange(len(content))
            return content[:at] + chance.randbytes(3) + content[at + chance.randrange(40) :]

        for data in (repacked(small, damage), small[: chance.randrange(len(small))]):
            try:
                read_docx(data, "a.docx")
            except ReadError as error:
                assert "'a.docx'" in str(error)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(small: bytes) -> None:
    huge = b"<!--" + b" " * (70 * 2**20) + b"-->"
    bomb = repacked(small, lambda name, c: c + huge if name == "word/document.xml" else c)

    assert len(bomb) < 2**20
    with pytest.raises(ReadError, match=r"'a.docx' unpacks to 7\d,\d+,\d+ bytes"):
        read_docx(bomb, "a.docx")


def test_entities_are_not_expanded(small: bytes) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">'
    outside = b'<!ENTITY c SYSTEM "file:///etc/hostname">]>'

    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        start = content.index(b"?>") + 2
        text = content[start:].replace(b"Some text.", b"Some &b; &c; text.")
        return content[:start] + bomb + outside + text

    try:
        text = read_docx(repacked(small, change), "a.docx").text
    except ReadError:
        return
    assert "aaa" not in text
    assert text.startswith("Some")
    assert len(text) < 20
