"""Headings by their form alone."""

import pytest
from core_samples import LONG, WRAPPED, forms, kinds, parts


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
