"""The sets of true and false pairs drawn from the bundled documents."""

from collections import Counter
from pathlib import Path

import pytest

from evals.mutation.amounts import amounts
from evals.mutation.mutations import FALSE_KINDS, TRUE_KINDS, make_context, make_pairs
from evals.mutation.pairs import statement_start, true_pairs
from ingest.prepare import prepare
from ingest.reading import read

CORPUS = Path(__file__).parents[3] / "evals" / "corpus"


@pytest.fixture(scope="module")
def documents():
    return [prepare(read(f.read_bytes(), f.name), f.name) for f in sorted(CORPUS.iterdir())]


@pytest.fixture(scope="module")
def pairs(documents):
    return make_pairs(documents, per_kind=60)


def test_every_kind_comes_often_enough_and_no_more_than_asked(pairs):
    counts = Counter(pair.kind for pair in pairs)
    assert set(counts) == {*TRUE_KINDS, *FALSE_KINDS}
    assert all(10 <= count <= 60 for count in counts.values())


def test_no_pair_comes_twice_and_false_kinds_are_false(pairs):
    assert len({(pair.sentence, pair.quote) for pair in pairs}) == len(pairs)
    assert all(pair.supported is (pair.kind in TRUE_KINDS) for pair in pairs)


def test_one_thing_changes_the_sentence_or_the_quote(documents, pairs):
    true = {(pair.sentence, pair.quote) for pair in true_pairs(documents)}
    for pair in pairs:
        if pair.kind == "neighbouring sentence":
            assert pair.sentence == pair.origin
            assert (pair.origin, pair.quote) not in true
        else:
            assert (pair.sentence == pair.origin) is (pair.kind == "unchanged")
            assert (pair.origin, pair.quote) in true


def test_quotes_are_exact_slices(documents, pairs):
    texts = {document.source: document.text for document, _ in documents}
    assert all(pair.quote in texts[pair.source] for pair in pairs)


def test_exactly_one_number_changes(pairs):
    changed = [pair for pair in pairs if pair.kind == "another number"]
    for one in changed:
        start = statement_start(one)
        before = [a.value for a in amounts(one.origin[start:], one.language)]
        after = [a.value for a in amounts(one.sentence[start:], one.language)]
        assert len(before) == len(after)
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_the_pairs_are_spread_over_documents_and_languages(pairs):
    for kind in ("unchanged", "another number", "negation", "neighbouring sentence"):
        own = [pair for pair in pairs if pair.kind == kind]
        assert len({pair.source for pair in own}) >= 15
        assert {"en", "nl", "fr"} <= {pair.language for pair in own}


def test_the_same_seed_gives_the_same_pairs(documents, pairs):
    assert make_pairs(iter(documents), per_kind=60) == pairs
    assert make_pairs(documents, per_kind=60, seed=1) != pairs


def test_the_context_gives_what_stands_beside_a_quote(documents):
    true = true_pairs(documents)
    context = make_context(documents, true)
    texts = {document.source: document.text for document, _ in documents}
    for one in true[:50]:
        near = context.neighbours[one.source, one.quote]
        assert 1 <= len(near) <= 2
        assert all(quote in texts[one.source] and quote != one.quote for quote in near)


def test_names_are_gathered_from_the_documents(documents):
    actors = make_context(documents, true_pairs(documents)).actors
    assert {"Canada", "Germany"} <= set(actors["en", "country", ""])
    assert "United States" in actors["en", "country", "the"]
