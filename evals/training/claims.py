"""Trains the entailment model on sentences written from others, right and wrong ones.

    python -m evals.training.claims claims.jsonl --start START.pt --to WEIGHTS.pt

A sentence stands in the place of the question and what it cites in that of a passage; see
`assistant/entailment.py`. To the written sentences come some of the document's own, word for
word, and right ones beside a sentence that does not say them.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from assistant.check import Cited
from assistant.entailment import encode_claim
from assistant.ranker import Encoded
from evals.training.network import Network
from evals.training.train import run

__all__ = ["Block", "Claim", "Pair", "batches", "loss_of", "pairs", "read"]

# Tokens a step.
TOKENS = 2600
# Sentences of each block that are taken word for word, and of how many words at least.
VERBATIM, WORDS = 2, 5
# How often a right sentence comes beside a sentence that does not say it, a source beside one of
# another document, and a source without what it belongs to.
BESIDE, FOREIGN, BARE = 0.2, 0.1, 0.05
# Of the claims in the freest words, in which right ones share fewer words with their sources than
# wrong ones: how many are shown.
FREE = 0.2


@dataclass(frozen=True, slots=True)
class Claim:
    """A written sentence; `cites` are indices into its block's sentences."""

    text: str
    cites: tuple[int, ...]
    ok: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences that stand together in a document, and what was written from them."""

    sources: tuple[Cited, ...]
    claims: tuple[Claim, ...]
    free: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with sources, and whether they say it."""

    text: str
    sources: tuple[Cited, ...]
    ok: bool


def read(path: Path) -> Iterator[Block]:
    """The blocks of a file, a line each."""
    for line in path.read_text(encoding="utf-8").splitlines():
        block = json.loads(line)
        yield Block(
            sources=tuple(
                Cited(
                    text,
                    block["lang"],
                    title=block["title"],
                    date=block["date"],
                    headings=tuple(block["headings"]),
                )
                for text in block["sentences"]
            ),
            claims=tuple(
                Claim(one["text"], tuple(n - 1 for n in one["cites"]), one["ok"])
                for one in block["claims"]
            ),
            free=block["free"],
        )


def pairs(blocks: Sequence[Block], rng: random.Random) -> list[Pair]:
    """What is trained on in a round."""
    found = []
    for block in blocks:
        places = range(len(block.sources))
        for claim in block.claims:
            if block.free and rng.random() > FREE:
                continue
            sources = tuple(block.sources[n] for n in claim.cites)
            found.append(Pair(claim.text, sources, claim.ok))
            others = [n for n in places if n not in claim.cites]
            if claim.ok and others and rng.random() < BESIDE:
                found.append(Pair(claim.text, (block.sources[rng.choice(others)],), ok=False))
        for n in rng.sample(places, min(VERBATIM, len(places))):
            said = block.sources[n].text
            if len(said.split()) >= WORDS:
                more = rng.sample([m for m in places if m != n], rng.randint(0, 1))
                kept = tuple(block.sources[m] for m in sorted([n, *more]))
                found.append(Pair(said, kept, ok=True))
    return [_varied(pair, blocks, rng) for pair in found]


def _varied(pair: Pair, blocks: Sequence[Block], rng: random.Random) -> Pair:
    if rng.random() < FOREIGN:
        more = rng.choice(rng.choice(blocks).sources)
        sources = (*pair.sources, more) if rng.random() < 0.5 else (more, *pair.sources)
        return Pair(pair.text, sources, pair.ok)
    if rng.random() < BARE:
        bare = tuple(Cited(source.text, source.language) for source in pair.sources)
        return Pair(pair.text, bare, pair.ok)
    return pair


def batches(
    blocks: Sequence[Block], tokenize: Callable[[str], list[int]], rng: random.Random
) -> Iterator[list[tuple[Encoded, bool]]]:
    """One round over the pairs in random order, about `TOKENS` tokens at a time."""
    batch: list[tuple[Encoded, bool]] = []
    filled = 0
    every = pairs(blocks, rng)
    for pair in rng.sample(every, len(every)):
        encoded = encode_claim(pair.text, pair.sources, tokenize)
        if max(encoded.owners) < 0:
            continue
        if batch and filled + len(encoded.ids) > TOKENS:
            yield batch
            batch, filled = [], 0
        batch.append((encoded, pair.ok))
        filled += len(encoded.ids)
    if batch:
        yield batch


def loss_of(network: Network, batch: Sequence[tuple[Encoded, bool]]) -> tuple[Tensor, float]:
    """The loss of a step, and what of it is told."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scored = network([encoded for encoded, _ in batch])
    logits = torch.cat([one[:1] for one in scored])
    wanted = torch.tensor([float(ok) for _, ok in batch])
    loss = functional.binary_cross_entropy_with_logits(logits, wanted)
    return loss, float(loss.detach())


def main(argv: Sequence[str] | None = None) -> int:
    """Trains on the claims of files."""

    def count(blocks: Sequence[Block]) -> int:
        return len(pairs(blocks, random.Random(0)))

    return run(argv, "claims", read=read, batches=batches, loss_of=loss_of, count=count)


if __name__ == "__main__":
    sys.exit(main())
