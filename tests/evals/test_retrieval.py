import math

import pytest
from eval_samples import PLEDGES, question, small_library

from evals.gold import locate
from evals.retrieval import RETRIEVAL, measure_ranking, relevant

PLACES = [("d", (i, i + 1)) for i in range(30)]


def test_figures_by_hand():
    # Relevant: 3 passages; found at ranks 2 and 6.
    ranking = [PLACES[i] for i in (9, 0, 8, 7, 6, 1, 5)]
    figures = measure_ranking(ranking, frozenset([PLACES[0], PLACES[1], PLACES[2]]))
    assert set(figures) == set(RETRIEVAL)
    assert figures["recall@1"] == 0
    assert figures["recall@5"] == pytest.approx(1 / 3)
    assert figures["recall@20"] == pytest.approx(2 / 3)
    assert figures["reciprocal rank"] == pytest.approx(1 / 2)
    gain = 1 / math.log2(3) + 1 / math.log2(7)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert figures["nDCG@10"] == pytest.approx(gain / ideal)


def test_order_decides_between_passages_of_the_same_ranking():
    wanted = frozenset([PLACES[0]])
    first = measure_ranking(PLACES[:20], wanted)
    last = measure_ranking(PLACES[:20][::-1], wanted)
    assert (first["reciprocal rank"], last["reciprocal rank"]) == (1.0, 1 / 20)


def test_nothing_retrieved_is_nought_and_nothing_wanted_is_undefined():
    assert set(measure_ranking([], frozenset([PLACES[0]])).values()) == {0.0}
    assert measure_ranking(PLACES, frozenset()) is None


def test_a_passage_with_half_of_the_evidence_is_relevant(tmp_path):
    quote = "The summit was held in Washington."
    start = PLEDGES.index(quote)
    middle = start + len(quote) // 2
    asked = question("Washington", evidence=[("pledges.md", quote)])
    with small_library(tmp_path) as library:
        gold = locate(asked, library)
        document = gold[0].document
        spans = {document: [(0, start + 3), (0, middle), (middle + 3, len(PLEDGES))]}
        assert relevant(gold, spans, library) == {(document, (0, middle))}
