"""Questions from a file, one JSON object a line, answered in order."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answers import Answer, Turn
from assistant.assistant import Assistant

__all__ = ["Asked", "BatchError", "answers", "read"]


class BatchError(Exception):
    """A batch file that cannot be used; the message names the line and what is expected."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the file."""

    id: str | None
    question: str
    history: tuple[Turn, ...] = ()


def read(file: str) -> tuple[Asked, ...]:
    """The questions of a file ("-": standard input), all checked before any is answered."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BatchError(
            f"The questions in {file!r} cannot be read: {error}. Name a UTF-8 text file."
        ) from error
    lines = enumerate(text.split("\n"), start=1)
    return tuple(_asked(line, f"{file}, line {number}") for number, line in lines if line.strip())


def _asked(line: str, where: str) -> Asked:
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise BatchError(f"{where} is not JSON: {error}.") from error
    if not isinstance(given, dict) or not isinstance(given.get("question"), str):
        raise BatchError(f'{where} needs an object with a text under "question".')
    if not any(c.isalnum() for c in given["question"]):
        raise BatchError(f"{where} has the question {given['question']!r}, which has no words.")
    history = given.get("history") or []
    if not isinstance(history, list) or not all(_is_turn(turn) for turn in history):
        raise BatchError(
            f'{where}: "history" is a list of {{"role": "user" or "assistant", "content": "…"}}.'
        )
    turns = tuple(Turn(turn["role"], turn["content"]) for turn in history)
    identity = given.get("id")
    return Asked(None if identity is None else str(identity), given["question"], turns)


def _is_turn(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return value.get("role") in ("user", "assistant") and isinstance(value.get("content"), str)


def answers(asked: Sequence[Asked], assistant: Assistant) -> Iterator[Answer]:
    """One answer a question, in the order asked."""
    for item in asked:
        yield assistant.answer(item.question, item.history, id=item.id)
