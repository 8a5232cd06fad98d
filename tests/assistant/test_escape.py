from page_samples import Page

from assistant import escape


def test_exact_text_keeps_every_character():
    text = "a\r\n\tb  c\u00a0\u202e\u200b <&> \"'\n\n"
    assert Page(f"<div>{escape.exactly(text)}</div>").elements[0][2] == text
    # A bare carriage return in HTML would come out as a line feed.
    assert "\r" not in escape.exactly(text)


def test_a_label_is_one_short_line_without_characters_that_are_not_seen():
    assert escape.label("report\u202efdp.exe\n\u2066 x\u0000") == "reportfdp.exe x"
    long = escape.label("word " * 100_000, 40)
    assert len(long) <= 40 and long.endswith("word…")


def test_dates_are_written_in_words():
    assert escape.day("2024-10-08") == "8 October 2024"
    assert escape.day("2024") == "2024"
    assert escape.day("<b>") == "&lt;b&gt;"
    assert escape.day(None) == ""


def test_what_is_only_said_is_in_the_text_and_marked_as_unseen():
    page = Page(escape.unseen("<(supported)>"))
    assert [text for _, _, text in page.of_class("unseen")] == ["<(supported)>"]
