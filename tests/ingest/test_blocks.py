"""Blocks found from lines: what belongs together and what kind it is."""

import time

import pytest
from core_samples import LONG, forms, parts

from ingest.blocks import Part, parts_from_blocks
from ingest.extract import Block
from ingest.furniture import Mark

WRAPPED = """\
The wardens of the river towns met on Monday
in the old hall and spoke of the dyke, which
the storms of the winter had damaged near the
bridge. They agreed on a plan in three steps.
The first of them begins in spring.
"""


def kinds(text: str, *, markdown: bool = False) -> list[str]:
    return [kind for kind, _ in forms(text, markdown=markdown)]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    assert forms(WRAPPED) == [("paragraph", " ".join(WRAPPED.split()))]
    assert forms(WRAPPED.replace("\n", "\r\n")) == forms(WRAPPED)


def test_long_lines_are_paragraphs_of_their_own() -> None:
    assert forms(f"{LONG}\n{LONG}\n\n{LONG}") == [("paragraph", LONG)] * 3


def test_wrapped_text_without_empty_lines() -> None:
    text = WRAPPED + "Next steps\n" + WRAPPED.replace("Monday", "Friday")
    first, heading, second = forms(text)
    assert heading == ("heading", "Next steps")
    assert first[1].endswith("in spring.")
    assert second[1].startswith("The wardens of the river towns met on Friday")


def test_a_sentence_of_short_lines_as_bold_type_leaves_them() -> None:
    text = WRAPPED + (
        "On Tuesday, the mayor of Alder,\nRuth Holm,\ntold the wardens that\nthe northern bank\n"
        "will be raised in\n2031 at the latest.\n"
    )
    assert len(forms(text)) == 1


@pytest.mark.parametrize("bullet", ["o", "•", "-", "▪", "–", "·"])
def test_bullets_before_their_text(bullet: str) -> None:
    gap = "   " if bullet == "o" else " "
    text = f"They agreed on:\n{bullet}{gap}dredging of the\nharbour;\n{bullet}{gap}new cranes.\n"
    assert forms(text) == [
        ("paragraph", "They agreed on:"),
        ("item", "dredging of the harbour;"),
        ("item", "new cranes."),
    ]


@pytest.mark.parametrize("bullet", ["o", "•", "-", "*", "1.", "2)"])
def test_bullets_detached_from_their_text(bullet: str) -> None:
    text = (
        f"{WRAPPED}\nThey agreed on:\n\n{bullet}\nDredging of the\nharbour\n\n"
        f"{bullet.replace('2', '3').replace('1', '2')}\nNew cranes\n"
    )
    assert forms(text)[1:] == [
        ("paragraph", "They agreed on:"),
        ("item", "Dredging of the harbour"),
        ("item", "New cranes"),
    ]


@pytest.mark.parametrize("marker", ["1.", "(1)", "1)", "a)", "(a)", "b.", "(iv)", "ii.", "(B)"])
def test_numbered_items(marker: str) -> None:
    found = parts(f"They agreed on:\n{marker} dredging;\n{marker} new cranes.\n")
    assert [(part.kind, part.marker) for part in found] == [
        ("paragraph", ""),
        ("item", marker),
        ("item", marker),
    ]


def test_markers_escaped_in_markdown() -> None:
    found = parts("They agreed on:\n\n1\\. dredging;\n\n\\(b\\) cranes.\n", markdown=True)
    assert [(part.kind, part.marker) for part in found[1:]] == [("item", "1."), ("item", "(b)")]


@pytest.mark.parametrize(
    "text",
    [
        "- one\n  - two\n    - three\n  - four\n- five\n",
        "- one\n\t- two\n\t\t- three\n\t- four\n- five\n",
        "1. one\n   a. two\n      - three\n   b. four\n2. five\n",
    ],
)
def test_nested_lists(text: str) -> None:
    found = parts(f"They agreed on:\n\n{text}", markdown=True)
    assert [part.level for part in found if part.kind == "item"] == [0, 1, 2, 1, 0]


