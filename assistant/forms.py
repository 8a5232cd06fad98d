"""What a reader may change about an exchange or say of it, as HTML: fold-outs that hold forms.

`page.js` sends what is filled in. Each fold-out has a name in `data-fold`, by which it stays
open while the conversation is shown anew.
"""

from __future__ import annotations

from assistant.escape import exactly, unseen
from assistant.exchange import Exchange, Mark
from assistant.feedback import ReaderVerdict

__all__ = ["MAX_QUESTION", "correct", "edit", "rate"]

MAX_QUESTION = 2_000
WORDS: tuple[tuple[ReaderVerdict, str], ...] = (
    ("right", "Right"),
    ("wrong", "Wrong"),
    ("incomplete", "Incomplete"),
)


def edit(at: int, question: str, *, after: int) -> str:
    """A form that asks the `at`-th question anew; `after` it come so many others."""
    replaced = {0: "its answer", 1: "its answer and the question after it"}.get(
        after, f"its answer and the {after} questions after it"
    )
    return (
        f'<details class="edit" data-fold="edit-{at}">'
        f"<summary>Edit{unseen(f' question {at + 1}')}</summary>"
        f'<form data-edit="{at}">{_field(f"Question {at + 1}", question)}'
        f'<p class="hint">Asking it anew replaces {replaced}.</p>{_send("Ask anew")}'
        "</form></details>"
    )


def correct(at: int, searched: str) -> str:
    """A form that has the `at`-th question answered for other words than were searched for."""
    return (
        f'<details class="correct" data-fold="correct-{at}">'
        f"<summary>Correct{unseen(f' what was searched for question {at + 1}')}</summary>"
        f'<form data-correct="{at}">{_field("Search for", searched)}'
        '<p class="hint">It is searched for as it is written here, without what was said before. '
        f"Your question stays.</p>{_send('Search')}</form></details>"
    )


def rate(at: int, exchange: Exchange, number: int = 0) -> str:
    """Buttons to say what one thinks of a citation, or of the answer where `number` is 0.

    Once one is pressed there is room for a note.
    """
    mark = next((mark for mark in exchange.marks if mark.number == number), None)
    what = f"source {number}" if number else "the answer"
    if mark is not None:
        shown = f"Rated {mark.verdict}{unseen(f': {what}')}"
    else:
        shown = f"Rate{unseen(f' {what}')}" if number else "Rate this answer"
    place = f"{at}-{number}"
    return (
        f'<details class="rate" data-fold="rate-{place}"><summary>{shown}</summary>'
        f'<div class="verdicts" role="group" aria-label="Rate {what}">'
        f"{_verdicts(place, exchange, mark)}</div>{_note(place, mark)}</details>"
    )


def _verdicts(place: str, exchange: Exchange, mark: Mark | None) -> str:
    refused = exchange.answer is not None and exchange.answer.abstained
    # A refusal has nothing that could be incomplete.
    offered = WORDS[:2] if refused else WORDS
    pressed = mark and mark.verdict
    return "".join(
        f'<button type="button" data-rate="{place}" data-verdict="{verdict}" '
        f'aria-pressed="{"true" if verdict == pressed else "false"}">{word}</button>'
        for verdict, word in offered
    )


def _note(place: str, mark: Mark | None) -> str:
    if mark is None:
        return ""
    return (
        f'<form data-note="{place}" data-verdict="{mark.verdict}"><label>Note, if you like'
        f'<input name="text" dir="auto" maxlength="1000" required value="{exactly(mark.note)}">'
        '</label><button type="submit">Keep the note</button></form>'
    )


def _field(name: str, text: str) -> str:
    return (
        f'<label>{name}<textarea name="text" dir="auto" rows="2" maxlength="{MAX_QUESTION}" '
        f"required>{exactly(text)}</textarea></label>"
    )


def _send(name: str) -> str:
    return (
        f'<p class="send"><button type="submit">{name}</button>'
        '<button type="button" data-cancel>Cancel</button></p>'
    )
