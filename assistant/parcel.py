"""What a reader takes along from the chat page: a conversation as a file, an answer to paste.

It reaches the browser as HTML that holds the bytes in base64; `page.js` hands them to the
reader. Nothing is written to disk here, and the server offers no file.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant import export
from assistant.escape import exactly
from assistant.exchange import Conversation
from vectorstore import Document

__all__ = ["Parcel", "as_html", "copied", "said", "saved"]

_Form = Callable[[Conversation, Mapping[str, Document], datetime], bytes]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file for the reader, or text for the clipboard where `name` is empty."""

    name: str
    media_type: str
    data: bytes


def _json(conversation: Conversation, documents: Mapping[str, Document], when: datetime) -> bytes:
    return json.dumps(export.as_json(conversation, documents, when=when), indent=1).encode()


# By the name of a form: how its files end, their media type, and what makes them.
FORMS: Mapping[str, tuple[str, str, _Form]] = {
    "markdown": ("md", "text/markdown", lambda c, d, w: _text(export.markdown(c, d, when=w))),
    "html": ("html", "text/html", lambda c, d, w: _text(export.html(c, d, when=w))),
    "docx": ("docx", WORD, lambda c, d, w: export.docx(c, d, when=w)),
    "json": ("json", "application/json", _json),
}


def saved(
    form: str, conversation: Conversation, documents: Mapping[str, Document], *, when: datetime
) -> Parcel | None:
    """The conversation as a file of a form in `FORMS`; None for any other.

    `documents` are by id. The file is named after the time in UTC.
    """
    if form not in FORMS:
        return None
    ending, media_type, made = FORMS[form]
    name = f"conversation-{when.astimezone(UTC):%Y-%m-%d-%H%M}.{ending}"
    return Parcel(name, media_type, made(conversation, documents, when))


def copied(
    at: int, conversation: Conversation, documents: Mapping[str, Document], *, when: datetime
) -> Parcel | None:
    """The `at`-th answer, from 0, with its citations as Markdown; None where there is none."""
    if not 0 <= at < len(conversation):
        return None
    answer = conversation[at].answer
    if answer is None:
        return None
    before = (exchange.answer for exchange in conversation[:at])
    first = 1 + sum(len(one.citations) for one in before if one is not None)
    text = export.answer_markdown(answer, documents, when=when, first=first)
    return Parcel("", "text/plain", _text(text))


def _text(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def as_html(parcel: Parcel, *, when: datetime) -> str:
    """HTML that holds the parcel; `when` tells two of the same content apart."""
    return (
        f'<span data-name="{parcel.name}" data-type="{parcel.media_type}" '
        f'data-when="{when.timestamp()}" data-content="{b64encode(parcel.data).decode()}"></span>'
    )


def said(message: str, *, when: datetime) -> str:
    """HTML that holds what is said to the reader for a while."""
    return f'<span data-said="{exactly(message)}" data-when="{when.timestamp()}"></span>'
