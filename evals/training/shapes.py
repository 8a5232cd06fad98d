"""A training example and its file: JSON lines, one question with passages to a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.ranker import Reading

__all__ = ["ANSWERS", "NO_ANSWER", "UNKNOWN", "Example", "Labelled", "read", "write"]

# A sentence's label. `UNKNOWN` sentences are left out of the loss: they may answer too.
ANSWERS, NO_ANSWER, UNKNOWN = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Labelled:
    """A passage as the model is shown it, with a label for each sentence."""

    shown: Reading
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question; `passages` are always shown with it, of `others` (all negative) a few."""

    question: str
    passages: tuple[Labelled, ...]
    others: tuple[Labelled, ...] = ()


def write(examples: Iterable[Example], path: Path) -> int:
    """Writes the examples; how many there were."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            line = {
                "question": example.question,
                "passages": [_as_json(passage) for passage in example.passages],
                "others": [_as_json(passage) for passage in example.others],
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count


def read(path: Path) -> Iterator[Example]:
    """The examples of a file that `write` wrote."""
    for line in path.read_text(encoding="utf-8").splitlines():
        value = json.loads(line)
        yield Example(
            value["question"],
            tuple(map(_from_json, value["passages"])),
            tuple(map(_from_json, value["others"])),
        )


def _as_json(passage: Labelled) -> dict[str, Any]:
    shown = passage.shown
    return {"heading": shown.heading, "sentences": shown.sentences, "labels": passage.labels}


def _from_json(value: dict[str, Any]) -> Labelled:
    shown = Reading(value["heading"], tuple(value["sentences"]))
    return Labelled(shown, tuple(value["labels"]))
