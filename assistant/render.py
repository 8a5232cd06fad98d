"""The chat page's HTML, made from plain values, with every character of theirs escaped.

Whatever comes from a document, a file name, a question or an answer goes through
`exactly` (nothing lost) or `label` (one line, shortened); nothing else does the escaping.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from assistant.answers import Answer, Citation, Sentence
from assistant.conversations import Kept
from assistant.exchange import Conversation, Exchange, Place

__all__ = ["conversation", "day", "earlier", "exactly", "label", "problem", "saving", "welcome"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# The forms in which a conversation is saved, as `assistant.parcel` knows them, and their names.
FORMS = (("markdown", "Markdown"), ("html", "HTML"), ("docx", "Word"), ("json", "JSON"))
LABEL = 160
PREVIEW = 400

# Direction overrides and isolates, and other characters that are not seen: they can make
# a name read as another one.
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def exactly(text: str) -> str:
    """HTML whose text content is `text`, character by character (NUL aside)."""
    return html.escape(text).replace("\r", "&#13;")


def label(text: str, limit: int = LABEL) -> str:
    """HTML of `text` as a name: on one line, at most `limit` characters, nothing unseen."""
    line = " ".join(UNSEEN.sub("", text).split())
    return html.escape(line if len(line) <= limit else line[: limit - 1].rstrip() + "…")


def welcome(documents: int, examples: Sequence[str] = (), *, adding: bool = False) -> str:
    """The first view: how many documents there are and what one could ask, or how to add some.

    `adding` tells that the page itself can add documents.
    """
    if documents == 0:
        return _log(f'<div class="welcome">{_no_documents(adding)}</div>')
    many = "1 document" if documents == 1 else f"{documents:,} documents"
    buttons = "".join(
        f'<li><button type="button" data-ask="{exactly(example)}">{exactly(example)}</button></li>'
        for example in examples
    )
    tries = f'<p>For example:</p><ul class="examples">{buttons}</ul>' if buttons else ""
    return _log(
        f'<div class="welcome"><p>Ask about the {many} in this store. Answers are quoted from '
        "them: each number after a sentence opens the exact words it was taken from. If the "
        f"documents do not answer a question, the page says so.</p>{tries}</div>"
    )


def _no_documents(adding: bool) -> str:
    terminal = "<p><code>summit ingest FOLDER</code></p>"
    if not adding:
        return (
            "<p>There are no documents yet. Add a folder of them in a terminal, then reload this "
            f"page:</p>{terminal}"
        )
    return (
        "<p>There are no documents yet. Add some to ask about: drop files anywhere on this page, "
        'or</p><p><button type="button" class="primary" data-library="add">Add documents</button>'
        f"</p><p>A whole folder goes in from a terminal; then reload this page:</p>{terminal}"
    )


def conversation(exchanges: Conversation) -> str:
    """All questions with what became of them, oldest first."""
    return _log("".join(_exchange(at, exchange) for at, exchange in enumerate(exchanges)))


def saving(exchanges: Conversation) -> str:
    """Buttons that save the conversation in a form; nothing before the first answer is there."""
    if not any(exchange.complete for exchange in exchanges):
        return ""
    buttons = "".join(
        f'<button type="button" data-save="{form}">{name}</button>' for form, name in FORMS
    )
    return (
        '<div class="saving" role="group" aria-label="Save this conversation">'
        f"<span>Save as</span>{buttons}</div>"
    )


def earlier(kept: Sequence[Kept], *, opened: bool = False) -> str:
    """The earlier conversations as a fold-out list; nothing where there are none."""
    if not kept:
        return ""
    items = "".join(
        f'<li><button type="button" class="recall" data-recall="{label(one.id)}">'
        f"<bdi>{label(one.title)}</bdi> <span>{_when(one)}</span></button>"
        f'<button type="button" data-forget="{label(one.id)}" '
        f'aria-label="Delete the conversation {label(one.title)}">Delete</button></li>'
        for one in kept
    )
    return (
        f'<details class="earlier"{" open" * opened}><summary>Earlier conversations '
        f"({len(kept)})</summary><ul>{items}</ul></details>"
    )


def _when(kept: Kept) -> str:
    many = "1 question" if kept.exchanges == 1 else f"{kept.exchanges} questions"
    return f"{day(kept.changed[:10])}, {many}"


def _log(content: str) -> str:
    """A live region: it must be there before what it is to announce."""
    return f'<div class="log" role="log" aria-label="Conversation">{content}</div>'


def _exchange(at: int, exchange: Exchange) -> str:
    if exchange.answer is not None:
        body = _answer(at, exchange.answer, complete=exchange.complete)
    elif exchange.problem:
        body = problem(exchange.problem)
    else:
        body = '<p class="waiting">Searching the documents…</p>'
    busy = "false" if exchange.complete else "true"
    return (
        f'<article class="exchange" aria-busy="{busy}"><h2 class="question" dir="auto">'
        f"{exactly(exchange.question)}</h2>{_within(exchange)}{body}</article>"
    )


def _within(exchange: Exchange) -> str:
    if not exchange.within:
        return ""
    limits = "; ".join(f"<bdi>{label(words)}</bdi>" for words in exchange.within)
    return f'<p class="within">Within: {limits}</p>'


def _answer(at: int, answer: Answer, *, complete: bool) -> str:
    if answer.abstained:
        return _abstention(at, answer)
    sources = (
        f'<h3 class="label">Sources</h3>{_list(at, "c", answer.citations)}'
        if complete and answer.citations
        else ""
    )
    button = f'<button type="button" data-copy="{at}">Copy with citations</button>'
    copy = f'<p class="actions">{button}</p>' if complete else ""
    return (
        f"{_searched(answer)}"
        f'<div class="answer" lang="{label(answer.language)}" dir="auto">{_text(at, answer)}</div>'
        f"{sources}{copy}"
    )


def _abstention(at: int, answer: Answer) -> str:
    nearest = (
        '<h3 class="label">Nearest passages (they do not answer the question)</h3>'
        f"{_list(at, 'n', answer.nearest)}"
        if answer.nearest
        else ""
    )
    searched = "" if answer.standalone_question in answer.answer else _searched(answer)
    return (
        f'<div class="abstention">{searched}<p class="answer" lang="{label(answer.language)}" '
        f'dir="auto">{exactly(answer.answer)}</p>{nearest}</div>'
    )


def _searched(answer: Answer) -> str:
    if answer.standalone_question == answer.question:
        return ""
    return f'<p class="searched">Searched for: <bdi>{exactly(answer.standalone_question)}</bdi></p>'


def _text(at: int, answer: Answer) -> str:
    """The answer's text with its markers as links, in the layout that `answer.answer` has."""
    parts: list[str] = []
    done = 0
    for nth, sentence in enumerate(answer.sentences):
        found = answer.answer.find(sentence.text, done)
        parts.append(exactly(answer.answer[done:found]) if found >= 0 else " ")
        parts.append(_sentence(at, nth, sentence, answer))
        if found >= 0:
            done = found + len(sentence.text)
            done += _markers_length(answer.answer[done:], len(sentence.citations))
    return "".join((*parts, exactly(answer.answer[done:])))


