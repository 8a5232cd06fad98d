"""What each mechanism of an answer brings alone: the figures with it off, and its time.

`python -m evals mechanisms` answers the same questions once whole and once for each mechanism
with that one off. The evidence model's logits are kept between the runs, so that only the
first one waits for it; times are taken apart, without what was kept.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant, choose, evidence, followup, question, retrieve
from assistant.ranker import Ranker, Reading
from evals.engines import AssistantEngine
from evals.figures import figures
from evals.questions import Question
from evals.run import answer_all
from evals.workbench import Workbench

__all__ = ["MECHANISMS", "Brought", "bring", "rows", "without"]

FIGURES = ("right", "citation precision", "citation recall", "abstention F1")


def _without_feature(name: str) -> Mapping[str, float]:
    return {**choose.FEATURES, name: 0.0}


def _only(kept: int) -> Callable[..., dict[str, float]]:
    """Fusion that sees one of the two rankings."""
    whole = retrieve.fuse
    return lambda *rankings: whole(rankings[kept])


# By name: what stands in for what while it is off.
Off = Sequence[tuple[Any, str, Any]]
MECHANISMS: Mapping[str, Off] = {
    "lexical search": [(retrieve, "fuse", _only(1))],
    "dense search": [(retrieve, "fuse", _only(0))],
    "evidence model": [
        (choose, "FEATURES", _without_feature("evidence")),
        (choose, "THRESHOLD", 0.0),
        (choose, "ADDS", math.inf),
    ],
    "words in context": [(choose, "FEATURES", _without_feature("context words"))],
    "fused rank": [(choose, "FEATURES", _without_feature("fused"))],
    "asides last": [(choose, "FEATURES", _without_feature("aside"))],
    "threshold": [(choose, "THRESHOLD", 0.0)],
    "second sentence": [(choose, "ADDS", math.inf)],
    "sentence beside": [(choose, "NEXT", 0.0)],
    "items of a list": [(choose, "MOST_ITEMS", 0)],
    "twins": [(evidence, "TWIN_WORDS", math.inf)],
    "speaker's name": [(question, "WHO", {"en": "(?!)"})],
    "follow-ups": [(followup, "standalone", lambda asked, history, *, language: asked)],
}


@dataclass(frozen=True, slots=True)
class Brought:
    """Figures with everything (`name` empty) or without one mechanism, and what it takes.

    `milliseconds` is the median over questions of the time with it less the time without;
    of the whole, the median time of an answer. None where no time was taken.
    """

    name: str
    figures: Mapping[str, float]
    milliseconds: float | None = None


class Remembered:
    """A ranker that scores each passage once for each question and what was said."""

    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker
        self._known: dict[tuple[str, Reading, tuple[Reading, ...]], NDArray[np.float32]] = {}

    def score(
        self, question: str, readings: Sequence[Reading], said: Sequence[Reading] = ()
    ) -> list[NDArray[np.float32]]:
        new = [r for r in dict.fromkeys(readings) if (question, r, tuple(said)) not in self._known]
        if new:
            for reading, logits in zip(new, self._ranker.score(question, new, said), strict=True):
                self._known[question, reading, tuple(said)] = logits
        return [self._known[question, reading, tuple(said)] for reading in readings]


@contextmanager
def without(name: str) -> Iterator[None]:
    """One mechanism off, everywhere in this process; the empty name leaves all on."""
    off = MECHANISMS[name] if name else ()
    before = [getattr(where, what) for where, what, _ in off]
    for where, what, instead in off:
        setattr(where, what, instead)
    try:
        yield
    finally:
        for (where, what, _), value in zip(off, before, strict=True):
            setattr(where, what, value)


def bring(
    bench: Workbench,
    questions: Sequence[Question],
    *,
    ranker: Ranker,
    timed: int,
    report: Callable[[str, int, int], None],
) -> Iterator[Brought]:
    """The whole first, then each mechanism off; times over the first `timed` questions."""
    engine = AssistantEngine(
        Assistant(bench.store, bench.embedder, Remembered(ranker)), bench.library
    )
    spent = _times(bench.assistant, questions[:timed], report=report)
    for name in ("", *MECHANISMS):
        with without(name):
            records = answer_all(
                engine, questions, bench.library, report=partial(report, name or "everything")
            )
        every = figures(records)
        yield Brought(name, {f: every[f].value for f in FIGURES if f in every}, spent.get(name))


def _times(
    assistant: Assistant, questions: Sequence[Question], *, report: Callable[[str, int, int], None]
) -> dict[str, float]:
    taken: dict[str, list[float]] = {}
    for done, asked in enumerate(questions, start=1):
        for name in ("", *MECHANISMS):
            with without(name):
                started = time.perf_counter()
                assistant.answer(asked.question, asked.history)
                taken.setdefault(name, []).append(1000 * (time.perf_counter() - started))
        report("times", done, len(questions))
    whole = taken.get("", [])
    return {
        name: median(a - b for a, b in zip(whole, each, strict=True)) if name else median(each)
        for name, each in taken.items()
    }


def rows(brought: Sequence[Brought]) -> Sequence[Sequence[str]]:
    """The table: the figures with everything, then how much each falls without a mechanism."""
    whole = brought[0]
    made = [("off", *whole.figures, "ms")]
    for one in brought:
        shown = [
            f"{value:.3f}" if one is whole else f"{value - whole.figures[name]:+.3f}"
            for name, value in one.figures.items()
        ]
        spent = "" if one.milliseconds is None else f"{one.milliseconds:.0f}"
        made.append((one.name or "nothing", *shown, spent))
    return made
