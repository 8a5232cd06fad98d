"""A run: every engine answers every question, each answer is scored, a folder keeps it all.

run.json                 settings, fingerprints, commit, every figure with its interval
<engine>.jsonl           one line a question: answer, score with reasons, figures' parts
report.html              the same for the eye (`evals.report`)
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant import Answer, Seconds, as_json
from evals.engines import Engine
from evals.gold import Library, locate
from evals.metrics import Part, parts
from evals.questions import Question
from evals.retrieval import measure_ranking, relevant
from evals.scoring import Score, score

__all__ = ["Record", "RunError", "answer_all", "new_folder", "read_parts", "write_records"]


class RunError(Exception):
    """A run that cannot be made or read; the message names the folder and the remedy."""


@dataclass(frozen=True, slots=True)
class Record:
    """One question, what an engine answered, its score, and what it adds to every figure."""

    question: Question
    answer: Answer
    score: Score
    parts: Mapping[str, Part]


def answer_all(
    engine: Engine,
    questions: Sequence[Question],
    library: Library,
    *,
    report: Callable[[int, int], None],
) -> tuple[Record, ...]:
    """The records of one engine; `report` gets (questions done, of how many)."""
    return tuple(_records(engine, questions, library, report=report))


def _records(
    engine: Engine,
    questions: Sequence[Question],
    library: Library,
    *,
    report: Callable[[int, int], None],
) -> Iterator[Record]:
    spans = {document: engine.passages(document) for document in library.ids()}
    for done, question in enumerate(questions, start=1):
        started = time.perf_counter()
        answer = engine.answer(question.question, question.history)
        spent = time.perf_counter() - started
        answer = replace(answer, id=question.id, seconds=Seconds(answer.seconds.retrieve, spent))
        ranked = None
        if question.answerable:
            ranking = engine.ranking(answer.standalone_question)
            ranked = measure_ranking(ranking, relevant(locate(question, library), spans, library))
        scored = score(question, answer, library)
        yield Record(question, answer, scored, parts(scored, ranked))
        report(done, len(questions))


def new_folder(parent: Path) -> Path:
    """A new folder named by the time in UTC, with a number behind where that is taken."""
    name = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    for attempt in range(1, 100):
        folder = parent / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise RunError(f"The folder {str(folder)!r} cannot be made ({error}).") from error
        return folder
    raise RunError(f"{str(parent)!r} has too many runs of {name}; clear it away.")


def write_records(folder: Path, engine: str, records: Sequence[Record]) -> None:
    """Writes `<engine>.jsonl`; figures' parts as [numerator, denominator]."""
    with (folder / f"{engine}.jsonl").open("w", encoding="utf-8") as file:
        for record in records:
            line: dict[str, Any] = {
                "id": record.question.id,
                "question": asdict(record.question),
                "answer": as_json(record.answer),
                "score": asdict(record.score),
                "parts": {name: list(part) for name, part in record.parts.items()},
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_parts(folder: Path, engine: str) -> dict[str, dict[str, Part]]:
    """By question id, what each question added to every figure in an earlier run."""
    file = folder / f"{engine}.jsonl"
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
        read = [json.loads(line) for line in lines if line.strip()]
        return {
            line["id"]: {name: (top, bottom) for name, (top, bottom) in line["parts"].items()}
            for line in read
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"{str(folder)!r} is not a run with the engine {engine!r} ({error}). Name a folder "
            "that `python -m evals` made."
        ) from error
