"""What a reader says of an answer or a citation: checked, and as a line of feedback."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant import exchange
from assistant.answers import Citation
from assistant.exchange import Conversation, Mark
from assistant.feedback import VERDICTS, Feedback
from assistant.verify import Cited

__all__ = ["feedback_of", "mark_of"]

MOST_NOTE = 1_000


def mark_of(
    conversation: Conversation, at: int, *, number: int, verdict: str, note: str
) -> Mark | None:
    """The mark on the `at`-th answer, or on its citation `number`; None where there is none.

    None also for a verdict that there is not. A note is cut to 1,000 characters.
    """
    answer = conversation[at].answer if 0 <= at < len(conversation) else None
    if answer is None or (number and _cited(answer.citations, number) is None):
        return None
    known = next((one for one in VERDICTS if one == verdict), None)
    return known and Mark(number, known, note.strip()[:MOST_NOTE])


def feedback_of(conversation: Conversation, at: int, mark: Mark, *, when: datetime) -> Feedback:
    """The feedback that the mark is on the `at`-th exchange; ValueError without an answer."""
    answer = conversation[at].answer
    if answer is None:
        raise ValueError(f"There is no answer to question {at + 1} that could be marked.")
    return Feedback(
        question=answer.question,
        standalone_question=answer.standalone_question,
        answer=answer.answer,
        abstained=answer.abstained,
        verdict=mark.verdict,
        language=answer.language,
        engine=answer.engine,
        when=when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        note=mark.note,
        citation=_cited(answer.citations, mark.number),
        citations=tuple(map(_as_cited, answer.citations)),
        history=exchange.history(conversation[:at]),
    )


def _cited(citations: tuple[Citation, ...], number: int) -> Cited | None:
    return next((_as_cited(one) for one in citations if one.number == number), None)


def _as_cited(citation: Citation) -> Cited:
    return Cited(
        document=citation.document,
        source=citation.source,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
    )
