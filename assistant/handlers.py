"""What the chat page shows after each thing a reader does: plain values, no Gradio.

`assistant.page` wires these to its events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant import exchange, panel, parcel, render
from assistant.answers import Answer
from assistant.assistant import Assistant
from assistant.conversations import ConversationError, Conversations
from assistant.escape import problem
from assistant.exchange import Conversation, Place
from assistant.feedback import FeedbackError, append
from assistant.forms import MAX_QUESTION
from assistant.marking import feedback_of, mark_of
from assistant.parcel import Parcel
from assistant.stoppable import Dropped, Running
from vectorstore import Document, Filter, StoreError

__all__ = [
    "answering",
    "earlier",
    "first_view",
    "kept",
    "opened",
    "rated",
    "taken",
]

GONE = "The page no longer knows that answer. Ask the question again."


def first_view(assistant: Assistant, examples: Sequence[str], *, adding: bool = False) -> str:
    """The page before anything is asked, or why the store cannot be read."""
    try:
        return render.welcome(
            len(assistant.documents()), examples, adding=adding, writer=assistant.writer
        )
    except StoreError as error:
        return problem(str(error))


def answering(
    stream: exchange.Stream,
    conversation: Conversation,
    asked: Mapping[str, Any],
    *,
    filter: Filter | None = None,
    within: tuple[str, ...] = (),
    running: Running,
    tab: str,
) -> Iterator[Conversation]:
    """The conversation as the answer grows, until `running` ends the work of the tab.

    Nothing is yielded while the tab's last question is still being answered.
    `asked` may have a `question`, the place `at` which it is put (in place of an exchange and
    all after it), and what is `searched` for. For `filter` and `within` see `exchange.ask`.
    """
    question, searched = (
        str(asked.get(name, ""))[:MAX_QUESTION] for name in ("question", "searched")
    )
    before, question, searched = exchange.again(
        conversation,
        int(asked.get("at", len(conversation))),
        question=question,
        searched=searched,
    )
    work = running.begin(tab)
    if work is None:
        return

    def stoppable(*arguments: Any, **named: Any) -> Iterator[Answer]:
        return work.read(stream(*arguments, **named))

    with work, suppress(Dropped):
        yield from exchange.ask(
            stoppable, question, before, searched=searched, filter=filter, within=within
        )


def earlier(conversations: Conversations | None, *, unfolded: bool = False) -> str:
    """The list of earlier conversations, or why it cannot be read."""
    try:
        return render.earlier(conversations.listed() if conversations else (), opened=unfolded)
    except ConversationError as error:
        return problem(str(error))


def kept(conversations: Conversations | None, talk: str, conversation: Conversation) -> str:
    """Keeps the conversation; the list of all, or why it could not be kept."""
    try:
        if conversations:
            conversations.save(talk, conversation)
    except ConversationError as error:
        return problem(str(error))
    return earlier(conversations)


def opened(assistant: Assistant, conversation: Conversation, written: str) -> str:
    """The source panel at a place of the conversation."""
    place = Place.parse(written)
    citations = exchange.listed(conversation, place) if place else ()
    if place is None or not citations:
        return problem(GONE)
    try:
        document = assistant.document(citations[place.number - 1].document)
    except StoreError as error:
        return problem(str(error))
    return panel.source(document, place, citations)


def taken(
    assistant: Assistant, conversation: Conversation, made: Callable[..., Parcel | None]
) -> str:
    """What the reader takes along, as HTML; `made` takes the conversation and its documents."""
    when = datetime.now(UTC)
    answers = [exchange.answer for exchange in conversation if exchange.answer is not None]
    documents: dict[str, Document] = {}
    for document_id in {c.document for answer in answers for c in answer.citations}:
        with suppress(StoreError):  # a document that has gone: its citations stand without it
            documents[document_id] = assistant.document(document_id)
    parcel_made = made(conversation, documents, when=when)
    return parcel.as_html(parcel_made, when=when) if parcel_made else ""


def rated(
    file: Path | None, conversation: Conversation, given: Mapping[str, Any]
) -> tuple[Conversation, str]:
    """The conversation with what the reader said of an answer, and what is said to that.

    `given` names the exchange (`at`), the citation's `number` (0: the answer), the `verdict`
    and a `note`. It goes into the file of feedback; where it cannot, nothing changes.
    """
    when = datetime.now(UTC)
    at = int(given["at"])
    mark = mark_of(
        conversation,
        at,
        number=int(given["number"]),
        verdict=str(given["verdict"]),
        note=str(given.get("note", "")),
    )
    if mark is None:
        return conversation, problem(GONE)
    if file is None:
        return conversation, problem("This page was started without a place for feedback.")
    try:
        append(file, feedback_of(conversation, at, mark, when=when))
    except FeedbackError as error:
        return conversation, problem(str(error))
    what = f"source {mark.number}" if mark.number else "the answer"
    note = ", with your note" if mark.note else ""
    said = f"Noted: {what} is {mark.verdict}{note}. Kept in {file.name}."
    return exchange.marked(conversation, at, mark), parcel.said(said, when=when)
