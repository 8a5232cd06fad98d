import pytest

from evals.plain import PlainText, has_any, overlap, plain, same_words, without_markers


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Allies’  “pledge”\n of *EUR 40 billion*", 'allies\' "pledge" of eur 40 billion'),
        ("2023–2024 — a year\u00ad on", "2023-2024 - a year on"),
        ("ﬁve Ⅳ ﷺ"[:5], "five iv"),
        ("  \u200b ", ""),
    ],
)
def test_spellings_of_the_same_words_become_one(written, expected):
    assert plain(written) == expected


def test_every_character_knows_its_place():
    original = " The  ﬁrst\u00ad \n“Ally”*s* İ"
    text = PlainText.of(original)
    assert len(text.text) == len(text.offsets)
    assert list(text.offsets) == sorted(text.offsets)
    (span,) = text.find("first")
    start, end = text.original(span)
    assert original[start:end] == "ﬁrst"


def test_all_places_are_found_and_none_for_nothing():
    text = PlainText.of("aa aaa")
    assert text.find("aa") == ((0, 2), (3, 5), (4, 6))
    assert text.find("") == ()


def test_overlap_counts_shared_characters():
    assert overlap((0, 10), (8, 20)) == 2
    assert overlap((0, 5), (5, 9)) == 0


def test_half_of_the_shorter_one_is_the_same_words():
    assert same_words((0, 10), (5, 100))
    assert not same_words((0, 10), (6, 100))


def test_markers_go_and_other_brackets_stay():
    assert without_markers("Yes [1][2, 3]. No [sic].").split() == ["Yes", ".", "No", "[sic]."]


def test_any_spelling_counts():
    assert has_any(("40 bn", "40 Billion"), plain("EUR 40 billion"))
    assert not has_any(("41",), plain("EUR 40 billion"))
