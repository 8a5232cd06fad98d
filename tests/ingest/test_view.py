"""What a reader sees of a block, each character with its place."""

import pytest
from growth import grows_like_its_length

from ingest.view import note_numbers, view


def seen(text: str, *, markup: bool = True) -> str:
    look = view(text, [(0, len(text))], markup=markup, notes=note_numbers(text))
    assert len(look.text) == len(look.places)
    assert list(look.places) == sorted(look.places)
    return look.text


def test_every_character_knows_its_place() -> None:
    text = "  The *old*\r\n\t hall  [stood](https://x.example) here. "
    look = view(text, [(0, len(text))], markup=True)
    assert look.text == "The old hall stood here."
    for character, place in zip(look.text, look.places, strict=True):
        assert text[place] == character or (character == " " and text[place].isspace())
    start = look.text.index("hall")
    a, b = look.span(start, start + len("hall stood"))
    assert text[a:b] == "hall  [stood"


@pytest.mark.parametrize(
    ("markdown", "display"),
    [
        ("*one* **two** ***three*** _four_ __five__", "one two three four five"),
        ("**bo**ld and *it*alic", "bold and italic"),
        ("a_snake_case name", "a_snake_case name"),
        ("3 * 4 and 2 * 5", "3 * 4 and 2 * 5"),
        ("[link](https://x.example)", "link"),
        ('[link](https://x.example "title")', "link"),
        ("[link](https://x.example/a_(b)_c), more", "link, more"),
        ("[**bold** link](x) and [*it*](y)", "bold link and it"),
        ("[outer [inner](x)", "[outer inner"),
        ("![picture](x.png) words", "words"),
        ("[![picture](x.png)](y) words", "words"),
        (r"\[sic\] 1\. \*star\* \#", "[sic] 1. *star* #"),
        ("`code`", "code"),
        ("words[^1] more[^note]", "words more"),
        ("<u>under</u> <span class='x'>span</span> 3 < 4", "under span 3 < 4"),
        ("> quoted\n> over > two\n>> lines", "> quoted over > two lines"),
        ("[not a link] (really)", "[not a link] (really)"),
    ],
)
def test_the_marks_of_markdown_are_taken_off(markdown: str, display: str) -> None:
    assert seen(markdown) == display
    assert seen(markdown, markup=False) == " ".join(markdown.split())


def test_a_link_may_run_over_a_line_end() -> None:
    assert seen("See [the\nannex](https://x.example).") == "See the annex."


def test_invisible_characters_are_left_out() -> None:
    assert seen("co\u00adoperation\u200b \ufeffzero\x02") == "cooperation zero"


def test_a_hyphen_at_a_line_end_keeps_the_word_together() -> None:
    assert seen("long-\nterm") == "long-term"
    assert seen("long -\nterm") == "long -term"


def test_spans_are_joined_by_one_space() -> None:
    text = "first part | 7 | second part"
    look = view(text, [(0, 10), (17, 28)], markup=True)
    assert look.text == "first part second part"
    assert look.span(0, len(look.text)) == (0, 28)
    text = "cross-7border"
    assert view(text, [(0, 6), (7, 13)], markup=True).text == "cross-border"


def test_nothing_to_see() -> None:
    assert seen("") == ""
    assert seen(" \n\t") == ""
    assert seen("![picture](x.png)") == ""


NOTED = (
    "The dyke was raised1 and the harbour,2 which is “old”,3 was dredged.4 In 20315 the "
    "pilots agreed [6] to stay.”7"
)


def test_note_numbers_glued_to_words_are_taken_off() -> None:
    assert seen(NOTED) == (
        "The dyke was raised and the harbour, which is “old”, was dredged. In 2031 the "
        "pilots agreed to stay.”"
    )


def test_raised_note_numbers_are_taken_off_and_powers_stay() -> None:
    text = "The dyke was raised¹ by 5 m² and the *harbour*2 was dredged.³ It covers 3 km²."
    assert seen(text) == "The dyke was raised by 5 m² and the harbour was dredged. It covers 3 km²."


def test_a_number_that_is_missing_does_not_end_the_chain() -> None:
    text = "One word1 and another2 and a third4 and a fourth7 end."
    assert seen(text) == "One word and another and a third and a fourth end."
    assert seen("One word1 and another2 and a third6 end.") == (
        "One word1 and another2 and a third6 end."
    )


@pytest.mark.parametrize(
    "text",
    [
        "The G7 and the F-16 and CO2 and COVID-19 and EUR 40 billion stay.",
        "G20, B2B, Web3 and Mp3 are words; so is Horizon2020.",
        "In 2014, 2022 and 2035 they met; 32 Allies gave 2% each.",
        "Articles 1, 2, 3 and 4; see pages 1-3 and 4(2).",
        "Version1 of the plan.",
        "Section 2(b), 3.1, 1.5 and $1,2 million, items 1.2 and 3.4.",
    ],
)
def test_other_digits_stay(text: str) -> None:
    assert note_numbers(text) == frozenset()
    assert seen(text) == text


def test_names_with_digits_stay_beside_notes() -> None:
    text = NOTED + " The G7 bought an F-16 for EUR 40 billion in 2024 and cut CO2."
    assert seen(text).endswith("The G7 bought an F-16 for EUR 40 billion in 2024 and cut CO2.")


HOSTILE = [
    "[",
    "![",
    "[x](",
    "(",
    "*",
    "_",
    "<a",
    "\\",
    "[^",
    "“",
    ">",
    "a1",
    "`",
    "[![a](",
    "a.1 ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_seen_fast(piece: str) -> None:
    assert grows_like_its_length(seen, lambda length: piece * (length // len(piece)), 50_000)
