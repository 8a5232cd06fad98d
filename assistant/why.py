"""The fold-out under an answer that tells how it came about, as HTML.

Like `assistant.render`, it escapes every character of what it is given.
"""

from __future__ import annotations

from assistant.answers import Answer
from assistant.escape import day, exactly, label
from assistant.trace import Chosen, Considered, Trace

__all__ = ["why"]


def why(at: int, answer: Answer) -> str:
    """Why the `at`-th answer has these sources, or none; nothing where it has no trace."""
    trace = answer.trace
    if trace is None:
        return ""
    name = "Why no answer" if answer.abstained else "Why these sources"
    return (
        f'<details class="why" data-fold="why-{at}"><summary>{name}</summary>'
        f"{_facts(answer, trace)}{_chosen(trace)}{_considered(trace)}</details>"
    )


def _facts(answer: Answer, trace: Trace) -> str:
    rows = (
        ("Searched for", f'<bdi lang="{label(answer.language)}">{_searched(answer)}</bdi>'),
        ("Confidence", _confidence(answer, trace)),
        ("Passages read", str(trace.read)),
        ("Time", f"{answer.seconds.total:.1f} s"),
    )
    inside = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)
    return f'<dl class="facts">{inside}</dl>'


def _searched(answer: Answer) -> str:
    return exactly(answer.standalone_question)


def _confidence(answer: Answer, trace: Trace) -> str:
    if answer.confidence is None:
        return "not known"
    where = "below" if answer.confidence < trace.threshold else "at or above"
    return (
        f"{_share(answer.confidence)}, {where} the {_share(trace.threshold)} that an answer needs"
    )


def _share(probability: float) -> str:
    return f"{probability:.2f}"


def _chosen(trace: Trace) -> str:
    if not trace.chosen:
        return ""
    items = "".join(map(_chosen_item, trace.chosen))
    return f'<h3 class="label">Chosen sentences</h3><ol class="trace">{items}</ol>'


def _chosen_item(chosen: Chosen) -> str:
    return (
        f'<li><q lang="{label(chosen.language)}" dir="auto">{label(chosen.text)}</q>'
        f'<span class="found"><bdi>{_document(chosen)}</bdi>; '
        f"scored {_share(chosen.probability)}</span></li>"
    )


def _considered(trace: Trace) -> str:
    if not trace.considered:
        return ""
    many = len(trace.considered)
    told = "Passages considered" if many == trace.read else f"The first {many} passages considered"
    items = "".join(map(_considered_item, trace.considered))
    return (
        f'<h3 class="label">{told}</h3><p class="hint">With their ranks by words and by meaning '
        "in their language, and the score that joins the two.</p>"
        f'<ol class="trace passages" tabindex="0" role="list" aria-label="{told}">{items}</ol>'
    )


def _considered_item(found: Considered) -> str:
    parts = (_document(found), f"page {found.page}" if found.page is not None else "")
    where = ", ".join(part for part in parts if part)
    heading = (
        f'<span class="path"><bdi>{label(found.heading)}</bdi></span>' if found.heading else ""
    )
    return (
        f'<li><bdi class="name">{where}</bdi>{heading}'
        f'<q lang="{label(found.language)}" dir="auto">{label(found.preview)}</q>'
        f'<span class="found">words {_rank(found.lexical)}, meaning {_rank(found.dense)}, '
        f"joined {found.fused:.4f}</span></li>"
    )


def _document(of: Chosen | Considered) -> str:
    return ", ".join(part for part in (label(of.title), day(of.date)) if part)


def _rank(rank: int | None) -> str:
    return "not found" if rank is None else f"rank {rank}"
