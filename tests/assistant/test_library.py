import pytest
from page_samples import HOSTILE, KNOWN_ATTRIBUTES, KNOWN_TAGS, Page

from assistant import library
from assistant.adding import Addition
from assistant.removing import Removed
from ingest.reading import SUFFIXES
from ingest.sync import Outcome
from vectorstore import Entry

TAGS = KNOWN_TAGS | {"input", "form", "label", "dialog", "progress"}
ATTRIBUTES = KNOWN_ATTRIBUTES | {
    *("tabindex", "data-read", "data-only", "data-doubt", "data-sure", "data-keep", "autofocus"),
    *("aria-pressed", "aria-labelledby", "aria-controls", "aria-selected", "data-tab", "hidden"),
    *("data-limit", "data-choose", "data-chat", "multiple", "accept", "for", "required", "value"),
    *("placeholder", "autocomplete", "data-finished", "max"),
}


def entry(id="d1", **changes):
    fields = {
        "sources": ("rail.md",),
        "title": "Northport communiqué",
        "date": "2021-05-04",
        "publisher": "Secretariat",
        "language": "nl",
        "url": None,
        "passages": 1_200,
        "added": "2024-07-10T09:30:05Z",
    }
    return Entry(id, **{**fields, **changes})


def of_data(page, name):
    return [at for _, at, _ in page.elements if f"data-{name}" in at]


def test_every_document_is_listed_with_what_is_known_of_it():
    page = Page(library.documents([entry()]))
    (item,) = [text for tag, _, text in page.elements if tag == "li"]
    assert "Northport communiqué" in item
    for fact in ("4 May 2021", "Dutch", "Secretariat", "rail.md", "1,200 passages"):
        assert fact in item
    assert "added 10 July 2024" in item
    bare = Page(library.documents([entry(date=None, publisher=None, title="", passages=1)]))
    assert "rail.md" in bare.of_class("read")[0][2]
    assert "no date · Dutch · rail.md · 1 passage · added" in bare.of_class("documents")[0][2]


def test_documents_are_in_the_order_of_their_titles_and_counted():
    entries = [
        entry(str(n), title=title)
        for n, title in enumerate(("note 10", "b", "A", "ç", "«Note 9»", "C2"))
    ]
    page = Page(library.documents(entries))
    assert [text for _, _, text in page.of_class("read")] == [
        "A",
        "b",
        "ç",
        "C2",
        "«Note 9»",
        "note 10",
    ]
    assert page.of_class("label")[0][2] == "6 documents"
    assert Page(library.documents([entry()])).of_class("label")[0][2] == "1 document"
    assert Page(library.documents([])).of_class("label")[0][2] == "No documents yet"


def test_each_can_be_read_asked_alone_and_removed_by_a_button_that_names_it():
    page = Page(
        library.documents([entry("d1"), entry("d2", title="Z")], only=["d2"], removable=True)
    )
    assert [at["data-read"] for at in of_data(page, "read")] == ["d1", "d2"]
    only = of_data(page, "only")
    assert [(at["data-only"], at["aria-pressed"]) for at in only] == [
        ("d1", "false"),
        ("d2", "true"),
    ]
    assert only[0]["aria-label"] == "Ask only Northport communiqué"
    doubt = of_data(page, "doubt")
    assert [at["aria-label"] for at in doubt] == ["Remove Northport communiqué", "Remove Z"]
    assert [tag for tag, _, _ in page.elements].count("dialog") == 1
    fixed = Page(library.documents([entry()]))
    assert of_data(fixed, "doubt") == [] and "dialog" not in [t for t, _, _ in fixed.elements]


def test_one_tab_is_chosen():
    for documents, chosen in ((True, "documents"), (False, "source")):
        page = Page(library.tabs(documents=documents))
        tabs = [at for _, at, _ in page.elements if at.get("role") == "tab"]
        assert [at["data-tab"] for at in tabs] == ["source", "documents"]
        assert [at["data-tab"] for at in tabs if at["aria-selected"] == "true"] == [chosen]


