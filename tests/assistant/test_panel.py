import pytest
from page_samples import HOSTILE, KNOWN_ATTRIBUTES, KNOWN_TAGS, Page, citation

from assistant import panel
from assistant.exchange import Place
from vectorstore import Document

TEXT = "Head 1\n\nAllies pledged 2%.\r\nPage 2\nMore  words <here>.\n"
FIRST = Place(0, "c", 1)
QUOTE = "Allies pledged 2%.\r\nPage 2\nMore  words"


def document(text=TEXT, **changes):
    fields = {
        "id": "d1",
        "sources": ("a.pdf",),
        "title": "Declaration",
        "date": "2024-07-10",
        "publisher": "NATO",
        "language": "nl",
        "url": "https://example.org/a?b=1&c=2",
        "pages": (0, text.find("Page 2")),
        "text": text,
        "furniture": (
            (0, 6, "page header"),
            (text.find("Page 2"), text.find("More"), "page number"),
        ),
    }
    return Document(**{**fields, **changes})


def shown(of, quote=QUOTE, *, place=FIRST, count=1):
    start = of.text.find(quote)
    cited = citation(1, start=start, end=start + len(quote), quote=quote)
    return Page(panel.source(of, place, (cited,) * count))


def marked(page):
    return [text for tag, at, text in page.elements if tag == "mark" and at["id"] == "cited"]


def test_the_mark_holds_exactly_the_quote_and_the_rest_is_around_it():
    page = shown(document())
    assert marked(page) == [QUOTE]
    assert [text for _, _, text in page.of_class("text")] == [TEXT]


def test_furniture_is_set_apart_outside_and_inside_the_quote():
    page = shown(document())
    assert [(at["title"], text) for _, at, text in page.of_class("furniture")] == [
        ("page header", "Head 1"),
        ("page number", "Page 2\n"),
    ]


def test_every_piece_of_furniture_is_set_apart():
    of = document(furniture=((0, 4, "a"), (5, 6, "b"), (8, 14, "c")), pages=())
    page = shown(of, "pledged")
    assert [text for _, _, text in page.of_class("furniture")] == ["Head", "1", "Allies"]


@pytest.mark.parametrize("start", range(0, len(TEXT), 3))
@pytest.mark.parametrize("length", [1, 7, 30])
def test_every_range_is_marked_exactly(start, length):
    of = document(furniture=((3, 9, "a"), (9, 12, "b"), (20, 30, "c")), pages=(0, 5, 5, 40))
    quote = TEXT[start : start + length]
    cited = citation(1, start=start, end=start + len(quote), quote=quote)
    page = Page(panel.source(of, FIRST, (cited,)))
    assert marked(page) == [quote]
    assert page.of_class("text")[0][2] == TEXT


def test_pages_are_numbered_without_adding_to_the_text():
    page = shown(document())
    assert [at["data-page"] for _, at, _ in page.of_class("page")] == ["Page 1", "Page 2"]
    assert [text for _, _, text in page.of_class("page")] == ["", ""]


def test_the_facts_of_the_document_are_told():
    page = shown(document())
    facts = page.of_class("facts")[0][2]
    for fact in ("10 July 2024", "NATO", "Page3", "a.pdf", "https://example.org/a?b=1&c=2"):
        assert fact in facts
    (href,) = [at["href"] for tag, at, _ in page.elements if tag == "a"]
    # the rest leads to the cited words
    assert href.partition("#:~:text=")[0] == "https://example.org/a?b=1&c=2"
    assert page.of_class("text")[0][1]["lang"] == "nl"


def test_what_is_not_known_is_left_out():
    page = shown(document(date=None, publisher=None, url=None))
    facts = page.of_class("facts")[0][2]
    assert "Date" not in facts and "Publisher" not in facts and "Published" not in facts


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "//x.org"]
)
def test_only_web_addresses_are_links(url):
    page = shown(document(url=url))
    assert [tag for tag, _, _ in page.elements if tag == "a"] == []
    assert url in page.of_class("facts")[0][2]


