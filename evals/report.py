"""The HTML report of a run: one file, which asks for nothing, with its figures and every question.

What documents, questions and answers say is untrusted: the template escapes all of it and
puts in as they are only the plots and the page's own style and script, the only ones that
its content security policy lets run.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evals.asked import Asked, asked_in
from evals.compare import Change
from evals.figures import BY, GROUPED, NAMES, Bin, Point
from evals.gold import Library
from evals.intervals import Difference, Figure
from evals.metrics import METRICS, QUANTILES
from evals.plots import coverage_plot, kind_plot, reliability_plot
from evals.retrieval import RETRIEVAL
from evals.run import Record, RunError

__all__ = ["write_report"]

NO_CHANGES: Mapping[str, Sequence[Change]] = MappingProxyType({})
BY_WORDS = MappingProxyType({"kind": "kind", "lang": "language", "doc": "document"})
# What `run.json` says and the page words on its own.
HEADED = ("made", "commit", "store", "models", "settings", "engines", "judge")
RANKED = MappingProxyType(
    {
        "recall@1": "relevant passages ranked first",
        "recall@5": "relevant passages among the first 5",
        "recall@20": "relevant passages among the first 20",
        "reciprocal rank": "1 / rank of the first relevant passage",
        "nDCG@10": "ranking of the first 10 passages",
    }
)
RANKING = (
    "Mean over questions with gold evidence in a passage, by ir-measures. A passage is "
    "relevant if it holds at least half of a place of gold evidence; every engine is measured "
    "on its own passages."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of all engines; `best` is the number of the engine that leads alone, or None."""

    name: str
    says: str
    explained: str
    figures: tuple[Figure, ...]
    best: int | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge says of one engine's `about` ("sentences", "citations"), see `Agreement`."""

    engine: str
    about: str
    n: int
    not_judged: int
    supported: Figure
    agreed: Figure
    kappa: float


