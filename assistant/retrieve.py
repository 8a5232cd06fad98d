"""Passages for a question: lexical and dense search in each language, fused and folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vectorstore import Document, Filter, Hit, Passage, Store

__all__ = ["Found", "fuse", "per_language", "retrieve"]

# Cormack, Clarke and Büttcher 2009 (reciprocal rank fusion) use 60.
RRF_K = 60
# How deep each search goes before fusion.
DEPTH = 60
# An answer reads so many passages in all, but at least so many of each language.
PASSAGES, LEAST = 24, 8
# Two passages that share this much of the smaller one's five-word runs say the same.
SAME = 0.8
RUN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved passage, its document, and how it was found.

    `lexical` and `dense` are 1-based ranks within the passage's language, None where that
    search did not return it; `fused` is the reciprocal rank sum, higher is better;
    `cosine` is the dense score, None without a dense rank. `twins` are passages with nearly
    the same words, folded into this one.
    """

    passage: Passage
    document: Document
    lexical: int | None
    dense: int | None
    fused: float
    cosine: float | None
    twins: tuple[Found, ...] = ()


def per_language(store: Store, filter: Filter | None = None) -> int:
    """How many passages of each language an answer reads: with fewer languages more of each."""
    languages = (filter.languages if filter else None) or store.languages()
    return max(LEAST, PASSAGES // max(1, len(languages)))


def retrieve(
    store: Store,
    query: str,
    vector: NDArray[np.float32],
    *,
    filter: Filter | None = None,
    limit: int = LEAST,
) -> tuple[Found, ...]:
    """The best `limit` passages of each language, best first within the language.

    Languages are searched apart because embedding models prefer the language of the
    question, so that in one ranking no other language would come up.
    """
    chosen = filter or Filter()
    allowed = chosen.languages or store.languages()
    return tuple(
        found
        for language in allowed
        for found in _in_language(
            store, query, vector, language=language, filter=chosen, limit=limit
        )
    )


def _in_language(
    store: Store,
    query: str,
    vector: NDArray[np.float32],
    *,
    language: str,
    filter: Filter,
    limit: int,
) -> tuple[Found, ...]:
    lexical = store.search_lexical(query, language=language, limit=DEPTH, filter=filter)
    dense = store.search_dense(vector, language=language, limit=DEPTH, filter=filter)
    fused = fuse(lexical, dense)
    best = sorted(fused, key=lambda key: -fused[key])[: 2 * limit]
    lexical_rank = {hit.passage_id: i for i, hit in enumerate(lexical, start=1)}
    dense_rank = {hit.passage_id: i for i, hit in enumerate(dense, start=1)}
    cosine = {hit.passage_id: hit.score for hit in dense}
    documents: dict[str, Document] = {}
    found = []
    for passage in store.passages(best):
        if passage.document_id not in documents:
            documents[passage.document_id] = store.document(passage.document_id)
        found.append(
            Found(
                passage=passage,
                document=documents[passage.document_id],
                lexical=lexical_rank.get(passage.id),
                dense=dense_rank.get(passage.id),
                fused=fused[passage.id],
                cosine=cosine.get(passage.id),
            )
        )
    return fold(found)[:limit]


def fuse(*rankings: Iterable[Hit]) -> dict[str, float]:
    """Reciprocal rank fusion: the sum over rankings of 1 / (60 + rank), by passage id."""
    fused: dict[str, float] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            fused[hit.passage_id] = fused.get(hit.passage_id, 0.0) + 1 / (RRF_K + rank)
    return fused


def fold(found: Sequence[Found]) -> tuple[Found, ...]:
    """Passages with nearly the same words become one, the first, which keeps the others."""
    kept: list[tuple[Found, frozenset[tuple[str, ...]], list[Found]]] = []
    for candidate in found:
        runs = _runs(candidate.passage.text)
        for _, seen, twins in kept:
            if runs and len(runs & seen) >= SAME * min(len(runs), len(seen)) and _alike(runs, seen):
                twins.append(candidate)
                break
        else:
            kept.append((candidate, runs, []))
    return tuple(_with_twins(first, twins) for first, _, twins in kept)


def _alike(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> bool:
    """Neither passage is more than half as long again as the other."""
    return max(len(a), len(b)) <= 1.5 * min(len(a), len(b))


def _with_twins(found: Found, twins: Sequence[Found]) -> Found:
    if not twins:
        return found
    return replace(found, twins=tuple(twins))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    starts = range(max(1, len(words) - RUN + 1)) if words else ()
    return frozenset(tuple(words[i : i + RUN]) for i in starts)
