"""Figures of a ranking of passages, computed by ir-measures (trec_eval underneath).

A passage is relevant if it holds at least half of a place of gold evidence. An engine is
measured on its own passages, as every engine cuts its documents in its own way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from evals.gold import Gold, Library
from evals.plain import overlap
from vectorstore import Span

__all__ = ["RETRIEVAL", "Place", "measure_ranking", "relevant"]

# A document's id, and where the passage stands in its text.
Place = tuple[str, Span]

# Share of the evidence that a relevant passage holds at the least.
HELD = 0.5
# Our name → ir-measures' name. Recall@k: relevant passages among the first k / relevant
# passages. Reciprocal rank: 1 / rank of the first relevant one. nDCG@10 (Järvelin and
# Kekäläinen 2002) with relevance 0 or 1. Nothing retrieved counts 0.
RETRIEVAL: Mapping[str, str] = MappingProxyType(
    {
        "recall@1": "R@1",
        "recall@5": "R@5",
        "recall@20": "R@20",
        "reciprocal rank": "RR",
        "nDCG@10": "nDCG@10",
    }
)


def relevant(
    gold: Sequence[Gold], passages: Mapping[str, Sequence[Span]], library: Library
) -> frozenset[Place]:
    """The places of an engine's passages (by document id) that hold gold evidence."""
    found = set()
    for one in gold:
        start, end = library.plain(one.document).original(one.span)
        for span in passages[one.document]:
            if overlap(span, (start, end)) >= HELD * (end - start):
                found.add((one.document, span))
    return frozenset(found)


def measure_ranking(
    ranking: Sequence[Place], wanted: frozenset[Place]
) -> Mapping[str, float] | None:
    """The figures of one ranking, best first, by name; None where nothing is relevant.

    None too where no passage holds half of the evidence because it was cut apart.
    """
    import ir_measures

    if not wanted:
        return None
    judged = {"q": {_name(place): 1 for place in wanted}}
    ranked = {"q": {_name(place): float(-rank) for rank, place in enumerate(ranking)}}
    measures = {name: ir_measures.parse_measure(code) for name, code in RETRIEVAL.items()}
    values = ir_measures.calc_aggregate(list(measures.values()), judged, ranked)
    return {name: float(values.get(measure, 0.0)) for name, measure in measures.items()}


def _name(place: Place) -> str:
    return f"{place[0]}:{place[1][0]}-{place[1][1]}"
