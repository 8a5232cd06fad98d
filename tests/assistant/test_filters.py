import pytest
from page_samples import HOSTILE, KNOWN_ATTRIBUTES, KNOWN_TAGS, Page
from test_library import entry, of_data

from assistant import filters
from assistant.narrowing import Limit
from vectorstore import Filter

TAGS = KNOWN_TAGS | {"input", "form", "label", "fieldset", "legend"}
ATTRIBUTES = KNOWN_ATTRIBUTES | {
    *("data-lift", "data-value", "data-unlimited", "data-library", "name", "value", "checked"),
    "aria-hidden",
}
DUTCH = Limit("language", "nl", "Language: Dutch")


def test_each_limit_is_a_chip_that_removes_it():
    page = Page(
        filters.chips(
            [DUTCH, Limit("from", "2024-01-01", "From 1 January 2024")], within=3, of=1400
        )
    )
    assert [
        (at["data-lift"], at["data-value"], at["aria-label"]) for at in of_data(page, "lift")
    ] == [
        ("language", "nl", "Remove the filter Language: Dutch"),
        ("from", "2024-01-01", "Remove the filter From 1 January 2024"),
    ]
    assert len(of_data(page, "unlimited")) == 1
    assert "Asking 3 of 1,400 documents" in page.elements[0][2]
    assert page.of_class("problem") == []
    assert filters.chips([], within=5, of=5) == ""


def test_a_filter_that_leaves_nothing_says_so():
    page = Page(filters.chips([DUTCH], within=0, of=1))
    assert page.of_class("problem")[0][2] == "No document is within these filters"


def boxes(page, name):
    return [(at["value"], "checked" in at) for _, at, _ in page.elements if at.get("name") == name]


def test_the_form_offers_what_there_is_and_shows_what_is_chosen():
    entries = [
        entry("a", language="nl", publisher="NATO"),
        entry("b", language="en", publisher="G7"),
        entry("c", language="en", publisher=None),
    ]
    chosen = Filter(languages=("en",), publishers=("Gone",), date_from="2024-01-02")
    page = Page(filters.form(entries, chosen))
    assert boxes(page, "language") == [("nl", False), ("en", True)]
    assert boxes(page, "publisher") == [("G7", False), ("Gone", True), ("NATO", False)]
    labels = [text for tag, _, text in page.elements if tag == "label"]
    assert labels[:2] == [" Dutch 1", " English 2"]
    dates = {at["name"]: at["value"] for _, at, _ in page.elements if at.get("type") == "date"}
    assert dates == {"from": "2024-01-02", "to": ""}
    assert filters.form([], Filter()) == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_becomes_more_than_text(text):
    limit = Limit("publisher", text, f"Publisher: {text}")
    spiteful = entry(text, publisher=text, language=text)
    chosen = Filter(languages=(text,), publishers=(text,), date_from=text, date_to=text)
    for html in (
        filters.chips([limit], within=1, of=2),
        filters.form([spiteful], chosen),
    ):
        page = Page(f"<div>{html}</div>")
        assert {tag for tag, _, _ in page.elements} <= TAGS
        assert {name for _, at, _ in page.elements for name in at} <= ATTRIBUTES
    (chip,) = of_data(Page(filters.chips([limit], within=1, of=2)), "lift")
    assert chip["data-value"] == text
