"""What is marked as not the document's own words, and what is not."""

from itertools import pairwise

import pytest
from core_samples import LONG, marked
from growth import grows_like_its_length

from ingest.furniture import find_furniture
from ingest.lines import split_lines

PAGE = (
    "RIVER PACT - DRAFT 3\n{page}_scan.png\nThe wardens of page {word} agreed on the dyke and\n"
    "on the harbour of {word}, which lies to the north.\n{more}\n{page}\n"
)
WORDS = ("willow", "alder", "poplar", "birch")


def paged() -> tuple[str, tuple[int, ...]]:
    """A text of four pages with header, image name and page number, and where they start."""
    text, starts = "", []
    for page, word in enumerate(WORDS, start=1):
        starts.append(len(text))
        more = "\n".join(f"Line {n} of {word} speaks of {word} trees and" for n in "abcdefghijkl")
        text += PAGE.format(page=page, word=word, more=more)
    return text, tuple(starts)


@pytest.mark.parametrize("with_pages", [True, False])
def test_headers_page_numbers_and_image_names(with_pages: bool) -> None:
    text, starts = paged()
    found = marked(text, pages=starts if with_pages else ())
    assert found["RIVER PACT - DRAFT 3"] == "running header or footer"
    assert found["2_scan.png"] == "image"
    assert found["1"] == found["2"] == found["4"] == "page number"
    assert len(found) == 1 + 4 + 4
    marks = find_furniture(split_lines(text, starts), text, pages=starts if with_pages else ())
    assert len(marks) == 3 * 4


def test_headers_that_differ_by_their_page_number() -> None:
    text, starts = paged()
    for page in range(1, 5):
        text = text.replace("DRAFT 3", f"SHEET {page}", 1)
    headers = [words for words, kind in marked(text, pages=starts).items() if "running" in kind]
    assert headers == [f"RIVER PACT - SHEET {page}" for page in range(1, 5)]


@pytest.mark.parametrize(
    "number",
    ["7", "- 7 -", "Page 7", "page 7 of 12", "7 / 12", "Pagina 7 van 12", "Seite 7", "p. 7"],
)
def test_forms_of_page_numbers(number: str) -> None:
    text = f"{LONG}\n{number}\n"
    assert marked(text) == {number: "page number"}


def test_numbers_in_the_text_are_not_page_numbers() -> None:
    text = f"{LONG}\n\nBudget\n\n2031\n\n{LONG}"
    assert marked(text) == {}


def test_marks_are_in_order_and_apart() -> None:
    text, starts = paged()
    marks = find_furniture(split_lines(text, starts), text, pages=starts)
    assert all(a.end <= b.start for a, b in pairwise(marks))
    assert all(mark.start < mark.end for mark in marks)


def test_a_refrain_is_not_a_header() -> None:
    verse = "We will go on with the common work.\n\n"
    text = "".join(f"{verse}Town {word} has done its part.\n\n" for word in WORDS * 3)
    assert marked(text) == {}


def test_a_list_item_that_comes_back_is_not_a_header() -> None:
    body = "\n\n".join(f"Paragraph {n} of {word}." for n in "abcd" for word in WORDS)
    text = "".join(f"- the same item every time\n\n{body} {n}\n\n" for n in "wxyz")
    assert "- the same item every time" not in marked(text)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("harbour-plan_03.jpg", "image"),
        ("![the harbour](plan.png)", "image"),
        ("© River Press", "image credit"),
        ("Photo: Anna Holm", "image credit"),
        ("Foto: Anna Holm", "image credit"),
        ("###", "end mark"),
        ("\\# # #", "end mark"),
        ("Home > News > Harbour", "navigation"),
        ("Start » Nieuws » Haven", "navigation"),
        ("<!-- -->", "hidden HTML"),
        ('<img src="x.png" alt="map">', "hidden HTML"),
    ],
)
def test_lines_known_by_their_form(line: str, kind: str) -> None:
    assert marked(f"{LONG}\n\n{line}\n\n{LONG}") == {line: kind}


def test_hidden_html_over_several_lines() -> None:
    text = f"{LONG}\n<script>\nlet a = 1;\n</script>\n{LONG}\n<!-- a\nnote -->\n<!-- open\n{LONG}"
    found = marked(text)
    assert [words for words, kind in found.items() if kind == "hidden HTML"] == [
        "<script>",
        "let a = 1;",
        "</script>",
        "<!-- a",
        "note -->",
    ]
    assert marked(f"{LONG}\n<style>a</styled>\n{LONG}") == {}


def test_a_caption_goes_with_its_credit() -> None:
    found = marked(f"{LONG}\n\nThe mayor at the dyke\n© River Press\n\n{LONG}")
    assert found == {"The mayor at the dyke": "image caption", "© River Press": "image credit"}
    assert "It is done." not in marked(f"{LONG}\n\nIt is done.\n© River Press\n\n{LONG}")


