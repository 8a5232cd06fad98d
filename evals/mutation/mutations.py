"""False pairs made from true ones by one small change, and the sets that are measured on."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from evals.mutation.actors import another_actor, names_of
from evals.mutation.assertions import modality, negation
from evals.mutation.attributions import another_summit, neighbouring_sentence, summits_of
from evals.mutation.context import Context, Event
from evals.mutation.misquotes import another_currency, another_number, another_year
from evals.mutation.pairs import UNCHANGED, Pair, statement_start, true_pairs
from evals.mutation.variations import VARIATIONS
from vectorstore import Document, Passage

__all__ = ["FALSE_KINDS", "MUTATIONS", "TRUE_KINDS", "Mutation", "make_context", "make_pairs"]

Mutation = Callable[[Pair, Context, random.Random], "Pair | None"]
MUTATIONS: Mapping[str, Mutation] = MappingProxyType(
    {
        "another number": another_number,
        "another year": another_year,
        "another currency": another_currency,
        "another actor": another_actor,
        "negation": negation,
        "modality": modality,
        "another summit": another_summit,
        "neighbouring sentence": neighbouring_sentence,
    }
)
FALSE_KINDS = tuple(MUTATIONS)
TRUE_KINDS = (UNCHANGED, *VARIATIONS)


def make_pairs(
    store_documents: Iterable[tuple[Document, Sequence[Passage]]], *, per_kind: int, seed: int = 0
) -> tuple[Pair, ...]:
    """At most `per_kind` pairs of each kind, spread over the documents.

    The same documents and seed give the same pairs. No pair comes twice: none has the
    sentence and the quote of another.
    """
    documents = tuple(store_documents)
    pairs = true_pairs(documents)
    context = make_context(documents, pairs)
    made: dict[tuple[str, str], Pair] = {}
    for kind in (*TRUE_KINDS, *FALSE_KINDS):
        rng = random.Random(f"{seed} {kind}")
        count = 0
        for pair in _spread(pairs, rng):
            if count >= per_kind:
                break
            changed = _make(kind, pair, context, rng)
            if changed and (changed.sentence, changed.quote) not in made:
                made[changed.sentence, changed.quote] = changed
                count += 1
    return tuple(made.values())


def make_context(
    documents: Sequence[tuple[Document, Sequence[Passage]]], pairs: Sequence[Pair]
) -> Context:
    """What the documents give to change their true pairs with."""
    attributed = {pair.source for pair in pairs if statement_start(pair)}
    neighbours: dict[tuple[str, str], tuple[str, ...]] = {}
    events = []
    for document, passages in documents:
        quotes = _quotes(document, passages)
        for i, quote in enumerate(quotes):
            near = (*quotes[max(0, i - 1) : i], *quotes[i + 1 : i + 2])
            neighbours[document.source, quote] = near
        if document.source in attributed and document.date:
            events.append(Event(document.title, document.date, document.language, quotes))
    return Context(neighbours, tuple(events), names_of(pairs), summits_of(pairs))


def _make(kind: str, pair: Pair, context: Context, rng: random.Random) -> Pair | None:
    if kind == UNCHANGED:
        return pair
    if kind in VARIATIONS:
        return VARIATIONS[kind](pair, rng)
    return MUTATIONS[kind](pair, context, rng)


def _spread(pairs: Sequence[Pair], rng: random.Random) -> Iterator[Pair]:
    """All pairs, one of each document in turn, the documents and their pairs shuffled."""
    by_source: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_source[pair.source].append(pair)
    queues = list(by_source.values())
    rng.shuffle(queues)
    for queue in queues:
        rng.shuffle(queue)
    for turn in range(max(map(len, queues), default=0)):
        yield from (queue[turn] for queue in queues if turn < len(queue))


def _quotes(document: Document, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The slices of a document that could be cited, in order."""
    return tuple(
        document.text[s.start : s.end]
        for passage in passages
        for s in passage.sentences
        if s.kind in ("sentence", "item") and len(s.spans) == 1 and len(s.text.split()) > 3
    )
