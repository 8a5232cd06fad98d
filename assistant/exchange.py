"""What the chat page knows of a conversation: questions, what became of them, and places.

Nothing here knows how it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from assistant.answers import Answer, Citation, Turn
from assistant.feedback import ReaderVerdict
from assistant.stoppable import Stopped
from vectorstore import Filter, StoreError

__all__ = [
    "Conversation",
    "Exchange",
    "Mark",
    "Place",
    "again",
    "ask",
    "failed",
    "history",
    "listed",
    "marked",
]

UNEXPECTED = (
    "Something went wrong inside the program; the terminal it runs in shows the details. "
    "You can ask again."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What the reader thinks of a citation, by its number, or of the answer where that is 0."""

    number: int
    verdict: ReaderVerdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, and its answer (None before the first sentence) or why there is none.

    The answer may still grow until `complete`; one that was `stopped` may lack its end.
    `searched` is the question as it stands alone in the reader's words, "" where those are
    left to the assistant. `filter` is what the question was asked with, and `within` says it
    in words, as they were then.
    """

    question: str
    answer: Answer | None = None
    problem: str = ""
    complete: bool = False
    searched: str = ""
    stopped: bool = False
    marks: tuple[Mark, ...] = ()
    filter: Filter = field(default_factory=Filter)
    within: tuple[str, ...] = ()


Conversation = tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One citation, or one of the nearest passages, of one exchange.

    `exchange` counts from 0, `number` from 1. Written "2-c1" or "2-n1".
    """

    exchange: int
    kind: Literal["c", "n"]
    number: int

    def __str__(self) -> str:
        return f"{self.exchange}-{self.kind}{self.number}"

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """The place that `str` wrote; None for anything else."""
        found = re.fullmatch(r"(\d{1,6})-([cn])(\d{1,6})", written, re.ASCII)
        if found is None:
            return None
        return cls(int(found[1]), "c" if found[2] == "c" else "n", int(found[3]))


Stream = Callable[..., Iterator[Answer]]


def ask(
    stream: Stream,
    question: str,
    conversation: Conversation,
    *,
    searched: str = "",
    filter: Filter | None = None,
    within: tuple[str, ...] = (),
) -> Iterator[Conversation]:
    """The conversation with the question, then with its answer as it grows.

    `stream` gives growing snapshots of the answer to a question after some turns, as
    `Assistant.stream` does; `searched` is its `standalone`, where the reader says so. What
    keeps it from answering becomes the exchange's `problem`; what there is when it raises
    `Stopped` stays. Nothing at all is yielded for a blank question. For `filter`, which
    `stream` minds, and `within` see Exchange.
    """
    if not question.strip():
        return
    exchange = Exchange(
        question.strip(), searched=searched.strip(), filter=filter or Filter(), within=within
    )
    yield (*conversation, exchange)
    alone = exchange.searched or None
    try:
        for answer in stream(exchange.question, history(conversation), standalone=alone):
            exchange = replace(exchange, answer=answer)
            yield (*conversation, exchange)
        yield (*conversation, replace(exchange, complete=True))
    except Stopped:
        yield (*conversation, replace(exchange, complete=True, stopped=True))
    except (StoreError, ValueError) as error:
        yield (*conversation, _without_answer(exchange, str(error)))


def again(
    conversation: Conversation, at: int, *, question: str = "", searched: str = ""
) -> tuple[Conversation, str, str]:
    """What `ask` takes to replace the `at`-th exchange, from 0, and all that come after it.

    That is the conversation before it, the question and what is searched for. Without a new
    `question` it is the old one, searched for as it was or as `searched` says. Where there
    is no such exchange, nothing is replaced.
    """
    if not 0 <= at < len(conversation):
        return conversation, question, searched
    before, old = conversation[:at], conversation[at]
    if question:
        return before, question, searched
    return before, old.question, searched or old.searched


def failed(conversation: Conversation) -> Conversation:
    """The conversation after its last question met an error that nobody foresaw."""
    if not conversation or conversation[-1].complete:
        return conversation
    return (*conversation[:-1], _without_answer(conversation[-1], UNEXPECTED))


def _without_answer(exchange: Exchange, problem: str) -> Exchange:
    return replace(exchange, answer=None, problem=problem, complete=True)


def marked(conversation: Conversation, at: int, mark: Mark) -> Conversation:
    """The conversation in which the `at`-th exchange has the mark in place of one before it."""
    exchange = conversation[at]
    others = (other for other in exchange.marks if other.number != mark.number)
    return (
        *conversation[:at],
        replace(exchange, marks=(*others, mark)),
        *conversation[at + 1 :],
    )


def history(conversation: Conversation) -> tuple[Turn, ...]:
    """The turns so far, for a follow-up: every question, and the answers there are."""
    return tuple(
        turn
        for exchange in conversation
        if exchange.answer is not None and exchange.complete
        for turn in (
            Turn("user", exchange.question),
            Turn("assistant", exchange.answer.answer),
        )
    )


def listed(conversation: Conversation, place: Place) -> tuple[Citation, ...]:
    """The list in which the place's citation is the `number`-th; () if there is none."""
    if place.exchange >= len(conversation):
        return ()
    answer = conversation[place.exchange].answer
    if answer is None:
        return ()
    citations = answer.citations if place.kind == "c" else answer.nearest
    return citations if 1 <= place.number <= len(citations) else ()
