"""Sentences, items, rows and notes with their exact places."""

import pytest
from core_samples import LONG, led, parts, prepared, sentences, told

from ingest.blocks import Part
from ingest.sentences import find_sentences
from ingest.tokens import count_tokens
from vectorstore import Sentence

WRAPPED = (
    "The wardens of the river towns met on\r\nMonday in the old hall. They spoke of the\r\n"
    "dyke, which the storms had damaged near\r\nthe bridge.\r\n"
)


def test_sentences_of_wrapped_lines_come_out_whole() -> None:
    first, second = sentences(WRAPPED)
    assert first.text == "The wardens of the river towns met on Monday in the old hall."
    assert second.text == "They spoke of the dyke, which the storms had damaged near the bridge."
    ((start, end),) = second.spans
    assert WRAPPED[start:end].split() == second.text.split()
    assert (first.kind, first.lead, first.speaker) == ("sentence", None, None)


def test_a_sentence_that_a_page_break_interrupts_has_two_spans() -> None:
    pages, text = [0], ""
    for page, word in enumerate(("willow", "alder", "birch"), start=1):
        text += f"PACT OF THE RIVER TOWNS\n{page}_{word}.png\nThe {word} wood stands on the bank.\n"
        text += "\n".join(f"Row {n} of {word} trees is old." for n in "abcdefghijkl")
        text += f"\nThe town of {word} keeps it and all\nof its old {word} trees for the\n{page}\n"
        pages.append(len(text))
    text += "PACT OF THE RIVER TOWNS\n4_oak.png\nchildren of {word}.\n"
    found = sentences(text, "pact.txt", pages=tuple(pages))
    (last,) = (s for s in found if "children" in s.text)
    assert last.text == (
        "The town of birch keeps it and all of its old birch trees for the children of {word}."
    )
    assert [" ".join(text[a:b].split()) for a, b in last.spans] == [
        "The town of birch keeps it and all of its old birch trees for the",
        "children of {word}.",
    ]
    assert all(len(s.spans) == 1 for s in found if not s.text.startswith("The town"))


def test_kinds() -> None:
    text = (
        f"# The pact\n\n{LONG}\n\n> It holds.\n\nThey agreed on:\n\n- cranes\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n[1] River Post.\n"
    )
    assert [s.kind for s in sentences(text, "a.md")] == [
        "heading",
        "sentence",
        "sentence",
        "sentence",
        "item",
        "row",
        "row",
        "note",
    ]


@pytest.mark.parametrize(
    "label",
    [
        "14 March 2024.",
        "7 april 2022.",
        "29 June 2022, Elm.",
        "Awareness.",
        "Launching the River Climate Corps.",
    ],
)
def test_a_label_belongs_to_the_sentence_that_it_opens(label: str) -> None:
    text = f"They met.\n\n- {label} The wardens came. They rested.\n\n{label} The towns paid.\n"
    found = sentences(text)
    assert [s.text for s in found[1:]] == [
        f"{label} The wardens came.",
        "They rested.",
        f"{label} The towns paid.",
    ]
    assert found[1].kind == "item"
    assert all(" ".join(text[a:b].split()) == s.text for s in found for a, b in s.spans)


@pytest.mark.parametrize(
    "text",
    [
        "It holds. The towns paid.",
        "They did. The towns paid.",
        "Really? The towns paid.",
        "The wardens met. The towns paid.",
        "MS. WARD: Thanks. The towns paid.",
    ],
)
def test_what_says_something_or_is_spoken_is_no_label(text: str) -> None:
    assert told(text)[-1] == "The towns paid."


def test_the_lead_of_a_list() -> None:
    text = (
        "The towns agreed on the following:\n\n- dredging;\n- new cranes. They come in May.\n\n"
        f"{LONG}\n\n- a pilot service\n"
    )
    lead = "The towns agreed on the following:"
    assert led(text) == [
        ("dredging;", lead),
        ("new cranes.", lead),
        ("They come in May.", "new cranes."),
        ("a pilot service", lead),
    ]


def test_the_lead_of_a_list_under_a_heading() -> None:
    assert led("# Results\n\n- dredging\n- cranes\n", "a.md") == [
        ("dredging", "Results"),
        ("cranes", "Results"),
    ]
    text = f"# Results\n\n{LONG}\n\n- dredging\n\n# More\n\n{LONG}\n\n- cranes\n"
    assert led(text, "a.md") == [("dredging", "Results"), ("cranes", "More")]


def test_the_last_sentence_of_a_paragraph_introduces_the_list() -> None:
    text = f"{LONG} They agreed on:\n\n- dredging\n- cranes\n"
    assert led(text) == [("dredging", "They agreed on:"), ("cranes", "They agreed on:")]


