"""Web pages: the article whole and in blocks, nothing from around it, hostile pages."""

from collections.abc import Callable

import pytest
from growth import grows_like_its_length

from ingest.extract import Extract, ReadError
from ingest.html import read_html

LONG = "The leaders met for two days, heard their ministers and agreed on what to do next. " * 6

ARTICLE = f"""
<h1>Allies agree new plan</h1>
<p>{LONG}</p>
<h2>What was decided</h2>
<p>The plan has <a href="/x">three parts</a>, which ministers will review every year:</p>
<ul><li>Spend 40 billion euros.</li>
<li>Establish a command, with:<ul><li>700 personnel;</li><li>a general.</li></ul></li>
<li><p>Improve <strong>air defence</strong>.</p></li></ul>
<blockquote><p>This is a clear signal.</p></blockquote>
<h3>Numbers</h3>
<table><thead><tr><th>Country</th><th>2023</th></tr></thead>
<tbody><tr><td>Poland</td><td>3.9%</td></tr></tbody></table>
<p>It was lifted<sup>35</sup>, they said.</p>
"""

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Allies agree | The Gazette</title>
<meta property="og:title" content="Allies agree new plan">
<meta property="og:site_name" content="The Gazette">
<meta property="article:published_time" content="2024-07-11T09:30:00+02:00">
<link rel="canonical" href="https://www.gazette.example/2024/plan">
<script>var a = "script text";</script><style>.style-text {}</style></head><body>
<nav><ul><li><a href="/">Home page</a></li><li><a href="/about">About us</a></li></ul></nav>
<div id="cookie-banner" class="cookie-consent"><p>We use cookies. Accept all?</p></div>
<header><p>Site header</p></header>
<BODY>
<div class="newsletter-signup"><h3>Our newsletter</h3><p>Stories in your inbox.</p></div>
<section id="comments" class="comments"><p>I disagree, says a reader.</p>
<form id="commentform"><label>Leave a Reply</label><textarea></textarea></form></section>
<aside class="related"><ul><li><a href="/1">Another story</a></li></ul></aside>
<footer><p>© 2024 The Gazette. <a href="/privacy">Privacy policy</a></p></footer>
</body></html>"""

AROUND = (
    "script text",
    "style-text",
    "Home page",
    "About us",
    "cookies",
    "Site header",
    "newsletter",
    "inbox",
    "disagree",
    "Leave a Reply",
    "Another story",
    "Privacy",
)

BLOCKS = [
    ("heading", 1, "Allies agree new plan"),
    ("paragraph", 0, LONG.strip()),
    ("heading", 2, "What was decided"),
    ("paragraph", 0, "The plan has three parts, which ministers will review every year:"),
    ("item", 0, "Spend 40 billion euros."),
    ("item", 0, "Establish a command, with:"),
    ("item", 1, "700 personnel;"),
    ("item", 1, "a general."),
    ("item", 0, "Improve air defence."),
    ("quotation", 0, "This is a clear signal."),
    ("heading", 3, "Numbers"),
    ("row", 0, "Country | 2023"),
    ("row", 0, "Poland | 3.9%"),
    ("paragraph", 0, "It was lifted³⁵, they said."),
]


def page(body: str) -> bytes:
    return PAGE.replace("<BODY>", body).encode()


def blocks(extract: Extract) -> list[tuple[str, int, str]]:
    assert extract.blocks is not None
    return [(b.kind, b.level, extract.text[b.start : b.end]) for b in extract.blocks]


@pytest.mark.parametrize(
    "around",
    [
        "<main><article>{}</article></main>",
        "<article>{}</article>",
        '<div class="entry-content">{}</div>',
        '<div id="content"><div>{}</div></div>',
    ],
)
def test_an_article_is_whole_and_nothing_around_it_comes_along(around: str) -> None:
    extract = read_html(page(around.format(ARTICLE)), "a.html")

    assert blocks(extract) == BLOCKS
    assert extract.text == "\n\n".join(text for _, _, text in BLOCKS)
    assert not [words for words in AROUND if words in extract.text]


def test_a_document_without_a_page_around_it_is_read_as_it_is() -> None:
    html = f"<html><head><title>T</title></head><body>{ARTICLE}</body></html>"

    assert blocks(read_html(html.encode(), "a.html")) == BLOCKS


@pytest.mark.parametrize("around", ["<main>{}</main>", "<article>{}</article>", "<div>{}</div>"])
def test_a_short_article_keeps_its_blocks(around: str) -> None:
    short = "<h1>Top van Madrid</h1><p>Kort.</p><ul><li>Een</li><li>Twee</li></ul>"
    extract = read_html(page(around.format(short)), "a.html")

    assert blocks(extract) == [
        ("heading", 1, "Top van Madrid"),
        ("paragraph", 0, "Kort."),
        ("item", 0, "Een"),
        ("item", 0, "Twee"),
    ]


def test_metadata() -> None:
    extract = read_html(page(f"<article>{ARTICLE}</article>"), "a.html")

    assert extract.title == "Allies agree new plan"
    assert extract.date == "2024-07-11"
    assert extract.publisher == "The Gazette"
    assert extract.language == "en"
    assert extract.url == "https://www.gazette.example/2024/plan"
    assert extract.pages == ()


def test_metadata_that_is_not_there_is_none() -> None:
    extract = read_html(b"<p>Some words that stand alone.</p>", "a.html")

    assert (extract.title, extract.date, extract.publisher) == (None, None, None)
    assert (extract.language, extract.url) == (None, None)


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ('<html xml:lang="nl"><head>', "nl"),
        ('<html><head><meta http-equiv="Content-Language" content="fr">', "fr"),
        ('<html><head><meta property="og:locale" content="de_DE">', "de"),
    ],
)
def test_other_ways_to_state_the_language(head: str, language: str) -> None:
    extract = read_html(f"{head}</head><body><p>Text.</p></body></html>".encode(), "a.html")

    assert extract.language == language


def test_hidden_deleted_and_noted_text() -> None:
    html = (
        "<body><p>Kept <del>deleted</del> text.</p><p hidden>no</p><p style='display: none'>no</p>"
        "<p aria-hidden='true'>no</p><noscript>no</noscript>"
        "<figure><blockquote>We stand.</blockquote><figcaption>The chair</figcaption></figure>"
        "<figure><img src='x' alt='no'><figcaption>A photo.</figcaption></figure>"
        "<section id='recommendations'><p>Do more.</p></section>"
        "<section class='footnotes'><ol><li>See there.</li></ol></section></body>"
    )

    assert blocks(read_html(html.encode(), "a.html")) == [
        ("paragraph", 0, "Kept text."),
        ("quotation", 0, "We stand."),
        ("paragraph", 0, "The chair"),
        ("note", 0, "A photo."),
        ("paragraph", 0, "Do more."),
        ("note", 0, "See there."),
    ]


def test_what_holds_the_text_stays_whatever_it_is_called() -> None:
    html = (
        f"<body class='has-sidebar'><form><div class='with-sidebar'>{ARTICLE}</div></form>"
        f"<script>{'var a; ' * 1000}</script></body>"
    )

    assert "Poland | 3.9%" in read_html(html.encode(), "a.html").text
    assert "700 personnel;" in read_html(html.encode(), "a.html").text


@pytest.mark.parametrize(
    ("declaration", "encoding", "charset"),
    [
        ('<meta charset="windows-1251">', "cp1251", None),
        ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r", None),
        ('<meta charset="utf-8">', "cp1251", "windows-1251"),
        ('<meta charset="iso-8859-1">', "utf-8", None),
        ("", "utf-16", None),
    ],
)
def test_encodings(declaration: str, encoding: str, charset: str | None) -> None:
    words = "Лидеры стран договорились."
    data = f"<html><head>{declaration}</head><body><p>{words}</p></body></html>".encode(encoding)

    assert read_html(data, "a.html", charset=charset).text == words


def test_an_xhtml_declaration_does_no_harm() -> None:
    data = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        "<body><p>Été.</p></body></html>"
    ).encode()

    assert read_html(data, "a.html").text == "Été."


@pytest.mark.parametrize("data", [b"", b" \n", b"<!-- nothing -->"])
def test_an_empty_page_says_so(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"'a.html' has no text"):
        read_html(data, "a.html")


@pytest.mark.parametrize(
    "data",
    [
        b"<div>" * 100_000 + b"x" + b"</div>" * 100_000,
        b"<b>" * 100_000 + b"x",
        b'<p title="' + b"x" * 12_000_000 + b'">Text</p>',
    ],
)
def test_a_page_beyond_the_parser_is_refused_and_not_cut_short(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"'a.html' goes beyond what the HTML parser reads"):
        read_html(data, "a.html")


@pytest.mark.parametrize(
    ("body_of", "times"),
    [
        (lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n)) + ">In.</p><p>Text.</p>", 100_000),
        (lambda n: "<p " + " ".join(f'a{i}=""' for i in range(n)) + ">In.</p><p>Text.</p>", 50_000),
        (lambda n: "<nav></nav>" + "<div><div>in</div>out</div>" * n + "<p>Text.</p>", 10_000),
        (lambda n: "<div class='sidebar'>" * n + "<p>Text.</p>" + "</div>" * n, 200),
        (lambda n: "<table><tr><td>" * n + "<p>Text.</p>" + "</td></tr></table>" * n, 80),
        (lambda n: "<p>Text.</p>" + "<" * n, 200_000),
        (lambda n: "<p>Text.</p><a b c" + "&" * n, 200_000),
    ],
)
def test_hostile_pages_cost_little_time(body_of: Callable[[int], str], times: int) -> None:
    def text(page: str) -> str:
        return read_html(f"<html><body>{page}</body></html>".encode(), "a.html").text

    assert "Text." in text(body_of(times))
    assert grows_like_its_length(text, body_of, times)
