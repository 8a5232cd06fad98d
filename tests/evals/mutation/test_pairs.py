"""The true pairs of real documents: usable statements, exact quotes, an attribution where due."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.mutation.pairs import (
    MAX_WORDS,
    MIN_WORDS,
    UNCHANGED,
    derived,
    statement_start,
    true_pairs,
)
from ingest.prepare import prepare
from ingest.reading import read

CORPUS = Path(__file__).parents[3] / "evals" / "corpus"
FILES = ("nato-wales-2014.md", "nato-den-haag-2025.md", "g7-elmau-2022.md", "nato-warsaw-2016.txt")


@pytest.fixture(scope="module")
def documents():
    return [prepare(read((CORPUS / name).read_bytes(), name), name) for name in FILES]


@pytest.fixture(scope="module")
def pairs(documents):
    return true_pairs(documents)


def from_text(text, *, name="note.md", title="Summit note: a meeting"):
    whole = f"---\ntitle: '{title}'\ndate: 2024-07-10\nlanguage: en\n---\n\n{text}\n"
    return true_pairs([prepare(read(whole.encode(), name), name)])


def test_a_quote_is_an_exact_slice_of_its_document(documents, pairs):
    texts = {document.source: document.text for document, _ in documents}
    assert len(pairs) > 80
    assert all(pair.quote in texts[pair.source] for pair in pairs)
    assert {pair.source for pair in pairs} == set(FILES)


def test_pairs_are_true_unchanged_and_come_once(pairs):
    assert {(pair.kind, pair.supported) for pair in pairs} == {(UNCHANGED, True)}
    assert all(pair.sentence == pair.origin for pair in pairs)
    assert len({(pair.sentence, pair.quote) for pair in pairs}) == len(pairs)


def test_statements_have_a_sentence_s_length_and_end(pairs):
    for pair in pairs:
        statement = pair.origin[statement_start(pair) :]
        assert MIN_WORDS <= len(statement.split()) <= MAX_WORDS
        assert statement.rstrip('”"’»)').endswith((".", "!"))


def test_claims_are_attributed_in_turn_in_the_document_s_language(pairs):
    openings = {
        "nato-wales-2014.md": 'According to "Summit note: NATO in Wales, September 2014" '
        "(2014-09-06), ",
        "nato-den-haag-2025.md": 'Volgens "Topnotitie: de NAVO in Den Haag, juni 2025" '
        "(2025-06-26): ",
        "g7-elmau-2022.md": "Selon « Note de sommet : le G7 à Elmau, juin 2022 » (2022-06-29) : ",
    }
    for source, opening in openings.items():
        own = [pair for pair in pairs if pair.source == source]
        attributed = [pair for pair in own if statement_start(pair)]
        assert all(pair.sentence.startswith(opening) for pair in attributed)
        assert 0.3 < len(attributed) / len(own) <= 0.5


def test_after_the_attribution_a_function_word_is_small_and_a_name_is_not():
    _, article, _, name = from_text(
        "The first of them is a long sentence here. The leaders agreed to meet again next year. "
        "A third sentence stands here for the count. Norway agreed to host the next of them."
    )
    assert ", the leaders agreed" in article.sentence
    assert ", Norway agreed" in name.sentence


def test_a_title_without_an_event_attributes_nothing():
    pairs = from_text(
        "The first of them is a long sentence here. The leaders agreed to meet again next year.",
        title="Defence spending: the figures",
    )
    assert len(pairs) == 2
    assert not any(statement_start(pair) for pair in pairs)


@pytest.mark.parametrize(
    "text",
    [
        "Why did the leaders agree to meet again next year?",
        "The leaders agreed to meet.",
        "and so the leaders agreed to meet again next year.",
        "PRESIDENT NAME: The leaders agreed to meet again next year.",
        "The leaders agreed (to meet again next year in Paris.",
        "The leaders agreed … to meet again next year in Paris.",
        "The leaders agreed to meet again next year in Paris:",
    ],
)
def test_what_is_no_complete_statement_is_left_out(text):
    kept = "The leaders of all Allies met in the city of Oslo."
    assert [pair.quote for pair in from_text(f"{kept}\n\n{text}")] == [kept]


def test_a_repeated_claim_comes_once():
    assert len(from_text("The leaders of all Allies met in Oslo.\n\n" * 3, title="Figures")) == 1


def test_a_derived_pair_keeps_all_but_kind_and_sentence(pairs):
    made = derived(pairs[0], "negation", "No.", supported=False)
    assert made.origin == pairs[0].sentence
    assert replace(made, kind=UNCHANGED, supported=True, sentence=made.origin) == pairs[0]