def test_an_item_goes_on_in_lines_and_paragraphs_set_in() -> None:
    text = "- The first item\n  goes on here.\n\n  It has a paragraph more.\n\n- The second\n"
    assert forms(text, markdown=True) == [
        ("item", "The first item goes on here. It has a paragraph more."),
        ("item", "The second"),
    ]


def test_a_dash_or_number_in_the_middle_of_a_sentence_opens_no_item() -> None:
    text = (
        WRAPPED
        + "The towns pay the costs of the dyke –\n– or most of it – in the year\n"
        + "2031. It is\n12) years old.\n"
    )
    assert "item" not in kinds(text)


def test_numbered_paragraphs_are_no_list() -> None:
    text = "\n\n".join(f"{n}. {LONG} {LONG}" for n in range(1, 6)) + "\n\n6. We thank the host."
    assert kinds(text) == ["paragraph"] * 6
    assert kinds(text, markdown=True) == ["paragraph"] * 6
    introduced = f"They say:\n\n{text}"
    assert kinds(introduced)[1:] == ["item"] * 6
    assert kinds(f"- {LONG} {LONG} {LONG} {LONG}\n- {LONG}\n") == ["item", "item"]


def test_numbered_headings_apart_from_their_titles() -> None:
    text = f"II.\nMoney for the works\n{LONG}\n\nIII\nNext steps\n\n{LONG}\n4\nThe end\n{LONG}\n"
    assert [form for form in forms(text) if form[0] != "paragraph"] == [
        ("heading", "Money for the works"),
        ("heading", "Next steps"),
        ("heading", "The end"),
    ]


def test_numbered_headings_on_one_line() -> None:
    text = f"1. MONEY\n{LONG}\n2. THE WORKS\n- dredging\n- cranes\n3. Next steps\n{LONG}\n"
    assert [form for form in forms(text) if form[0] == "heading"] == [
        ("heading", "1. MONEY"),
        ("heading", "2. THE WORKS"),
        ("heading", "3. Next steps"),
    ]


def test_numbered_items_with_text_under_them_stay_items() -> None:
    text = f"The results include:\n1. A new pier\n{LONG}\n2. Two cranes\n{LONG}\n"
    assert [form for form in forms(text) if form[0] == "item"] == [
        ("item", "A new pier"),
        ("item", "Two cranes"),
    ]


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("Support for the river towns", True),
        ("SUPPORT FOR THE RIVER TOWNS", True),
        ("What comes next?", True),
        ("Support for the river towns.", False),
        ("support for the river towns", False),
        ("Support for the river towns and", False),
        ("The towns agreed:", False),
        ("Support, as the mayor said,", False),
        ("2031", False),
    ],
)
def test_headings_by_their_form(line: str, is_heading: bool) -> None:
    text = f"{LONG}\n\n{line}\n\n{LONG}\n"
    assert (("heading", line) in forms(text)) == is_heading


def test_a_title_of_two_lines_and_a_long_one() -> None:
    title = "Opening of a joint office of the river towns to see to the\nrepair of dykes"
    text = f"{WRAPPED}It ends in May.\n{title}\n{WRAPPED}"
    assert ("heading", " ".join(title.split())) in forms(text)
    long = "The Mayor of Alder Welcomes the Wardens of All the River Towns at the New Pier"
    assert forms(f"{long}\n{LONG}\n")[0] == ("heading", long)


def test_a_year_under_a_title_belongs_to_it() -> None:
    assert forms(f"Pact of the river towns\n2031\n\n{LONG}\n")[0] == (
        "heading",
        "Pact of the river towns 2031",
    )


