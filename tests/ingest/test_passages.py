"""Passages: exact slices of whole sentences, of bounded size, with their context."""

from itertools import pairwise

import pytest
from core_samples import LONG, prepared

from ingest.blocks import parts_from_lines
from ingest.furniture import Mark
from ingest.lines import split_lines
from ingest.passages import find_passages
from ingest.sentences import find_sentences
from ingest.tokens import count_tokens
from vectorstore import Document, Passage, index_text, passage_id


def passages(text: str, name: str = "note.md") -> tuple[Passage, ...]:
    return prepared(text, name)[1]


def cut(text: str, *, marks: tuple[Mark, ...] = (), max_tokens: int = 256) -> tuple[Passage, ...]:
    parts = parts_from_lines(text, split_lines(text), marks=marks, language="en", markdown=True)
    found = find_sentences(text, parts, language="en", markup=True)
    document = Document("id", ("a.md",), "Pact", None, None, "en", None, (0, 40), text)
    return find_passages(document, found, marks=marks, max_tokens=max_tokens)


def test_a_passage_is_a_slice_of_whole_sentences() -> None:
    text = " ".join([f"Sentence number {n} says little." for n in range(100)])
    found = cut(text, max_tokens=50)
    assert len(found) > 5
    assert all(text[p.start : p.end] == p.text for p in found)
    assert all(p.text.startswith("Sentence") and p.text.endswith("little.") for p in found)
    assert all(30 < count_tokens(p.text) <= 50 for p in found[:-1])
    assert all(a.end < b.start for a, b in pairwise(found))
    sentences = [sentence for passage in found for sentence in passage.sentences]
    assert [s.text for s in sentences] == [f"Sentence number {n} says little." for n in range(100)]
    for passage in found:
        assert all(passage.start <= s.start < s.end <= passage.end for s in passage.sentences)


def test_the_size_counts_markup_and_line_breaks() -> None:
    sentence = "A [word](https://harbour.example/a/long/address/of/a/page) more."
    found = cut("\n\n".join([sentence] * 12), max_tokens=100)
    assert all(count_tokens(p.text) <= 100 for p in found)


def test_a_sentence_over_the_limit_stands_alone() -> None:
    text = f"It is one. Many {'word ' * 80}end. They are two."
    assert [len(p.sentences) for p in cut(text, max_tokens=40)] == [1, 1, 1]


def test_headings_open_a_passage_and_make_its_path() -> None:
    text = f"# Pact\n\n{LONG}\n\n## Money\n\n### Costs\n\n{LONG}\n\n## Works\n\n{LONG}\n"
    found = passages(text)
    assert [p.heading_path for p in found] == [
        ("Pact",),
        ("Pact", "Money", "Costs"),
        ("Pact", "Works"),
    ]
    assert [p.text.split("\n")[0].strip("# ") for p in found] == ["Pact", "Money", "Works"]
    assert [p.sentences[0].kind for p in found] == ["heading"] * 3


def test_the_body_is_what_is_indexed_besides_the_headings() -> None:
    text = f"# Pact\n\nOne *word*.\nTwo.\n\n## Money\n\n{LONG}\n"
    first, second = passages(text)
    assert first.body == "One word.\nTwo."
    assert second.body == LONG
    document, _ = prepared(text, "note.md")
    for passage in (first, second):
        indexed = index_text(document, passage.heading_path, passage.body)
        assert passage.id == passage_id(document.id, passage.start, indexed)
        assert passage.document_id == document.id


def test_a_list_cut_in_two_keeps_its_lead_in_the_body() -> None:
    items = "".join(f"- item number {n} of the long list\n" for n in range(30))
    found = cut(f"{LONG} The towns agreed on:\n\n{items}", max_tokens=100)
    assert len(found) > 2
    for passage in found[1:]:
        assert passage.body.startswith("The towns agreed on:\nitem number")
        assert passage.text.startswith("item number")
    table = "| Port | Cranes |\n|---|---|\n" + "".join(f"| Alder {n} | {n} |\n" for n in range(30))
    assert all(p.body.startswith("Port | Cranes") for p in cut(table, max_tokens=100))
    under = cut(f"# Results\n\n{items}", max_tokens=100)
    assert under[1].body.startswith("item number")
    assert under[1].heading_path == ("Results",)


def test_only_a_heading_is_a_passage_of_its_own() -> None:
    (only,) = passages("# The pact of the river towns\n")
    assert (only.body, only.heading_path) == (
        "The pact of the river towns",
        ("The pact of the river towns",),
    )


def test_no_passage_overlaps_furniture() -> None:
    text = "One sentence.\n\nFURNITURE\n\nAnother sentence. A third."
    mark = Mark(15, 24, "x")
    found = cut(text, marks=(mark,))
    assert [p.text for p in found] == ["One sentence.", "Another sentence. A third."]


def test_a_sentence_around_furniture_is_whole_in_the_first_passage() -> None:
    text = (
        "we go. The towns keep\n\nFURNITURE\n\nthe dyke. Then they rest.\n\nFURNITURE\n\nThe end."
    )
    marks = (Mark(23, 32, "x"), Mark(61, 70, "x"))
    first, second, third = cut(text, marks=marks)
    assert [p.text for p in (first, second, third)] == [
        "we go. The towns keep",
        "the dyke. Then they rest.",
        "The end.",
    ]
    assert first.body == "we go.\nThe towns keep the dyke."
    assert first.sentences[1].spans == ((7, 21), (34, 43))
    assert [s.text for s in second.sentences] == ["Then they rest."]
    assert second.body == "Then they rest."


def test_furniture_after_the_rest_of_a_broken_sentence() -> None:
    text = "The towns keep\n\nFURNITURE\n\nthe dyke.\n\nFURNITURE\n\nThen they rest."
    marks = (Mark(16, 25, "x"), Mark(38, 47, "x"))
    assert [p.text for p in cut(text, marks=marks)] == ["The towns keep", "Then they rest."]


def test_notes_stand_apart_from_the_text() -> None:
    found = passages(f"{LONG}\n\n[1] River Post.\n\n[2] Dyke Act.\n\n{LONG}\n")
    assert [{s.kind for s in p.sentences} for p in found] == [{"sentence"}, {"note"}, {"sentence"}]


def test_pages_are_known() -> None:
    found = cut("# One\n\nText of the first page.\n\n# Two\n\nText of the second page.\n")
    assert [p.page for p in found] == [1, 1]
    assert [p.page for p in cut("x" * 50 + ".\n\n# Two\n\nText.\n")] == [1, 2]
    assert passages(LONG)[0].page is None


@pytest.mark.parametrize("text", ["", "\n \n", "---\n\n***\n"])
def test_no_words_no_passages(text: str) -> None:
    assert cut(text) == ()
