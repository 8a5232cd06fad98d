"""Lines that make up one paragraph, and those that do not."""

from core_samples import LONG, WRAPPED, forms, kinds


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


def test_an_item_goes_on_in_lines_and_paragraphs_set_in() -> None:
    text = "- The first item\n  goes on here.\n\n  It has a paragraph more.\n\n- The second\n"
    assert forms(text, markdown=True) == [
        ("item", "The first item goes on here. It has a paragraph more."),
        ("item", "The second"),
    ]
    assert kinds("- The first item.\n  Rivertown pays.\n- The second\n") == ["item", "item"]


def test_markdown_paragraphs_wrap_and_break() -> None:
    text = "One line\nand the next.\nStill the same.  \nA new one after a break.\n"
    assert [form for _, form in forms(text, markdown=True)] == [
        "One line and the next. Still the same.",
        "A new one after a break.",
    ]
