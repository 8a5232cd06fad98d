"""Trains the evidence model on examples.

    python -m evals.training.train EXAMPLES.jsonl… --to WEIGHTS.pt [--start WEIGHTS.pt]

The loss of a question is the cross-entropy of its answering sentences among all sentences
of its passages and one place for "none", and each sentence's own. On two cores in bfloat16
about two questions (seven passages) a second. glibc gives and takes back memory at every
step unless MALLOC_MMAP_MAX_=0 and MALLOC_TRIM_THRESHOLD_=100000000000 are set: a third
faster.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from assistant.ranker import MOST_SAID, Encoded, Reading, encode
from evals.training.network import Network, load, save, tokenize_with
from evals.training.shapes import ANSWERS, NO_ANSWER, UNKNOWN, Example, Labelled, read
from vectorstore.model_files import DEFAULT_MODEL, find

# Tokens a step, passages a question, and how often a question is shown without a heading or
# in lower case without its mark, as people type.
TOKENS, PASSAGES = 4500, 3
BARE, PLAIN = 0.05, 0.07
# How often sentences are given as said already, of a question that has one answering sentence or
# none and of one that has several; and how often of those a sentence that does not answer.
SAID_OF_ONE, SAID_OF_SEVERAL, BESIDE = 0.25, 0.6, 0.15
WARM_UP = 0.03
HEAD_RATE = 5
# What a file holds, and what a step is shown of it.
T = TypeVar("T")
B = TypeVar("B")
# The passages of a question, each with the labels of its sentences.
Question = list[tuple[Encoded, tuple[int, ...]]]


def batches(
    examples: Sequence[Example], tokenize: Callable[[str], list[int]], rng: random.Random
) -> Iterator[list[Question]]:
    """One round over the examples in random order, about `TOKENS` tokens at a time."""
    batch: list[Question] = []
    filled = 0
    for example in rng.sample(list(examples), len(examples)):
        encoded = _encoded(example, tokenize, rng)
        size = sum(len(one.ids) for one, _ in encoded)
        if batch and filled + size > TOKENS:
            yield batch
            batch, filled = [], 0
        if encoded:
            batch.append(encoded)
            filled += size
    if batch:
        yield batch


def _encoded(
    example: Example, tokenize: Callable[[str], list[int]], rng: random.Random
) -> Question:
    others = rng.sample(example.others, len(example.others))
    passages = [*example.passages, *others[: max(1, PASSAGES - len(example.passages))]]
    question = example.question
    if rng.random() < PLAIN:
        question = question.lower().rstrip("?.")
    if rng.random() < BARE:
        passages = [Labelled(replace(p.shown, heading=""), p.labels) for p in passages]
    said: tuple[Reading, ...] = ()
    several = sum(label == ANSWERS for p in passages for label in p.labels) > 1
    if rng.random() < (SAID_OF_SEVERAL if several else SAID_OF_ONE):
        passages, said = _half_said(passages, rng)
    encoded = [(encode(question, p.shown, tokenize, said), p.labels) for p in passages]
    return [(one, labels) for one, labels in encoded if max(one.owners) >= 0]


def _half_said(
    passages: Sequence[Labelled], rng: random.Random
) -> tuple[list[Labelled], tuple[Reading, ...]]:
    """Some sentences as said already, and the passages with only what they leave open.

    Mostly they are answers, one or several, else one sentence that does not answer.
    """
    by_label: dict[int, dict[str, str]] = {ANSWERS: {}, NO_ANSWER: {}}
    for passage in passages:
        for sentence, label in zip(passage.shown.sentences, passage.labels, strict=True):
            if label in by_label:
                by_label[label].setdefault(sentence, passage.shown.heading)
    beside = not by_label[ANSWERS] or rng.random() < BESIDE
    known = by_label[NO_ANSWER] if beside else by_label[ANSWERS]
    most = 1 if beside else min(len(known), MOST_SAID)
    if not known:
        return list(passages), ()
    told = rng.sample(sorted(known), rng.randint(1, most))
    left = [
        Labelled(
            p.shown,
            tuple(
                UNKNOWN if sentence in told else label
                for sentence, label in zip(p.shown.sentences, p.labels, strict=True)
            ),
        )
        for p in passages
    ]
    return left, tuple(Reading(known[sentence], (sentence,)) for sentence in told)


def loss_of(network: Network, batch: Sequence[Question]) -> tuple[Tensor, float]:
    """The loss of a step, and the listwise part of it a question."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scored = iter(network([one for question in batch for one, _ in question]))
    each, lists = [], []
    for question in batch:
        logits: list[Tensor] = []
        labels: list[int] = []
        for (_, known), got in zip(question, scored, strict=False):
            logits.append(got)
            labels += known[: len(got)]
        z, y = torch.cat(logits), torch.tensor(labels)
        z, y = z[y != UNKNOWN], y[y != UNKNOWN]
        each.append(functional.binary_cross_entropy_with_logits(z, y.float(), reduction="none"))
        answering = z[y != NO_ANSWER]
        none = torch.zeros(1)
        lists.append(
            torch.logsumexp(torch.cat([z, none]), 0)
            - torch.logsumexp(answering if len(answering) else none, 0)
        )
    listwise = torch.stack(lists).mean()
    return 4 * torch.cat(each).mean() + listwise, float(listwise.detach())