@pytest.mark.parametrize(
    ("number", "to"), [(1, [None, "2-c2"]), (2, ["2-c1", "2-c3"]), (3, ["2-c2", None])]
)
def test_previous_and_next_lead_through_the_citations(number, to):
    page = shown(document(), place=Place(2, "c", number), count=3)
    buttons = [at for tag, at, _ in page.elements if tag == "button"]
    assert [at.get("data-open") for at in buttons[:2]] == to
    assert [at.get("aria-disabled") for at in buttons[:2]] == [
        None if place else "true" for place in to
    ]
    assert f"Source {number} of 3" in [text for tag, _, text in page.elements if tag == "p"]


def test_a_nearest_passage_is_not_called_a_source():
    page = shown(document(), place=Place(0, "n", 1))
    assert "Nearest passage 1 of 1" in [text for tag, _, text in page.elements if tag == "p"]


def test_words_that_are_no_longer_there_are_not_highlighted():
    cited = citation(1, start=0, end=18)
    page = Page(panel.source(document(), FIRST, (cited,)))
    assert marked(page) == []
    assert "Allies pledged 2%." in page.of_class("problem")[0][2]


def test_of_a_very_long_document_the_surroundings_are_shown():
    text = "a" * 10_000_000 + "The quote." + "b" * 300_000
    page = shown(document(text, furniture=(), pages=()), "The quote.")
    assert marked(page) == ["The quote."]
    assert page.of_class("text")[0][2] == "a" * 200_000 + "The quote." + "b" * 200_000
    assert [text for _, _, text in page.of_class("hint")] == [
        "9,800,000 characters before this are not shown.",
        "100,000 characters after this are not shown.",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_becomes_more_than_text(text):
    of = document(
        f"Before. {text} After.",
        title=text,
        date=text,
        publisher=text,
        language=text,
        sources=(text,),
        url=text,
        pages=(0,),
        furniture=((0, 5, text),),
    )
    page = shown(of, text)
    extra = {"mark", "dl", "dt", "dd"}
    assert {tag for tag, _, _ in page.elements} <= KNOWN_TAGS | extra
    names = {name for _, at, _ in page.elements for name in at}
    assert names <= KNOWN_ATTRIBUTES | {
        *("title", "tabindex", "data-page", "data-showing", "data-back", "aria-disabled"),
    }
    assert marked(page) == [text]


def test_a_whole_document_is_read_without_a_citation():
    page = Page(panel.whole(document()))
    assert [text for _, _, text in page.of_class("text")] == [TEXT]
    assert marked(page) == []
    assert page.of_class("document")[0][2].count("Declaration") == 1
    facts = page.of_class("facts")[0][2]
    for fact in ("10 July 2024", "NATO", "a.pdf", "https://example.org/a?b=1&c=2"):
        assert fact in facts
    (link,) = [at["href"] for tag, at, _ in page.elements if tag == "a"]
    assert link == "https://example.org/a?b=1&c=2"
    (back,) = [at for _, at, _ in page.elements if "data-library" in at]
    assert back["data-library"] == "d1"


def test_of_a_very_long_document_the_beginning_is_read():
    page = Page(panel.whole(document("a" * 500_000, pages=(), furniture=())))
    assert len(page.of_class("text")[0][2]) == 400_000
    assert page.of_class("hint")[0][2] == "100,000 characters after this are not shown."


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_document_that_is_read_is_only_text(text):
    spiteful = document(
        text, id=text, title=text, sources=(text,), publisher=text, url=text, language=text,
        date=text, pages=(0,), furniture=((0, 2, text),),
    )  # fmt: skip
    page = Page(panel.whole(spiteful))
    assert page.of_class("text")[0][2] == text
    assert {tag for tag, _, _ in page.elements} <= KNOWN_TAGS | {"dl", "dt", "dd"}
    assert not any(tag == "a" for tag, _, _ in page.elements)