def _markers_length(text: str, count: int) -> int:
    found = re.match(rf"(?:\s*\[\d+\]){{0,{count}}}", text)
    return len(found[0]) if found else 0


def _sentence(at: int, nth: int, sentence: Sentence, answer: Answer) -> str:
    by_number = {citation.number: citation for citation in answer.citations}
    cited = [(number, by_number.get(number)) for number in sentence.citations]
    language = next((c.language for _, c in cited if c is not None), answer.language)
    markers = "".join(
        f"&nbsp;{_marker(at, nth, citation)}" if citation else f"&nbsp;[{number}]"
        for number, citation in cited
    )
    held = sentence.verdict in (None, "supported")
    verdict = "" if held else f' <span class="verdict">({label(str(sentence.verdict))})</span>'
    return f'<span lang="{label(language)}">{exactly(sentence.text)}</span>{markers}{verdict}'


def _marker(at: int, nth: int, citation: Citation) -> str:
    """A link named after its source; the quote shows while it is pointed at or focused."""
    preview = f"preview-{at}-{nth}-{citation.number}"
    place = Place(at, "c", citation.number)
    return (
        f'<span class="cite"><a href="#source" class="marker" data-open="{place}" '
        f'aria-label="Source {citation.number}: {_line(citation)}" aria-describedby="{preview}">'
        f'[{citation.number}]</a><span class="preview" role="tooltip" id="{preview}">'
        f'{_quoted(citation)}<span class="from"><bdi>{_line(citation)}</bdi></span></span></span>'
    )


def _list(at: int, kind: Literal["c", "n"], citations: Sequence[Citation]) -> str:
    """Citations as a list of links, each with how its words begin."""
    return f'<ol class="sources">{"".join(_items(at, kind, citations))}</ol>'


def _items(at: int, kind: Literal["c", "n"], citations: Sequence[Citation]) -> Iterator[str]:
    for number, citation in enumerate(citations, start=1):
        yield (
            f'<li><a href="#source" class="source" data-open="{Place(at, kind, number)}">'
            f'<span class="number">{number}</span> <bdi>{_line(citation)}</bdi></a>'
            f"{_quoted(citation)}</li>"
        )


def _quoted(citation: Citation) -> str:
    """How the cited words begin, on one line."""
    quote = label(citation.quote, PREVIEW)
    return f'<q lang="{label(citation.language)}" dir="auto">{quote}</q>'


def _line(citation: Citation) -> str:
    """Title, date and page in one line."""
    page = f"page {citation.page}" if citation.page is not None else ""
    parts = (label(citation.title or citation.source), day(citation.date), page)
    return ", ".join(part for part in parts if part)


def day(written: str | None) -> str:
    """HTML of an ISO date in words; anything else as it is written, nothing for None."""
    try:
        known = date.fromisoformat(written or "")
    except ValueError:
        return label(written or "")
    return f"{known.day} {MONTHS[known.month - 1]} {known.year}"


def problem(message: str) -> str:
    """A paragraph that says in plain words what went wrong."""
    return f'<p class="problem" role="alert">{exactly(message)}</p>'
