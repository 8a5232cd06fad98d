"""List items by their marks, and how deep they lie."""

import pytest
from core_samples import LONG, WRAPPED, forms, kinds, parts


@pytest.mark.parametrize("bullet", ["o", "•", "-", "▪", "–", "·"])
def test_bullets_before_their_text(bullet: str) -> None:
    gap = "   " if bullet == "o" else " "
    text = f"They agreed on:\n{bullet}{gap}dredging of the\nharbour;\n{bullet}{gap}new cranes.\n"
    assert forms(text) == [
        ("paragraph", "They agreed on:"),
        ("item", "dredging of the harbour;"),
        ("item", "new cranes."),
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


def test_a_dash_or_number_in_the_middle_of_a_sentence_opens_no_item() -> None:
    text = (
        WRAPPED
        + "The towns pay the costs of the dyke –\n– or most of it – in the year\n"
        + "2031. It is\n12) years old.\n"
    )
    assert "item" not in kinds(text)


def test_the_name_under_a_quotation_is_no_list_item() -> None:
    assert forms(f"“The dyke holds.”\n\n– Ruth Holm, mayor\n\n{LONG}") [1] == (
        "paragraph", "– Ruth Holm, mayor",
    )  # fmt: skip
    assert kinds("“The dyke” is:\n– old\n– strong\n") == ["paragraph", "item", "item"]