def write_report(
    folder: Path,
    *,
    run: Mapping[str, Any],
    records: Mapping[str, Sequence[Record]],
    library: Library,
    changes: Mapping[str, Sequence[Change]] = NO_CHANGES,
) -> Path:
    """Writes `report.html` into the folder of a run and gives its path.

    `run` is what `run.json` holds, `records` are by engine, as is `changes`, the comparison
    with an earlier run. RunError where the file cannot be written.
    """
    html = _html(run, records, library=library, changes=changes)
    file = folder / "report.html"
    try:
        file.write_text(html, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RunError(f"The report cannot be written to {str(file)!r} ({error}).") from error
    return file


def _html(
    run: Mapping[str, Any],
    records: Mapping[str, Sequence[Record]],
    *,
    library: Library,
    changes: Mapping[str, Sequence[Change]],
) -> str:
    import jinja2

    script = _resource("report.js")
    page = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page.filters |= {"share": _share, "interval": _interval, "change": _change, "told": _told}
    asked = tuple(asked_in(records, library))
    return page.from_string(_resource("report.html")).render(
        run=run,
        about={key: value for key, value in run.items() if key not in HEADED},
        engines=tuple(records),
        rows=_rows(run, tuple(records)),
        judges=sorted({one["model"] for one in run.get("judge", {}).values()}),
        opinions=tuple(_opinions(run.get("judge", {}))),
        groups=_groups(run, tuple(records)),
        grouped=GROUPED,
        changes={engine: tuple(changes.get(engine, ())) for engine in records},
        plots=_plots(run, tuple(records)),
        asked=asked,
        failed={engine: _failed(asked, engine) for engine in records},
        kinds=sorted({record.question.kind for some in records.values() for record in some}),
        style=_resource("report.css"),
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _resource(name: str) -> str:
    return (files("evals") / name).read_text(encoding="utf-8")


def _plots(run: Mapping[str, Any], engines: Sequence[str]) -> dict[str, str]:
    told = {engine: run["engines"][engine] for engine in engines}
    return {
        "kinds": kind_plot(
            {
                engine: {kind: _figure(group["right"]) for kind, group in one["by"]["kind"].items()}
                for engine, one in told.items()
            }
        ),
        "coverage": coverage_plot(
            {engine: [Point(**point) for point in one["coverage"]] for engine, one in told.items()}
        ),
        "calibration": reliability_plot(
            {engine: [Bin(**each) for each in one["calibration"]] for engine, one in told.items()}
        ),
    }


def _rows(run: Mapping[str, Any], engines: Sequence[str]) -> tuple[Row, ...]:
    says = {metric.name: metric.says for metric in METRICS} | RANKED
    says |= {each.name: each.says for each in QUANTILES}
    explained = {metric.name: metric.part.__doc__ or "" for metric in METRICS}
    explained |= {each.name: each.value.__doc__ or "" for each in QUANTILES}
    less = {metric.name for metric in METRICS if not metric.more_is_better}
    shares = {metric.name for metric in METRICS} | set(RETRIEVAL)
    rows = []
    for name in NAMES:
        found = [run["engines"][engine]["figures"].get(name) for engine in engines]
        figures = tuple(_figure(one) for one in found if one is not None)
        if len(figures) == len(engines):
            best = _best(figures, less=name in less) if name in shares else None
            about = " ".join(explained.get(name, RANKING).split())
            rows.append(Row(name, says[name], about, figures, best))
    return tuple(rows)


def _best(figures: Sequence[Figure], *, less: bool) -> int | None:
    """Which figure is better than all others as they are shown; None where none or one is."""
    shown = [(round(one.value, 3) * (-1 if less else 1)) for one in figures if one.n]
    if len(shown) < 2 or shown.count(max(shown)) > 1:
        return None
    wanted = max(shown) * (-1 if less else 1)
    return next(at for at, one in enumerate(figures) if one.n and round(one.value, 3) == wanted)


def _groups(
    run: Mapping[str, Any], engines: Sequence[str]
) -> dict[str, dict[str, dict[str, dict[str, Figure]]]]:
    """By what, then by its value, then by engine: the figures of `GROUPED`."""
    made: dict[str, dict[str, dict[str, dict[str, Figure]]]] = {}
    for by in BY:
        told = {engine: run["engines"][engine]["by"][by] for engine in engines}
        values = sorted({value for groups in told.values() for value in groups})
        made[BY_WORDS[by]] = {
            value: {
                engine: {name: _figure(groups[value][name]) for name in GROUPED}
                for engine, groups in told.items()
                if value in groups
            }
            for value in values
        }
    return made


def _opinions(judged: Mapping[str, Any]) -> Iterator[Opinion]:
    """By engine, then of sentences and of citations; nothing where no model was asked."""
    for engine, told in judged.items():
        for about in ("sentences", "citations"):
            one = told[about]
            yield Opinion(
                engine=engine,
                about=about,
                n=one["n"],
                not_judged=one["not_judged"],
                supported=_figure(one["supported"]),
                agreed=_figure(one["agreed"]),
                kappa=float("nan") if one["kappa"] is None else one["kappa"],
            )


def _figure(told: Mapping[str, Any]) -> Figure:
    value, low, high = (
        float("nan") if told[key] is None else float(told[key]) for key in ("value", "low", "high")
    )
    return Figure(value, low, high, int(told["n"]))


def _share(value: float, name: str = "") -> str:
    """A number as its figure's table shows it; a dash where it is undefined."""
    if math.isnan(value):
        return "–"
    if name.startswith("words"):
        return f"{value:.0f}"
    return _minus(f"{value:.2f}" if name.startswith("seconds") else f"{value:.3f}")


def _interval(of: Figure | Difference, name: str = "") -> str:
    return "" if math.isnan(of.low) else f"[{_share(of.low, name)}, {_share(of.high, name)}]"


def _change(value: float) -> str:
    return "–" if math.isnan(value) else _minus(f"{value:+.3f}")


def _minus(number: str) -> str:
    return number.replace("-", "−")


def _told(value: Any) -> str:
    """A JSON value as words."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_told(each)}" for key, each in value.items()) or "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(_told(each) for each in value) or "–"
    return "–" if value is None else str(value)


def _failed(asked: Sequence[Asked], engine: str) -> tuple[Asked, ...]:
    return tuple(
        one
        for one in asked
        for answered in one.answers
        if answered.engine == engine and not answered.record.score.right
    )
