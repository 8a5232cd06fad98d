"""The scorecard in evals/README.md: written by a command, held to a fresh run by a test."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.breaks import BREAKS, half_of, spoil
from evals.compare import Change, compare
from evals.engines import AssistantEngine
from evals.gold import Library
from evals.mutation.checkers import Rate, measure, word_overlap
from evals.mutation.mutations import make_pairs
from evals.questions import Question
from evals.run import Record, RunError, answer_all
from evals.table import figure_rows, group_rows, rate_rows
from evals.workbench import Workbench
from vectorstore import Filter

__all__ = [
    "CURVE",
    "README",
    "breaks",
    "missed",
    "rates_of",
    "render",
    "stale",
    "thresholds",
    "written",
]

HERE = Path(__file__).parent
README = HERE / "README.md"
CURVE = HERE / "coverage.svg"
THRESHOLDS = HERE / "thresholds.toml"
BEGIN, END = "<!-- scorecard: begin -->", "<!-- scorecard: end -->"
# A figure of the committed card may differ by this much from a fresh run: about one question
# of the half, as another processor's arithmetic may turn over a close choice.
TOLERANCE = 0.02
# Mutation pairs of each kind, at the most.
PER_KIND = 60
TIMED = ("seconds p50", "seconds p95")
SHOWN_BROKEN = (
    "right",
    "citation recall",
    "citation precision",
    "sentence recall",
    "verbatim",
    "span overlap",
    "abstention F1",
    "over-refusal",
    "recall@5",
)

# What the first column of a table that is held to a fresh run is called.
HEADS = ("figure", "kind", "pairs")

Limits = Mapping[str, Mapping[str, float]]


def thresholds(file: Path = THRESHOLDS) -> Limits:
    """What is to be reached: {"least": {figure: value}, "most": {figure: value}}."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def missed(figures: Mapping[str, Mapping[str, Any]], limits: Limits) -> tuple[str, ...]:
    """The thresholds that the figures do not reach, in words; an undefined figure misses."""
    told = []
    for name, limit in limits.get("least", {}).items():
        value = figures[name]["value"]
        if value is None or value < limit:
            told.append(f"{name} is {value}, and has to be at least {limit}.")
    for name, limit in limits.get("most", {}).items():
        value = figures[name]["value"]
        if value is None or value > limit:
            told.append(f"{name} is {value}, and has to be at most {limit}.")
    return tuple(told)


def render(
    run: Mapping[str, Any],
    broken: Mapping[str, Sequence[Change]],
    rates: Sequence[Rate],
) -> str:
    """The card in Markdown.

    `broken` says, by break, how the assistant's figures changed, `rates` how many of the
    mutation pairs the first checker refused.
    """
    questions, store = run["questions"], run["store"]
    lines = [
        f"Questions {questions['digest']}, split `{questions['split']}`: {questions['count']}. "
        f"Documents {store['fingerprint']}: {store['documents']}.",
        "",
        *_markdown(figure_rows(run)),
        "",
        "`right` by kind:",
        "",
        *_markdown(group_rows(run, "kind")),
        "",
        *_broken(broken),
        "Pairs of sentence and citation that counting shared words refuses (`word_overlap`):",
        "",
        *_markdown(rate_rows(rates)),
    ]
    return "\n".join(lines) + "\n"


def breaks(
    bench: Workbench,
    questions: Sequence[Question],
    records: Sequence[Record],
    *,
    report: Any,
) -> dict[str, tuple[Change, ...]]:
    """How each break changes the assistant's figures, question by question."""
    before = {record.question.id: record.parts for record in records}
    half = Filter(documents=half_of(bench.library))
    engine = AssistantEngine(bench.assistant, bench.library, filter=half)
    lost = answer_all(engine, questions, bench.library, report=report)
    broken = {"half of the documents lost": lost}
    broken |= {name: spoil(records, name, bench.library) for name in BREAKS}
    return {
        name: compare({r.question.id: r.parts for r in changed}, before)
        for name, changed in broken.items()
    }


def written(text: str, card: str) -> str:
    """The README's text with the card in its place; RunError where it has no place for one."""
    parts = re.split(f"({re.escape(BEGIN)}|{re.escape(END)})", text)
    if len(parts) != 5:
        raise RunError(f"The README needs one line {BEGIN!r} and after it one line {END!r}.")
    return "".join([parts[0], BEGIN, "\n\n", card, "\n", END, parts[4]])


def rates_of(library: Library) -> tuple[Rate, ...]:
    """How the first checker does on mutation pairs of these documents."""
    return measure(word_overlap, make_pairs(library.everything(), per_kind=PER_KIND))


def stale(text: str, run: Mapping[str, Any], rates: Sequence[Rate]) -> tuple[str, ...]:
    """Where the card in a README's text does not say what a fresh run says, in words."""
    committed, fresh = _figures(text), _figures(render(run, {}, rates))
    told = []
    if f"Questions {run['questions']['digest']}," not in text:
        told.append("The questions have changed.")
    if f"Documents {run['store']['fingerprint']}:" not in text:
        told.append("The documents have changed.")
    for key, value in fresh.items():
        figure, engine = key
        if figure in TIMED or key not in committed:
            told += [] if figure in TIMED else [f"{figure} of {engine} is missing."]
        elif not _alike(value, committed[key]):
            told.append(f"{figure} of {engine} is {value}; the card says {committed[key]}.")
    return tuple(told)


def _alike(one: str, other: str) -> bool:
    numbers = [re.match(r"-?\d+(?:\.\d+)?", value) for value in (one, other)]
    first, second = numbers
    if first is None or second is None:
        return one == other
    a, b = float(first[0]), float(second[0])
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a))


def _figures(text: str) -> dict[tuple[str, str], str]:
    """The cells of the tables whose first head is one of HEADS, by row and column."""
    found: dict[tuple[str, str], str] = {}
    head: list[str] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            head = []
            continue
        cells = [part.strip() for part in line.strip("|").split("|")]
        if not head:
            head = cells if cells[0] in HEADS else ["other"]
        elif head != ["other"] and not set(line) <= set("|-: "):
            row = dict(zip(head, cells, strict=True))
            found |= {(cells[0], name): row[name] for name in head[1:] if name != "n"}
    return found


def _broken(broken: Mapping[str, Sequence[Change]]) -> list[str]:
    if not broken:
        return []
    rows = []
    for figure in SHOWN_BROKEN:
        cells = [figure]
        for changes in broken.values():
            change = next(c for c in changes if c.name == figure)
            moved = change.difference
            mark = "" if moved.shown else " (no difference shown)"
            cells.append("–" if moved.value != moved.value else f"{moved.value:+.2f}{mark}")
        rows.append(tuple(cells))
    return [
        "What moves when something breaks (difference to the assistant's figure above):",
        "",
        *_markdown([("broken", *broken), *rows]),
        "",
    ]


def _markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return [head, "|" + "---|" * len(rows[0]), *others]
