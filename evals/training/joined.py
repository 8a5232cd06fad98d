"""Training examples of two questions in one, made from examples of one question each.

    python -m evals.training.joined EXAMPLES.jsonl … --to JOINED.jsonl --most 1500 --seed 31

What answers is what answers either; so the model learns that a second part is still open when
the first has been answered, also where the parts stand in two documents.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from evals.training.shapes import ANSWERS, UNKNOWN, Example, Labelled, read, write
from ingest.metadata import find_language
from ingest.words import function_words

__all__ = ["joined"]

AND = {"en": "and", "nl": "en", "de": "und", "fr": "et"}
# How often two questions on alike documents are joined (else any two), at most so many places
# apart where examples are in the order of their headings.
ALIKE, NEAR = 0.6, 9
# How often a second question without an answer is joined to one that has one.
OPEN = 0.4
# Questions so long, in words, and together in characters, leave the model no room.
LONGEST, ROOM = 22, 230
# Passages, and passages that do not answer, taken over from each.
PASSAGES, OTHERS = 2, 2


def joined(examples: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    """Pairs of questions in one language, at most one for each example that is answered."""
    by_language: dict[str, list[Example]] = {language: [] for language in AND}
    for example in examples:
        short = 0 < len(example.question.split()) <= LONGEST
        if short and example.passages and len(_answers(example)) <= 2:
            by_language[find_language(example.question, among=tuple(AND))].append(example)
    for language, some in by_language.items():
        some.sort(key=lambda example: example.passages[0].shown.heading)
        for at, first in enumerate(some):
            second = some[_partner(at, len(some), rng)]
            left = _answers(first)
            if not left or left & _answers(second):
                continue
            if not _answers(second) and rng.random() > OPEN:
                continue
            question = _question(first.question, second.question, language, rng)
            if len(question) <= ROOM:
                yield _together(question, first, second)


def _partner(at: int, count: int, rng: random.Random) -> int:
    if rng.random() > ALIKE:
        return rng.randrange(count)
    step = rng.choice([step for step in range(-NEAR, NEAR + 1) if step])
    return min(max(0, at + step), count - 1)


def _answers(example: Example) -> set[str]:
    return {
        sentence
        for passage in example.passages
        for sentence, label in zip(passage.shown.sentences, passage.labels, strict=True)
        if label == ANSWERS
    }


def _question(one: str, other: str, language: str, rng: random.Random) -> str:
    """Both questions as one, or one after the other, as people ask."""
    first, second = one.strip(), other.strip()
    opening = re.match(r"\w+", second)
    if opening and opening[0].casefold() in function_words(language):
        lower = second[0].lower() + second[1:]
    else:
        lower = second
    begun = first.rstrip("?. ")
    forms = [f"{begun}, {AND[language]} {lower}", f"{begun} {AND[language]} {lower}"]
    return rng.choices([*forms, f"{first} {second}", f"{begun}; {lower}"], [11, 3, 4, 2])[0]


def _together(question: str, first: Example, second: Example) -> Example:
    answers = _answers(first) | _answers(second)
    shown = {p.shown: p for e in (first, second) for p in e.passages[:PASSAGES]}
    others = {p.shown: p for e in (first, second) for p in e.others[:OTHERS]}
    return Example(
        question,
        tuple(_relabelled(p, answers, ANSWERS) for p in shown.values()),
        # there it may be another document's sentence with the same words
        tuple(_relabelled(p, answers, UNKNOWN) for key, p in others.items() if key not in shown),
    )


def _relabelled(passage: Labelled, sentences: set[str], label: int) -> Labelled:
    pairs = zip(passage.shown.sentences, passage.labels, strict=True)
    labels = tuple(label if sentence in sentences else known for sentence, known in pairs)
    return replace(passage, labels=labels)


def main(argv: Sequence[str] | None = None) -> int:
    """Writes joined examples, at random."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.joined")
    parser.add_argument("examples", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--most", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    rng = random.Random(given.seed)
    made = list(joined([e for path in given.examples for e in read(path)], rng))
    count = write(rng.sample(made, min(given.most, len(made))), given.to)
    print(f"{count} examples of {len(made)} pairs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