def descend(
    network: Network,
    batches: Callable[[random.Random], Iterator[Sequence[B]]],
    loss_of: Callable[[Network, Sequence[B]], tuple[Tensor, float]],
    *,
    total: float,
    rate: float,
    seed: int,
    to: Path,
) -> None:
    """Trains in place on rounds of batches until `total` things were shown; saves now and then.

    The learning rate rises to `rate` and falls to 0, and is higher for the head.
    """
    rng = random.Random(seed)
    torch.manual_seed(seed)
    body = [p for p in network.bert.parameters() if p.requires_grad]
    head = list(network.head.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": body}, {"params": head}], weight_decay=0.01, fused=True
    )
    network.train()
    done, step, losses, started = 0, 0, [], time.monotonic()
    while done < total:
        for batch in batches(rng):
            share = done / total
            if share >= 1:
                break
            now = rate * min(1, share / WARM_UP + 0.02) * (1 - share)
            for group, times in zip(optimizer.param_groups, (1, HEAD_RATE), strict=True):
                group["lr"] = now * times
            loss, shown = loss_of(network, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*body, *head], 1.0)
            optimizer.step()
            done, step = done + len(batch), step + 1
            losses.append(shown)
            if step % 50 == 0:
                save(network, to)
                recent = losses[-100:]
                print(
                    f"{done:.0f} of {total:.0f}, {time.monotonic() - started:.0f} s, "
                    f"loss {sum(recent) / len(recent):.3f}",
                    flush=True,
                )
    save(network, to)


def run(
    argv: Sequence[str] | None,
    module: str,
    *,
    read: Callable[[Path], Iterable[T]],
    batches: Callable[[Sequence[T], Callable[[str], list[int]], random.Random], Iterator[list[B]]],
    loss_of: Callable[[Network, Sequence[B]], tuple[Tensor, float]],
    count: Callable[[Sequence[T]], int] = len,
) -> int:
    """Trains as the command line says on what `read` finds in its files.

    `count` tells how many things a round shows.
    """
    parser = argparse.ArgumentParser(prog=f"python -m evals.training.{module}")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights to go on from; else the base model's")
    parser.add_argument("--rounds", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=8e-5, help="the highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    things = [thing for path in given.files for thing in read(path)]
    network = load(given.start) if given.start else Network()
    tokenize = tokenize_with(find(DEFAULT_MODEL, report=print))
    descend(
        network,
        partial(batches, things, tokenize),
        loss_of,
        total=given.rounds * count(things),
        rate=given.rate,
        seed=given.seed,
        to=given.to,
    )
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Trains on the examples of files."""
    return run(argv, "train", read=read, batches=batches, loss_of=loss_of)


if __name__ == "__main__":
    sys.exit(main())
