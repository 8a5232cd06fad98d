"""Blocks as lines open them: quotations, questions, rows, notes, marks apart from their text."""

import pytest
from core_samples import LONG, WRAPPED, forms, kinds, parts
from growth import grows_like_its_length


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


def test_block_quotations() -> None:
    text = f"{LONG}\n\n> The dyke holds.\n> It will hold.\n\n> A second one.\n\n— Ruth Holm\n"
    assert forms(text, markdown=True)[1:] == [
        ("quotation", "The dyke holds. > It will hold."),
        ("quotation", "A second one."),
        ("paragraph", "— Ruth Holm"),
    ]


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
    assert grows_like_its_length(
        lambda text: parts(text, markdown=markdown),
        lambda length: WRAPPED + piece * (length // len(piece)) + " x",
        50_000,
    )
