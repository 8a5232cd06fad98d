"""A reader's feedback on an answer or on one of its citations, a line of JSON each.

`python -m evals draft` makes questions of such lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from assistant.answers import Turn
from assistant.verify import Cited

__all__ = [
    "FILE_NAME",
    "Feedback",
    "FeedbackError",
    "ReaderVerdict",
    "append",
    "as_line",
    "read_feedback",
]

# The file in the store's folder in which the chat page keeps feedback.
FILE_NAME = "feedback.jsonl"
ReaderVerdict = Literal["right", "wrong", "incomplete"]
VERDICTS: tuple[ReaderVerdict, ...] = get_args(ReaderVerdict)
ROLES: tuple[Literal["user", "assistant"], ...] = ("user", "assistant")
T = TypeVar("T")


class FeedbackError(Exception):
    """Feedback that cannot be kept or read; the message names file, line, value and remedy."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader says of an answer, or of the one `citation` that is given.

    `question`, `standalone_question`, `answer`, `abstained`, `language` and `engine` are
    those of the answer, `citations` all of its citations, and `history` the turns before
    the question. `when` is in UTC, ISO 8601, such as 2024-07-10T09:30:00Z.
    """

    question: str
    standalone_question: str
    answer: str
    abstained: bool
    verdict: ReaderVerdict
    language: str
    engine: str
    when: str
    note: str = ""
    citation: Cited | None = None
    citations: tuple[Cited, ...] = ()
    history: tuple[Turn, ...] = ()


def as_line(feedback: Feedback) -> str:
    """The feedback as one line of JSON, without a line break."""
    return json.dumps(asdict(feedback), ensure_ascii=False)


def append(file: Path, feedback: Feedback) -> None:
    """Adds a line to the file, which is made if need be; FeedbackError where that fails.

    It is one write to the end, so that two who write at the same time mix no lines.
    """
    # What no encoding has, half of a surrogate pair, must not cost the rest of the line.
    line = f"{as_line(feedback)}\n".encode("utf-8", "replace")
    try:
        with file.open("ab", buffering=0) as opened:
            written = opened.write(line)
    except OSError as error:
        raise FeedbackError(
            f"The feedback cannot be kept in {str(file)!r} ({error}). Check the folder and its "
            "permissions."
        ) from error
    if written != len(line):
        raise FeedbackError(
            f"Only {written} of {len(line)} bytes of feedback went into {str(file)!r}. Make room "
            "on the disk, and take out the file's last line."
        )


def read_feedback(file: Path) -> tuple[Feedback, ...]:
    """The feedback in a file, in its order; FeedbackError where a line does not have the form."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FeedbackError(
            f"The feedback in {str(file)!r} cannot be read: {error}. Name a file that the chat "
            "page wrote."
        ) from error
    # Not splitlines(): what a reader writes may hold a line separator that JSON leaves alone.
    lines = enumerate(text.split("\n"), start=1)
    return tuple(_feedback(line, f"{file}, line {number}") for number, line in lines if line)


def _feedback(line: str, where: str) -> Feedback:
    try:
        given = _object(json.loads(line))
        citation = given.get("citation")
        return Feedback(
            question=_field(given, "question", _text),
            standalone_question=_field(given, "standalone_question", _text),
            answer=_field(given, "answer", _string),
            abstained=_field(given, "abstained", _switch),
            verdict=_field(given, "verdict", _one_of(VERDICTS)),
            language=_field(given, "language", _text),
            engine=_field(given, "engine", _text),
            when=_field(given, "when", _utc),
            note=_field(given, "note", _string),
            citation=None if citation is None else _cited(citation),
            citations=tuple(_cited(one) for one in _field(given, "citations", _list)),
            history=tuple(_turn(turn) for turn in _field(given, "history", _list)),
        )
    except json.JSONDecodeError as error:
        raise FeedbackError(f"{where} is not JSON: {error}. Mend it or take it out.") from error
    except _Unfit as error:
        raise FeedbackError(f"{where}: {error}. Mend the line or take it out.") from error


class _Unfit(Exception):  # noqa: N818 - never leaves this module
    """A value that does not have the form, in words."""


def _field(given: Mapping[str, Any], key: str, form: Callable[[Any], T]) -> T:
    if key not in given:
        raise _Unfit(f"{key!r} is missing")
    try:
        return form(given[key])
    except _Unfit as error:
        raise _Unfit(f"{key!r} is {given[key]!r:.80}, {error}") from error


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Unfit(f"{value!r:.80} is not a JSON object")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _Unfit("which is no text")
    return value


def _text(value: Any) -> str:
    if not _string(value).strip():
        raise _Unfit("which is blank")
    return str(value)


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Unfit("which is neither true nor false")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _Unfit("which is no list")
    return value


def _offset(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _Unfit("which is no offset")
    return value


def _utc(value: Any) -> str:
    try:
        shift = datetime.fromisoformat(_string(value)).utcoffset()
    except ValueError:
        shift = None
    if shift != timedelta(0):
        raise _Unfit("which is no time in UTC, such as 2024-07-10T09:30:00Z")
    return str(value)


def _one_of(values: tuple[T, ...]) -> Callable[[Any], T]:
    def form(value: Any) -> T:
        for known in values:
            if value == known:
                return known
        raise _Unfit(f"which is none of {', '.join(map(str, values))}")

    return form


def _cited(value: Any) -> Cited:
    given = _object(value)
    return Cited(
        document=_field(given, "document", _text),
        source=_field(given, "source", _text),
        start=_field(given, "start", _offset),
        end=_field(given, "end", _offset),
        quote=_field(given, "quote", _text),
    )


def _turn(value: Any) -> Turn:
    given = _object(value)
    return Turn(_field(given, "role", _one_of(ROLES)), _field(given, "content", _string))