def test_markdown_headings() -> None:
    text = "# One\n\n## Two ##\n\n### *Three*\n\n#no heading\n\n**Four**\n\n**Five:**\n\nText.\n"
    found = parts(text, markdown=True)
    headings = [
        (p.level, text[p.start : p.spans[-1][1]].strip("# *:"))
        for p in found
        if p.kind == "heading"
    ]
    assert headings == [(1, "One"), (2, "Two"), (3, "Three"), (4, "Four"), (4, "Five")]
    assert kinds("**Bold** at the start of a paragraph.\n", markdown=True) == ["paragraph"]
    assert kinds("**A whole sentence in bold.**\n", markdown=True) == ["paragraph"]


def test_a_heading_as_long_as_a_paragraph_is_one() -> None:
    assert kinds(f"# {LONG} {LONG}\n", markdown=True) == ["paragraph"]
    text = f"{LONG} {LONG}"
    assert parts_from_blocks((Block(0, len(text), "heading", 2),), ()) == (
        Part(((0, len(text)),), "paragraph", 2),
    )


def test_markdown_paragraphs_wrap_and_break() -> None:
    text = "One line\nand the next.\nStill the same.  \nA new one after a break.\n"
    assert [form for _, form in forms(text, markdown=True)] == [
        "One line and the next. Still the same.",
        "A new one after a break.",
    ]


def test_block_quotations() -> None:
    text = f"{LONG}\n\n> The dyke holds.\n> It will hold.\n\n> A second one.\n\n— Ruth Holm\n"
    assert forms(text, markdown=True)[1:] == [
        ("quotation", "The dyke holds. > It will hold."),
        ("quotation", "A second one."),
        ("paragraph", "— Ruth Holm"),
    ]


def test_the_name_under_a_quotation_is_no_list_item() -> None:
    assert forms(f"“The dyke holds.”\n\n– Ruth Holm, mayor\n\n{LONG}") [1] == (
        "paragraph", "– Ruth Holm, mayor",
    )  # fmt: skip
    assert kinds("“The dyke” is:\n– old\n– strong\n") == ["paragraph", "item", "item"]


def test_questions_and_answers() -> None:
    text = f"Q1: What holds the dyke?\nA1: {LONG}\nQ: And who pays for it?\nQ And when?\n"
    assert kinds(text) == ["heading", "paragraph", "paragraph", "paragraph"]


TABLES = {
    "bars": ("| Port | Cranes |\n|:---|---:|\n| Alder | 4 |\n| Birch | 6 |\n", True),
    "bars without a frame": ("Port | Cranes\n--- | ---:\nalder | 4\nbirch. | 6\n", True),
    "spaces": ("Port      Cranes\n-----     ------\nAlder     4 new\nBirch     6 old\n", False),
    "tabs": ("Port\tCranes\nAlder\t4\nBirch\t6\n", False),
    "figures": ("Port Cranes Boats\nAlder 4 12\nBirch 6 15\nWillow 3 7\n", False),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str) -> None:
    table, markdown = TABLES[name]
    text = f"{LONG}\n\n{table}\n{LONG}\n\n{table}"
    found = [part for part in parts(text, markdown=markdown) if part.kind == "row"]
    assert len(found) == 2 * (4 if name == "figures" else 3)
    assert sum(part.opens for part in found) == 2
    assert found[0].opens


@pytest.mark.parametrize(
    "text",
    [
        "The wardens  met on  Monday in\nthe hall  and spoke  of the old\ndyke, which  broke.\n",
        "Quay 12\n1234 Rivertown\n",
        "Founded in 1821.  Rebuilt in 1931.\nBurnt in 1950.  Sold in 2001.\n",
    ],
)
def test_text_with_wide_spaces_or_figures_is_no_table(text: str) -> None:
    assert "row" not in kinds(f"{LONG}\n\n{text}\n{LONG}")