def test_a_short_paragraph_introduces_a_list_without_a_colon() -> None:
    assert led("In it they\n\n- dredge\n- build\n\nA pause.\n\n- rest\n") == [
        ("dredge", "In it they"),
        ("build", "In it they"),
        ("rest", "In it they"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "goes_on"),
    [
        ("-", "-", True),
        ("-", "•", False),
        ("1.", "2.", True),
        ("2.", "1.", False),
        ("a)", "2.", False),
    ],
)
def test_a_list_goes_on_after_other_text(first: str, second: str, goes_on: bool) -> None:
    text = f"They agreed on:\n\n{first} dredging\n\n{LONG}\n\n{second} cranes\n"
    assert led(text)[1] == ("cranes", "They agreed on:" if goes_on else None)


def test_nested_items_are_led_by_the_item_above() -> None:
    text = "They agreed on:\n\n- the river\n  - banks\n    - left\n  - bed\n- the sea\n"
    assert led(text, "a.md") == [
        ("the river", "They agreed on:"),
        ("banks", "the river"),
        ("left", "banks"),
        ("bed", "the river"),
        ("the sea", "They agreed on:"),
    ]


def test_rows_are_led_by_the_header_of_their_table() -> None:
    table = "| Port | Cranes |\n|---|---|\n| {} | 4 |\n| | 6 |\n\n"
    text = f"{LONG}\n\n{table.format('Alder')}{table.format('Birch')}{LONG}\n\n| Boats | |\n"
    assert led(text, "a.md") == [
        ("Port | Cranes", None),
        ("Alder | 4", "Port | Cranes"),
        ("6", "Port | Cranes"),
        ("Port | Cranes", None),
        ("Birch | 4", "Port | Cranes"),
        ("6", "Port | Cranes"),
        ("Boats", None),
    ]


def test_the_display_text_is_without_markup_and_note_numbers() -> None:
    text = "The *dyke*1 was [raised](https://x.example).2\nIt holds.3 The G7 and 3 mayors came.\n"
    assert told(text) == ["The dyke was raised.", "It holds.", "The G7 and 3 mayors came."]
    first, second, _ = sentences(text)
    assert text[slice(*first.spans[0])] == "The *dyke*1 was [raised](https://x.example)."
    assert text[slice(*second.spans[0])] == "It holds."


def test_html_reader_text_keeps_its_stars() -> None:
    text = "The *dyke* holds."
    (_, found), *_ = find_sentences(
        text, [Part(((0, len(text)),), "paragraph")], language="en", markup=False
    )
    assert found == (Sentence(((0, 17),), "The *dyke* holds."),)


def test_parts_without_words_are_left_out() -> None:
    text = "…\n\n![x](y.png)\n\n* * *\n\n“”\n"
    assert find_sentences(text, parts(text), language="en", markup=True) == ()


@pytest.mark.parametrize(
    "words", ["word, " * 2_000, "word; " * 2_000, "word " * 4_000, "x" * 20_000, "слово, " * 2_000]
)
def test_a_sentence_too_long_to_quote_is_cut(words: str) -> None:
    found = sentences(f"It says: {words.strip()}.")
    assert all(count_tokens(sentence.text) <= 300 for sentence in found)
    assert "".join("".join(s.text.split()) for s in found) == "".join(f"Itsays:{words}.".split())
    if ";" in words:
        assert all(sentence.text.endswith((";", ".")) for sentence in found)


def test_a_long_row_and_a_long_note_are_cut_too() -> None:
    for text in (f"| a | {LONG * 20} |\n|---|---|\n| b | c |\n", f"{LONG}\n\n[1] {LONG * 20}\n"):
        assert all(count_tokens(s.text) <= 300 for s in sentences(text, "a.md"))


def test_one_sentence_of_usual_length_is_never_cut() -> None:
    text = "It says: " + "word, " * 100 + "end."
    assert len(sentences(text)) == 1


def test_quotations_of_several_sentences() -> None:
    text = "“The dyke holds. It is old. It will hold.” The wardens clapped."
    assert told(text) == [
        "“The dyke holds.",
        "It is old.",
        "It will hold.”",
        "The wardens clapped.",
    ]


def test_a_transcript_keeps_its_labels_and_speakers() -> None:
    text = "MAYOR HOLM: Good morning. It is spring.\n\nQ   Who pays?\n\nMR. LUND: We all do.\n"
    assert [(s.text, s.speaker) for s in sentences(text)] == [
        ("MAYOR HOLM: Good morning.", "Mayor Holm"),
        ("It is spring.", "Mayor Holm"),
        ("Q Who pays?", None),
        ("MR. LUND: We all do.", "Mr. Lund"),
    ]


def test_places_are_exact_slices_in_order() -> None:
    text = f"# A\n\n{WRAPPED}\n- one *two*\n  three. Four.\n\n> Five [six](x)\n> seven.\n\n{LONG}\n"
    document, _ = prepared(text, "a.md")
    end = 0
    for sentence in sentences(text, "a.md"):
        assert sentence.start >= end
        end = sentence.end
        raw = "".join(document.text[a:b] for a, b in sentence.spans)
        assert [c for c in sentence.text if c.isalnum()] == [
            c for c in raw.replace("(x)", "") if c.isalnum()
        ]
