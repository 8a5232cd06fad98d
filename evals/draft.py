"""Drafts of questions from readers' feedback, for a person to finish.

A draft has the form of evals/questions.jsonl, but for its split "draft": `validate` reports
it and runs on "dev" or "test" pass it over until a person has put one of them there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.feedback import Feedback
from assistant.verify import Cited
from evals.plain import plain
from evals.questions import QuestionsError

__all__ = ["SPLIT", "drafts", "write"]

SPLIT = "draft"
TO_FINISH = (
    "facts, each with all its spellings, as the answer's figures and names were not taken over",
    "every other place in the documents that carries a fact",
    "kind, split and this note",
)
TO_FINISH_REFUSED = (
    "whether no document answers, and which comes nearest",
    "kind, split and this note",
)


def drafts(feedback: Sequence[Feedback]) -> tuple[dict[str, Any], ...]:
    """One draft for each question asked, in the order of their first feedback, as JSON values.

    Feedback on the same question (as it stands alone) is put together. Evidence are the
    citations marked right, and all those of an answer marked right, without those that
    anybody marked wrong. A question is taken to be unanswerable where a refusal was marked
    right and nothing speaks against it. Facts are left to the person.
    """
    asked: dict[str, list[Feedback]] = {}
    for one in feedback:
        asked.setdefault(plain(one.standalone_question), []).append(one)
    return tuple(_draft(key, told) for key, told in asked.items())


def write(file: Path, made: Sequence[Mapping[str, Any]]) -> None:
    """Writes drafts one a line into a new file; QuestionsError where it cannot be made.

    A file that is there already stays as it is: a person may be at work on it.
    """
    text = "".join(json.dumps(draft, ensure_ascii=False) + "\n" for draft in made)
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise QuestionsError(
            f"The drafts cannot be written to {str(file)!r} ({error}). Name a new file."
        ) from error


def _draft(key: str, told: Sequence[Feedback]) -> dict[str, Any]:
    first = told[0]
    evidence = _evidence(told)
    answerable = bool(evidence) or not _refused_rightly(told)
    follow_up = bool(first.history) and plain(first.question) != key
    draft: dict[str, Any] = {
        "id": f"feedback-{hashlib.sha256(key.encode()).hexdigest()[:8]}",
        "split": SPLIT,
        "question": first.question if follow_up else first.standalone_question,
        "lang": first.language,
        "kind": ("follow-up" if follow_up else "fact") if answerable else "unanswerable",
        "answerable": answerable,
        "facts": [],
        "evidence": [{"doc": _name(one), "quote": one.quote} for one in evidence],
    }
    if follow_up:
        draft["history"] = [asdict(turn) for turn in first.history]
    return {**draft, "note": _note(told, answerable=answerable, follow_up=follow_up)}


def _name(cited: Cited) -> str:
    return PurePosixPath(cited.source).name


def _refused_rightly(told: Sequence[Feedback]) -> bool:
    """Whether a refusal is marked right, and none wrong."""
    verdicts = [one.verdict for one in told if one.abstained and one.citation is None]
    return bool(verdicts) and set(verdicts) == {"right"}


def _evidence(told: Sequence[Feedback]) -> tuple[Cited, ...]:
    right: list[Cited] = []
    wrong: set[Cited] = set()
    for one in told:
        if one.citation is not None and one.verdict == "wrong":
            wrong.add(one.citation)
        elif one.verdict == "right":
            right += [one.citation] if one.citation is not None else one.citations
    by_words = {(_name(c), c.quote): c for c in right if c not in wrong}
    return tuple(by_words.values())


def _note(told: Sequence[Feedback], *, answerable: bool, follow_up: bool) -> str:
    said = " ".join(_said(one) for one in told)
    alone = f" It was read as {told[0].standalone_question!r}." if follow_up else ""
    left = TO_FINISH if answerable else TO_FINISH_REFUSED
    return f"DRAFT. {said}{alone} To be finished: {'; '.join(left)}."


def _said(one: Feedback) -> str:
    what = "the refusal" if one.abstained else "the answer"
    if one.citation is not None:
        what = f"the citation {one.citation.quote!r} of {_name(one.citation)!r}"
    note = f": {one.note.strip()!r}" if one.note.strip() else ""
    return f"On {one.when[:10]} a reader called {what} {one.verdict}{note}."
