"""Elements in order become pieces: kinds, levels, rows, and what belongs together."""

from html.parser import HTMLParser

import pytest

from ingest.markup import Gatherer


class Feeder(HTMLParser):
    """Feeds well-formed HTML to a Gatherer, with the standard library's parser."""

    def __init__(self) -> None:
        super().__init__()
        self.gatherer = Gatherer()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.gatherer.begin(tag, note="note" in names, layout="layout" in names)
        if tag == "br":
            self.gatherer.finish(tag)

    def handle_data(self, data: str) -> None:
        self.gatherer.text(data)

    def handle_endtag(self, tag: str) -> None:
        self.gatherer.finish(tag)


def pieces(html: str) -> list[tuple[str, int, str]]:
    feeder = Feeder()
    feeder.feed(html)
    feeder.close()
    return [(piece.kind, piece.level, piece.text) for piece in feeder.gatherer.pieces()]


def test_blocks_end_paragraphs_and_inline_elements_do_not() -> None:
    assert pieces("<div>Loose <b>bold</b>\n text<p>One.</p>after<section>Two</section></div>") == [
        ("paragraph", 0, "Loose bold text"),
        ("paragraph", 0, "One."),
        ("paragraph", 0, "after"),
        ("paragraph", 0, "Two"),
    ]


def test_headings_have_their_level_even_among_notes() -> None:
    assert pieces("<div note><h3>Notes</h3><p>1. See there.</p></div><h6>Deep</h6>") == [
        ("heading", 3, "Notes"),
        ("note", 0, "1. See there."),
        ("heading", 6, "Deep"),
    ]


def test_items_have_their_depth_and_keep_their_paragraphs_together() -> None:
    html = (
        "<ul><li><p>One,</p><p>of two parts</p></li>"
        "<li>Two:<ol><li>inner</li></ol>and its end</li></ul><li>loose</li>"
    )
    assert pieces(html) == [
        ("item", 0, "One,\nof two parts"),
        ("item", 0, "Two:"),
        ("item", 1, "inner"),
        ("item", 0, "and its end"),
        ("item", 0, "loose"),
    ]


def test_a_term_and_its_descriptions_are_one_item() -> None:
    html = (
        "<dl><dt>NSATU</dt><dd>A command.</dd><dd>In Wiesbaden.</dd>"
        "<dt>DIANA</dt><dd>Funds.</dd></dl>"
    )
    assert pieces(html) == [
        ("item", 0, "NSATU\nA command.\nIn Wiesbaden."),
        ("item", 0, "DIANA\nFunds."),
    ]


def test_a_quotation_and_who_said_it() -> None:
    html = "<blockquote><p>We stand.</p><p>Together.</p><footer>— The chair</footer></blockquote>"
    assert pieces(html) == [
        ("quotation", 0, "We stand."),
        ("quotation", 0, "Together."),
        ("paragraph", 0, "— The chair"),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("<td>Poland</td><td>4.1%</td>", ("row", 0, "Poland | 4.1%")),
        ("<th></th><th>2023</th><th>2024</th>", ("row", 0, "| 2023 | 2024")),
        ("<td>a</td><td></td><td>c</td>", ("row", 0, "a | | c")),
        ("<td><p>a</p><p>b</p></td><td>c<br>d</td>", ("row", 0, "a b | c d")),
        ("<td>Spending</td><td></td>", ("paragraph", 0, "Spending")),
    ],
)
def test_rows(row: str, expected: tuple[str, int, str]) -> None:
    assert pieces(f"<table><tr>{row}</tr><tr><td></td></tr></table>") == [expected]


def test_a_row_that_places_parts_of_a_page_is_no_row() -> None:
    inner = "<table><tr><td>a</td><td>b</td></tr></table>"
    html = f"<tr layout><td><h1>Left</h1></td><td>{inner}</td></tr>"
    assert pieces(html) == [("heading", 1, "Left"), ("row", 0, "a | b")]


def test_breaks_are_kept_and_two_end_the_paragraph() -> None:
    assert pieces("<p>one<br>two<br> <br>three</p>") == [
        ("paragraph", 0, "one\ntwo"),
        ("paragraph", 0, "three"),
    ]
    assert pieces("<pre>a  b\n c\n\nd</pre>") == [("paragraph", 0, "a b\nc"), ("paragraph", 0, "d")]


def test_raised_digits_are_superscripts() -> None:
    assert pieces("<p>lifted<sup><a>35</a></sup>, 10<sup>-6</sup>, the 20<sup>th</sup></p>") == [
        ("paragraph", 0, "lifted³⁵, 10⁻⁶, the 20th")
    ]


@pytest.mark.parametrize(
    "stray", ["</sup>", "</tr>", "</td></tr>", "<sup><p>", "<tr></tr>", "<td>"]
)
def test_strays_do_no_harm(stray: str) -> None:
    gatherer = Gatherer()
    gatherer.begin("p")
    gatherer.text("before ")
    for part in stray.split("<")[1:]:
        name = part.strip("/>")
        if not part.startswith("/"):
            gatherer.begin(name)
        elif name == "sup":
            gatherer.finish(name)
    gatherer.text("after")
    assert " ".join(piece.text for piece in gatherer.pieces()).split() == ["before", "after"]
