import pytest
from eval_samples import small_store
from store_samples import document, put

from evals.baselines import SENTENCES, Bm25Engine, DenseEngine
from evals.gold import Library


@pytest.fixture
def opened(tmp_path):
    with small_store(tmp_path) as (store, embedder):
        yield store, embedder


def engines(store, embedder):
    library = Library(store)
    return [Bm25Engine(store, library), DenseEngine(store, library, embedder)]


def test_the_best_sentence_comes_first_and_is_cited_exactly(opened):
    store, embedder = opened
    for engine in engines(store, embedder):
        answer = engine.answer("Which country became the thirty-second Ally?", ())
        assert answer.sentences[0].text == "Sweden became the thirty-second Ally."
        assert 1 <= len(answer.sentences) <= SENTENCES
        for citation in answer.citations:
            text = store.document(citation.document).text
            assert text[citation.start : citation.end] == citation.quote
        assert answer.engine == engine.name


def test_the_ranking_is_of_passages_that_the_store_has(opened):
    store, embedder = opened
    for engine in engines(store, embedder):
        ranking = engine.ranking("Finland, the thirty-first Ally")
        document_id, span = ranking[0]
        text = store.document(document_id).text
        assert text[slice(*span)] == "Finland became the thirty-first Ally."
        assert all(span in engine.passages(document_id) for document_id, span in ranking)
        assert len(ranking) == len(set(ranking))


def test_words_that_no_sentence_has_are_refused(opened):
    answer = engines(*opened)[0].answer("Xylophone quartets?", ())
    assert answer.abstained and not answer.citations and not answer.sentences


def test_all_languages_are_in_one_ranking(opened):
    store, embedder = opened
    dutch = document("Zweden werd de tweeëndertigste bondgenoot.", language="nl", title="Brief")
    put(store, dutch, "/docs/brief.md")
    for engine in engines(store, embedder):
        found = [document_id for document_id, _ in engine.ranking("Zweden Sweden bondgenoot Ally")]
        assert dutch.id in found and len(set(found)) > 1
