"""The lines of a text with their places."""

import pytest

from ingest.lines import groups, is_wrapped, line_width, split_lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\u2028"])
def test_lines_know_their_places_whatever_ends_them(end: str) -> None:
    text = end.join(["  Tea ", "", "Milk"])
    first, second = split_lines(text)
    assert [text[line.start : line.end] for line in (first, second)] == ["Tea", "Milk"]
    assert (first.text, second.text) == ("Tea", "Milk")
    assert (first.after_gap, second.after_gap) == (True, True)


def test_a_windows_line_end_is_one_end() -> None:
    first, second = split_lines("Tea\r\nMilk")
    assert (first.after_gap, second.after_gap) == (True, False)


@pytest.mark.parametrize("text", ["", " ", "\n\n", " \t\r\n \v\f", "\u2028\u2029"])
def test_nothing_but_white_space_has_no_lines(text: str) -> None:
    assert split_lines(text) == ()


def test_indent_counts_columns() -> None:
    lines = split_lines("a\n  b\n\tc\n  \td\n\u00a0e")
    assert [line.indent for line in lines] == [0, 2, 4, 4, 1]


def test_hard_breaks_of_markdown() -> None:
    lines = split_lines("one  \ntwo\\\nthree \nfour")
    assert [line.hard_break for line in lines] == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("It was lifted.35", "It was lifted."),
        ("“It was lifted.”7", "“It was lifted.”"),
        ("**It was lifted.**", "**It was lifted."),
        ("It costs 2.35", "It costs 2.35"),
        ("It was lifted35", "It was lifted35"),
        ("In 2031", "In 2031"),
    ],
)
def test_how_a_line_ends_without_note_numbers_and_emphasis(text: str, closing: str) -> None:
    assert split_lines(text)[0].closing == closing


def test_pages_are_counted_from_their_offsets() -> None:
    lines = split_lines("one\ntwo\nthree", (0, 4, 8))
    assert [line.page for line in lines] == [0, 1, 2]
    assert [line.page for line in split_lines("one\ntwo")] == [0, 0]


def test_groups_end_at_empty_lines() -> None:
    found = groups(split_lines("a\nb\n\n \nc\n"))
    assert [[line.text for line in group] for group in found] == [["a", "b"], ["c"]]


def test_the_width_leaves_one_line_in_ten_out() -> None:
    assert line_width(split_lines("x" * 200 + "\n" + "\n".join(["y" * 40] * 19))) == 40
    assert line_width(()) == 0


def test_text_is_wrapped_if_lines_go_on_in_lower_case() -> None:
    wrapped = "The wardens met in the\nold hall and spoke of\nthe dyke. They\nwent home."
    assert is_wrapped(split_lines(wrapped))
    assert not is_wrapped(split_lines(wrapped.replace("\n", " \n\n")))
    assert not is_wrapped(split_lines("Tea\nMilk\nBread"))
    assert not is_wrapped(split_lines(wrapped.replace("\n", " word" * 40 + "\n")))
    assert not is_wrapped(())
