"""The HTML report of a run: one file, which asks for nothing, with its figures and every question.

What documents, questions and answers say is untrusted: the template escapes all of it and
puts in as they are only the plots and the page's own style and script, the only ones that
its content security policy lets run.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from assistant import Answer, Citation
from evals.compare import Change
from evals.excerpts import Excerpt, clipped, excerpt
from evals.figures import BY, GROUPED, NAMES, Bin, Point
from evals.gold import Gold, Library, locate
from evals.intervals import Difference, Figure
from evals.metrics import METRICS, QUANTILES
from evals.plain import MARKERS, plain, same_words
from evals.plots import coverage_plot, kind_plot, reliability_plot
from evals.questions import Evidence, Question
from evals.retrieval import RETRIEVAL
from evals.run import Record, RunError
from evals.scoring import CitationScore
from vectorstore import Span

__all__ = ["write_report"]

# How much is shown of an answer's text from marker to marker, and of a sentence in the list
# of sentences; the whole text is in the run's JSON Lines.
ANSWERED, LISTED = 800, 240

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
class Run:
    """A part of an answer's text: words, or a marker with the anchor of its citation."""

    text: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it is shown; without `excerpt` where its words are not at its place.

    `places` are those of its words in the plain form of a document with gold evidence.
    """

    anchor: str
    citation: Citation
    score: CitationScore
    excerpt: Excerpt | None
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What one engine, the run's number `at`, answered; its citations' anchors begin alike."""

    at: int
    anchor: str
    engine: str
    record: Record
    runs: tuple[Run, ...]
    sentences: tuple[str, ...]
    citations: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Gold evidence in its first place, in how many places it is, and who cites one of them."""

    evidence: Evidence
    title: str
    page: int | None
    excerpt: Excerpt
    places: int
    cited: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with every engine's answer; `anchor` names it in the page's address."""

    anchor: str
    question: Question
    wanted: tuple[Wanted, ...]
    answers: tuple[Answered, ...]


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
    asked = tuple(_asked(records, library))
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


def _asked(records: Mapping[str, Sequence[Record]], library: Library) -> Iterator[Asked]:
    """Every question in the order of the first engine, with the answers of those asked it."""
    by_engine = {engine: {one.question.id: one for one in some} for engine, some in records.items()}
    questions = {one.question.id: one.question for some in records.values() for one in some}
    for number, (key, question) in enumerate(questions.items()):
        gold = locate(question, library)
        answers = tuple(
            _answered(at, engine, some[key], gold=gold, anchor=f"c{number}-{at}", library=library)
            for at, (engine, some) in enumerate(by_engine.items())
            if key in some
        )
        wanted = _wanted(question, answers, gold, library=library)
        yield Asked(f"q-{quote(key, safe='')}", question, wanted, answers)


def _failed(asked: Sequence[Asked], engine: str) -> tuple[Asked, ...]:
    return tuple(
        one
        for one in asked
        for answered in one.answers
        if answered.engine == engine and not answered.record.score.right
    )


def _answered(
    at: int, engine: str, record: Record, *, gold: Sequence[Gold], anchor: str, library: Library
) -> Answered:
    answer = record.answer
    scores = {score.number: score for score in record.score.citations}
    cited = tuple(
        Cited(
            f"{anchor}-{citation.number}",
            citation,
            scores[citation.number],
            _cited_excerpt(citation, gold, library),
            _places(citation, gold, library),
        )
        for citation in answer.citations
    )
    sentences = tuple(clipped(sentence.text, LISTED) for sentence in answer.sentences)
    return Answered(at, anchor, engine, record, tuple(_runs(answer, anchor)), sentences, cited)


def _runs(answer: Answer, anchor: str) -> Iterator[Run]:
    """The answer's text, its markers apart; brackets in quoted words are not markers."""
    text, at = answer.answer, 0
    quoted: list[Span] = []
    for sentence in answer.sentences:
        found = text.find(sentence.text, quoted[-1][1] if quoted else 0)
        if found >= 0:
            quoted.append((found, found + len(sentence.text)))
    known = {citation.number for citation in answer.citations}
    for marker in MARKERS.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", marker.group())]
        inside = any(start <= marker.start() < end for start, end in quoted)
        if inside or not known.issuperset(numbers):
            continue
        yield Run(clipped(text[at : marker.start()], ANSWERED))
        yield from (Run(f"[{number}]", f"{anchor}-{number}") for number in numbers)
        at = marker.end()
    yield Run(clipped(text[at:], ANSWERED))


def _wanted(
    question: Question, answers: Sequence[Answered], gold: Sequence[Gold], *, library: Library
) -> tuple[Wanted, ...]:
    made = []
    for evidence in question.evidence:
        words, named = plain(evidence.quote), library.named(evidence.doc)
        places = [one for one in gold if one.quote == words and one.document in named]
        document = library.document(places[0].document)
        span = _original(places[0], library)
        cited = tuple((one.at, one.engine, _cites(one.citations, places)) for one in answers)
        shown = excerpt(document.text, span, [span])
        page = document.page_at(span[0])
        made.append(Wanted(evidence, document.title, page, shown, len(places), cited))
    return tuple(made)


def _places(citation: Citation, gold: Sequence[Gold], library: Library) -> tuple[Span, ...]:
    if all(place.document != citation.document for place in gold):
        return ()
    return library.plain(citation.document).find(plain(citation.quote))


def _cites(citations: Sequence[Cited], places: Sequence[Gold]) -> bool:
    """Whether a citation shares half of the shorter one with gold evidence, as it is scored."""
    return any(
        cited.citation.document == place.document
        and any(same_words(span, place.span) for span in cited.places)
        for cited in citations
        for place in places
    )


def _original(place: Gold, library: Library) -> Span:
    return library.plain(place.document).original(place.span)


def _cited_excerpt(citation: Citation, gold: Sequence[Gold], library: Library) -> Excerpt | None:
    """A citation in its context; None where its words are not there: nothing is highlighted."""
    text = library.document(citation.document).text
    if text[citation.start : citation.end] != citation.quote:
        return None
    marked = [_original(place, library) for place in gold if place.document == citation.document]
    return excerpt(text, (citation.start, citation.end), marked)