def test_what_ingest_reads_can_be_chosen_and_the_limit_is_said():
    page = Page(library.tools(max_bytes=50 * 2**20, opened=True))
    (chooser,) = [at for _, at, _ in page.elements if at.get("type") == "file"]
    assert set(chooser["accept"].split(",")) == SUFFIXES
    assert "multiple" in chooser
    (adder,) = page.of_class("adder")
    assert "50 MB each" in adder[2]
    assert adder[1]["data-limit"] == "52428800" and "open" in adder[1]
    labels = {at["for"] for _, at, _ in page.elements if "for" in at}
    assert labels == {at["id"] for tag, at, _ in page.elements if tag == "input" and "id" in at}
    closed = Page(library.tools(max_bytes=1, opened=False))
    assert "open" not in closed.of_class("adder")[0][1]
    only_finding = Page(library.tools(max_bytes=None, opened=True))
    assert only_finding.of_class("finder") and not only_finding.of_class("adder")


def states(*outcomes, waiting=(), reading=()):
    return [
        *(Addition("x", outcome.name, True, outcome) for outcome in outcomes),
        *(Addition("x", name, True) for name in reading),
        *(Addition("x", name) for name in waiting),
    ]


def told(given):
    page = Page(library.additions(given))
    (status,) = [e for e in page.elements if e[1].get("role") == "status"]
    return page, status


def test_progress_says_which_of_how_many_is_read():
    done = Outcome("a.txt", "added", 3)
    page, status = told(states(done, reading=["letter.pdf"], waiting=["c", "d", "e"]))
    assert status[2].startswith("2 of 5: reading letter.pdf…")
    assert "a.txt: added, 3 passages" in status[2]
    (bar,) = [at for tag, at, _ in page.elements if tag == "progress"]
    assert (bar["value"], bar["max"]) == ("1", "5")
    assert "data-finished" not in status[1]
    _, waiting = told(states(waiting=["a"]))
    assert "1 of 1: waiting for its turn" in waiting[2]


def test_the_end_says_what_became_of_each():
    page, status = told(
        states(
            Outcome("a.txt", "added", 3),
            Outcome("b.txt", "failed", reason="'b.txt' is <empty>."),
            Outcome("c.txt", "same content", reason="a.txt"),
            Outcome("d.txt", "unchanged"),
            Outcome("e.txt", "changed", 1),
        )
    )
    assert (
        "Done: 1 added, 1 read anew, 1 already here, 1 already here under another name, 1 not"
        in (status[2])
    )
    items = [text for tag, _, text in page.elements if tag == "li"]
    assert items == [
        "a.txt: added, 3 passages",
        "'b.txt' is <empty>.",
        "c.txt: its text is already here as a.txt",
        "d.txt: already here, nothing has changed",
        "e.txt: read anew, 1 passage",
    ]
    assert [text for _, _, text in page.of_class("problem")] == ["'b.txt' is <empty>."]
    assert "data-finished" in status[1]
    assert "data-finished" in told([])[1][1]


def test_what_was_removed_is_named_and_whether_it_comes_back():
    gone = Page(library.removed(Removed("Rail", ("a.md", "b.md"), ()))).elements[0]
    assert "Removed “Rail” (a.md, b.md)" in gone[2] and "summit ingest" not in gone[2]
    back = Page(library.removed(Removed("Rail", ("a.md",), ("/docs/in",)))).elements[0]
    assert "still in /docs/in: the next summit ingest" in back[2]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_becomes_more_than_text(text):
    spiteful = entry(text, title=text, sources=(text,), publisher=text, language=text, date=text)
    failed = Outcome(text, "failed", reason=text)
    for html in (
        library.documents([spiteful], only=[text], removable=True),
        library.additions(states(failed, Outcome(text, "same content", reason=text))),
        library.additions(states(reading=[text])),
        library.removed(Removed(text, (text,), (text,))),
        library.failed(text),
        library.tabs(documents=True) + library.tools(max_bytes=1, opened=True),
    ):
        page = Page(f"<div>{html}</div>")
        assert {tag for tag, _, _ in page.elements} <= TAGS
        assert {name for _, at, _ in page.elements for name in at} <= ATTRIBUTES


def test_a_list_of_400_is_not_heavy():
    assert len(library.documents([entry(str(n)) for n in range(400)], removable=True)) < 400_000