CALLS = [
    "Subscribe to our newsletter and get the news of your harbour every week.",
    "We use cookies to make your visit better. By going on you accept our cookies.",
    "Your e-mail address will not be published. Required fields are marked *",
    "Leave a Reply",
    "You may also like",
    "Log in",
    "Support our journalism: donate today and keep us free for you.",
    "Abonneer je op onze nieuwsbrief en blijf op de hoogte van jouw haven.",
    "Votre adresse ne sera pas publiée ; les champs obligatoires sont indiqués. Abonnez-vous.",
    "Deine E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind markiert.",
]


@pytest.mark.parametrize("call", CALLS)
def test_a_page_that_speaks_to_its_reader(call: str) -> None:
    assert marked(f"{LONG}\n\n{call}\n\n{LONG}") == {call: "page furniture"}


@pytest.mark.parametrize(
    "words",
    [
        "The towns subscribed to the pact in 2031 and published the address of the office.",
        "We ask you to support our wardens, as your fathers did.",
        "The ministers commented on the relationship between the harbour and your town.",
        "Related documents were sent to all the towns by the secretary.",
        "The minister said that cookies are baked in the harbour.",
    ],
)
def test_prose_with_such_words_stays(words: str) -> None:
    assert marked(f"{LONG}\n\n{words}\n\n{LONG}") == {}


def test_what_lies_between_two_calls_goes_with_them() -> None:
    text = f"{LONG}\n\n{CALLS[0]}\n\nA short line between.\n\n{CALLS[1]}\n\n{LONG}"
    assert marked(text)["A short line between."] == "page furniture"


def test_the_foot_of_a_page_after_the_last_paragraph() -> None:
    text = f"{LONG}\n\nLeave a Reply\n\nTell us what you think.\n\nSend us your photos of the dyke."
    assert set(marked(text)) == {
        "Leave a Reply",
        "Tell us what you think.",
        "Send us your photos of the dyke.",
    }
    assert marked(f"{LONG}\n\nTell us what you think.") == {}


def test_a_menu_is_a_tight_group_with_a_call_in_it() -> None:
    found = marked(f"Skip to content\nHome\nNews\nHarbours\n\n{LONG}")
    assert {"Home", "News", "Harbours"} <= set(found)
    assert marked(f"Harbours\nDykes\nBridges\n\n{LONG}") == {}


def test_titles_under_the_text_lead_elsewhere() -> None:
    titles = [f"What the {word} wood has done for the harbour towns" for word in WORDS * 2]
    found = marked("\n\n".join([LONG, *titles]))
    assert found == dict.fromkeys(titles, "navigation")
    assert marked("\n\n".join([LONG, *titles[:4]])) == {}
    assert marked("\n\n".join([*titles, LONG])) == {}
    assert marked("\n\n".join([LONG, *(f"- {title}" for title in titles)])) == {}


CONTACT = (
    "Harbour Office\nQuay 12\n1234 AB Rivertown\nTel. +31 20 555 01 23\noffice@harbour.example"
)


def test_contact_blocks() -> None:
    found = marked(f"{LONG}\n\n{CONTACT}\n\n{LONG}")
    assert found == dict.fromkeys(CONTACT.split("\n"), "contact")
    assert marked(f"{LONG}\n\nwww.harbour.example\n\n{LONG}") == {"www.harbour.example": "contact"}


@pytest.mark.parametrize(
    "lines",
    [
        "- office@harbour.example\n- Tel. +31 20 555 01 23",
        "[1] River Pact, 3 May 2031,\nhttps://pact.example\n[2] Dyke Act, https://dyke.example",
        "River Pact, 3 May 2031,\nhttps://pact.example/long\nDyke Act, 2029,\nhttps://dyke.example",
        "The office at Quay 12 opens in May; write to\noffice@harbour.example before the feast of\n"
        "the dyke, which all of the wardens of the towns\nattend every year together.",
    ],
)
def test_sources_and_lists_with_addresses_are_no_contact_block(lines: str) -> None:
    assert marked(f"{LONG}\n\n{lines}\n\n{LONG}") == {}


def test_a_number_that_points_to_a_note() -> None:
    text = f"Five projects were begun:\n1\n{LONG}\n\n1\nFor the projects see the list.\n\n{LONG}"
    marks = find_furniture(split_lines(text), text)
    assert [(mark.kind, text[mark.start : mark.end]) for mark in marks] == [("note mark", "1")] * 2
    assert marked(f"Five projects were begun:\n1\n{LONG}") == {}


def test_front_matter() -> None:
    text = "---\ntitle: Pact\n---\nThe towns met."
    (mark,) = find_furniture(split_lines(text), text, body_start=20)
    assert (mark.start, mark.end, mark.kind) == (0, 20, "front matter")


def test_nothing_has_no_furniture() -> None:
    assert marked("") == {}
    assert marked("\n \n") == {}


HOSTILE = [
    "<!--", "<form>", "<img ", "<img", "A", "a.", "a@", "@", "-", "- ", "1\n", "cookies you\n",
    "you\n\n", "x.png\n", "http://a\n", "tel 0 ", "Aa > ", "© ", "*", "1 ", "Page 1\n", "a\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("before", ["", LONG + "\n\n"])
def test_hostile_text_is_read_fast(piece: str, before: str) -> None:
    assert grows_like_its_length(
        marked, lambda length: before + piece * (length // len(piece)) + " x", 50_000
    )