def test_endnotes_are_notes() -> None:
    notes = [
        "Holm, R., ‘The dyke’, 2031, https://dyke.example/1 (accessed 3 May 2031).",
        "Ibid.",
        "Lund, A., ‘The harbour’, River Post, 2030, https://post.example.",
        "A note without a link stands between two that have one.",
        "River Office, ‘Pact’, https://pact.example.",
    ]
    assert kinds("\n".join([LONG, *notes, LONG])) == ["paragraph", *["note"] * 5, "paragraph"]
    assert kinds("\n".join([LONG, *notes[:1], LONG])) == ["paragraph"] * 3


def test_a_list_of_sources_is_notes_to_its_end() -> None:
    listed = "".join(f"- Source {n}, https://{n}.example\n" for n in "abc") + "- The Post, 2031\n"
    assert kinds(f"{LONG}\n\n{listed}") == ["paragraph", *["note"] * 4]
    links = "".join(f"- a [link {n}](https://{n}.example) in the text\n" for n in "abc")
    assert kinds(f"{LONG}\n\n{links}", markdown=True) == ["paragraph", *["item"] * 3]


def test_notes_by_their_number_in_brackets() -> None:
    text = (
        f"{LONG}\n\n[1] River Pact, 3 May 2031,\nhttps://pact.example\n[2] Dyke Act\n[^x]: Note.\n"
    )
    assert forms(text)[1:] == [
        ("note", "River Pact, 3 May 2031, https://pact.example"),
        ("note", "Dyke Act"),
        ("note", "Note."),
    ]
    assert kinds(f"{WRAPPED}They say so in\n[3] and other books of the time.\n") == ["paragraph"]


def test_furniture_between_lines_leaves_a_sentence_whole() -> None:
    pages, text = [0], ""
    for page, word in enumerate(("willow", "alder", "birch"), start=1):
        text += (
            f"PACT OF THE RIVER TOWNS\n{word}-{page}.png\nThe {word} wood stands on the bank and\n"
        )
        text += "\n".join(f"row {n} of {word} trees, which are old and" for n in "abcdefghijkl")
        text += f"\nthe town of {word} keeps it for\n{page}\n"
        pages.append(len(text))
    found = parts(text + "the children.", pages=tuple(pages))
    assert [part.kind for part in found] == ["paragraph"]
    assert len(found[0].spans) == 4
    joined = " ".join(
        " ".join(text[a:b].split()) if b <= len(text) else "" for a, b in found[0].spans
    )
    assert "keeps it for The alder" in joined
    assert "PACT" not in joined
    assert ".png" not in joined


def test_blocks_of_a_marked_up_format_less_furniture() -> None:
    blocks = (Block(0, 10, "heading", 2), Block(12, 30, "paragraph"), Block(32, 40, "item", 1))
    marks = (Mark(2, 4, "x"), Mark(12, 30, "x"), Mark(31, 33, "x"), Mark(39, 50, "x"))
    assert parts_from_blocks(blocks, marks) == (
        Part(((0, 2), (4, 10)), "heading", 2),
        Part(((33, 39),), "item", 1),
    )
    assert parts_from_blocks(blocks, ())[1] == Part(((12, 30),), "paragraph")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "---", "***\n\n---\n", "-\n", "1.\n", "#\n"])
def test_nothing_but_form_has_no_words(text: str) -> None:
    assert not any(c.isalpha() for _, form in forms(text) for c in form)


HOSTILE = [
    "A", "A\n", "- a\n", "1. a\n", "(a)\n", "o\n", "II\n", "1\n", "> a\n", "# a\n", "|a|\n",
    "**a**\n", "** ", "](", "[1] a\n", "A b\n", "a,\n", "“", "a-", "1 | 2\n", "A  1\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("markdown", [False, True])
def test_hostile_text_is_read_fast(piece: str, markdown: bool) -> None:
    text = WRAPPED + piece * (50_000 // len(piece)) + " x"
    start = time.process_time()
    parts(text, markdown=markdown)
    assert time.process_time() - start < 2
