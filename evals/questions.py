"""Questions with gold evidence: their form, and reading them from a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Turn

__all__ = [
    "KINDS",
    "LANGUAGES",
    "SPLITS",
    "Evidence",
    "Question",
    "QuestionsError",
    "lines_of",
    "parse_question",
    "read_questions",
    "select",
]

KINDS = (
    "fact",
    "number",
    "date",
    "attribution",
    "list",
    "comparison",
    "multi-doc",
    "temporal",
    "cross-lingual",
    "dutch",
    "follow-up",
    "unanswerable",
    "false-premise",
)
LANGUAGES = ("en", "nl", "fr", "de")
SPLITS = ("dev", "test")
REQUIRED = ("id", "question", "lang", "kind", "answerable", "facts", "evidence", "note")


class QuestionsError(Exception):
    """Questions that cannot be used; the message names the file, the line and the remedy."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a document that answer; `doc` is the last part of the document's name."""

    doc: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what a right answer holds.

    Each of `facts` lists the spellings of which one has to be in the answer. `evidence`
    holds every place that carries a fact, so that one of several is enough. `split` is
    "dev" (to tune on), "test" (to report on) or None.
    """

    id: str
    question: str
    lang: str
    kind: str
    answerable: bool
    facts: tuple[tuple[str, ...], ...]
    evidence: tuple[Evidence, ...]
    note: str
    history: tuple[Turn, ...] = ()
    split: str | None = None


def lines_of(file: Path) -> tuple[tuple[str, str], ...]:
    """The lines of a file that hold something, each with where it stands, for messages."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(
            f"The questions in {str(file)!r} cannot be read: {error}. Name a UTF-8 text file."
        ) from error
    # Not splitlines(): a quote may hold a line separator that JSON does not escape.
    lines = enumerate(text.split("\n"), start=1)
    found = tuple((line, f"{file}, line {number}") for number, line in lines if line.strip())
    if not found:
        raise QuestionsError(f"{str(file)!r} holds no questions; give one JSON object a line.")
    return found


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a JSON Lines file; QuestionsError where a line does not have the form."""
    read = tuple(parse_question(line, where) for line, where in lines_of(file))
    seen: set[str] = set()
    for question in read:
        if question.id in seen:
            raise QuestionsError(f"{file} has two questions with the id {question.id!r}.")
        seen.add(question.id)
    return read


def select(
    questions: Sequence[Question], wanted: Mapping[str, str], *, split: str | None = None
) -> tuple[Question, ...]:
    """Those of a split (None: all) with these values, e.g. `{"kind": "list"}`.

    Keys are `id`, `kind`, `lang` and `doc`; QuestionsError where none is left.
    """
    for key in wanted:
        if key not in ("id", "kind", "lang", "doc"):
            raise QuestionsError(f"Questions cannot be chosen by {key!r}: id, kind, lang or doc.")
    chosen = [q for q in questions if split is None or q.split == split]
    for key, value in wanted.items():
        chosen = [q for q in chosen if value in _values(q, key)]
    if not chosen:
        told = ", ".join(f"{key}={value}" for key, value in wanted.items()) or "any value"
        among = f" in the split {split!r}" if split else ""
        raise QuestionsError(f"None of the {len(questions)} questions has {told}{among}.")
    return tuple(chosen)


def _values(question: Question, key: str) -> tuple[str, ...]:
    if key == "doc":
        return tuple(evidence.doc for evidence in question.evidence)
    return (str(getattr(question, key)),)


def parse_question(line: str, where: str) -> Question:
    """The question of one line; QuestionsError, which says `where`, if it has not the form."""
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionsError(f"{where} is not JSON: {error}.") from error
    if not isinstance(given, dict):
        raise QuestionsError(f"{where} is not a JSON object.")
    missing = [key for key in REQUIRED if key not in given]
    unknown = [key for key in given if key not in (*REQUIRED, "history", "split")]
    if missing or unknown:
        told = [f"lacks {key!r}" for key in missing] + [f"has an unknown {k!r}" for k in unknown]
        raise QuestionsError(f"{where} {' and '.join(told)}.")
    try:
        return Question(
            id=str(given["id"]),
            question=_text(given["question"]),
            lang=_text(given["lang"]),
            kind=_text(given["kind"]),
            answerable=_bool(given["answerable"]),
            facts=tuple(tuple(_text(v) for v in _list(fact)) for fact in _list(given["facts"])),
            evidence=tuple(
                Evidence(_text(e["doc"]), _text(e["quote"])) for e in _list(given["evidence"])
            ),
            note=str(given["note"]),
            history=tuple(_turn(turn) for turn in _list(given.get("history") or [])),
            split=given.get("split"),
        )
    except (KeyError, TypeError) as error:
        raise QuestionsError(
            f"{where} does not have the form of evals/questions.jsonl: {error}."
        ) from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} is no text")
    return value


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    return value


def _turn(value: Any) -> Turn:
    if not isinstance(value, dict) or value.get("role") not in ("user", "assistant"):
        raise TypeError(f"{value!r} is no turn with a role and content")
    return Turn(value["role"], _text(value.get("content")))
