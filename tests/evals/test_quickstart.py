import pytest
from eval_samples import PLEDGES, small_store

from evals.gold import Library
from evals.quickstart import TOP_K, QuickstartEngine


@pytest.fixture
def engine(tmp_path):
    with small_store(tmp_path / "store") as (store, embedder):
        seen = []
        yield QuickstartEngine(
            Library(store), embedder, tmp_path / "index", report=lambda *at: seen.append(at)
        )
        assert seen == [(1, 2), (2, 2)]


def test_whole_passages_are_the_answer_cited_where_they_stand(engine):
    answer = engine.answer("Which Ally came thirty-second, Sweden?", ())
    assert len(answer.citations) == TOP_K
    assert answer.citations[0].quote == PLEDGES.strip()
    assert answer.citations[0].source == "pledges.md"
    assert not answer.abstained


def test_the_ranking_is_of_its_own_passages(engine):
    ranking = engine.ranking("Finland thirty-first Ally Vilnius")
    assert len(ranking) == 2
    for document_id, span in ranking:
        assert span in engine.passages(document_id)
