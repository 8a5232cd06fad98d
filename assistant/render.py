"""The chat page's HTML, made from plain values, with every character of theirs escaped.

The escaping is done by `exactly` and `label` of `assistant.escape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from assistant import forms
from assistant.answers import Answer, Citation, Sentence
from assistant.conversations import Kept
from assistant.escape import day, exactly, label, problem, unseen
from assistant.exchange import Conversation, Exchange, Place
from assistant.why import why

__all__ = ["conversation", "earlier", "saving", "welcome"]

# The forms in which a conversation is saved, as `assistant.parcel` knows them, and their names.
FORMS = (("markdown", "Markdown"), ("html", "HTML"), ("docx", "Word"), ("json", "JSON"))
PREVIEW = 400
# Characters of what is in doubt of a sentence.
DOUBT = 400
NO_FOLLOW_UPS: Mapping[str, str] = {}


def welcome(
    documents: int,
    examples: Sequence[str] = (),
    *,
    adding: bool = False,
    writer: str | None = None,
) -> str:
    """The first view: how many documents there are and what one could ask, or how to add some.

    `adding` tells that the page itself can add documents; `writer` names the language model
    that writes answers.
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
        f'<div class="welcome"><p>Ask about the {many} in this store. {_how(writer)} If the '
        f"documents do not answer a question, the page says so.</p>{tries}</div>"
    )


def _how(writer: str | None) -> str:
    if writer is None:
        return (
            "Answers are quoted from them: each number after a sentence opens the exact words it "
            "was taken from."
        )
    return (
        f"Answers are written by <bdi>{label(writer)}</bdi>, and each sentence is checked before "
        "it is shown: the number after it opens the exact words that support it."
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


def conversation(exchanges: Conversation, follow_ups: Mapping[str, str] = NO_FOLLOW_UPS) -> str:
    """All questions with what became of them, oldest first.

    `follow_ups` are questions that could be asked next, by the question before them.
    """
    count = len(exchanges)
    then = follow_ups.get(exchanges[-1].question, "") if exchanges else ""
    return _log(
        "".join(
            _exchange(at, exchange, after=count - at - 1, then=then)
            for at, exchange in enumerate(exchanges)
        )
    )


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


def _exchange(at: int, exchange: Exchange, *, after: int, then: str) -> str:
    """The `at`-th exchange; so many come `after` it, and `then` could be asked after the last."""
    if exchange.answer is not None:
        body = _answer(at, exchange, exchange.answer)
    elif exchange.problem:
        body = problem(exchange.problem)
    else:
        body = "" if exchange.stopped else '<p class="waiting">Searching the documents…</p>'
    complete = exchange.complete
    edit = forms.edit(at, exchange.question, after=after) if complete else ""
    return (
        f'<article class="exchange" aria-busy="{"false" if complete else "true"}">'
        f'<div class="asked"><h2 class="question" dir="auto">{exactly(exchange.question)}</h2>'
        f"{edit}</div>{_within(exchange)}{body}{_stopped(exchange)}"
        f"{_actions(at, exchange, last=not after)}"
        f"{_next(exchange, then) if not after else ''}</article>"
    )


def _within(exchange: Exchange) -> str:
    if not exchange.within:
        return ""
    limits = "; ".join(f"<bdi>{label(words)}</bdi>" for words in exchange.within)
    return f'<p class="within">Within: {limits}</p>'


def _stopped(exchange: Exchange) -> str:
    if not exchange.stopped:
        return ""
    found = (
        "What was found so far may be incomplete." if exchange.answer else "Nothing was found yet."
    )
    return f'<p class="stopped">Stopped. {found}</p>'


def _actions(at: int, exchange: Exchange, *, last: bool) -> str:
    """What can be done with an exchange that is complete, and how its answer came about."""
    if not exchange.complete:
        return ""
    answer = exchange.answer
    copy = f'<button type="button" data-copy="{at}">Copy with citations</button>'
    retry = f'<button type="button" data-again="{at}">Try again</button>'
    buttons = copy * (answer is not None and not answer.abstained) + retry * last
    actions = f'<p class="actions">{buttons}</p>' if buttons else ""
    more = f'<div class="more">{why(at, answer)}{forms.rate(at, exchange)}</div>' if answer else ""
    return actions + more


def _next(exchange: Exchange, then: str) -> str:
    """What could be asked next, once there is an answer."""
    if not then or exchange.answer is None or not exchange.complete:
        return ""
    button = f'<button type="button" data-ask="{exactly(then)}">{exactly(then)}</button>'
    return f'<p class="then">Then ask: {button}</p>'


def _answer(at: int, exchange: Exchange, answer: Answer) -> str:
    searched = _searched(at, exchange, answer)
    if answer.abstained:
        return _abstention(at, answer, searched)
    sources = (
        f'<h3 class="label">Sources</h3>{_list(at, "c", answer.citations, exchange)}'
        if exchange.complete and answer.citations
        else ""
    )
    return (
        f"{searched}"
        f'<div class="answer" lang="{label(answer.language)}" dir="auto">{_text(at, answer)}</div>'
        f"{_engine(answer)}{sources}"
    )


def _engine(answer: Answer) -> str:
    """Who wrote the answer, if anybody did, and what its reader should know of that."""
    writer = label(answer.engine.removeprefix("llm:"))
    written = (
        ""
        if answer.quotes
        else (
            f'<p class="engine">Written by <bdi>{writer}</bdi>. Each sentence was checked against '
            "its sources.</p>"
        )
    )
    told = answer.notice and f'<p class="notice">{exactly(answer.notice)}</p>'
    return f"{written}{told or ''}"


def _abstention(at: int, answer: Answer, searched: str) -> str:
    nearest = (
        '<h3 class="label">Nearest passages (they do not answer the question)</h3>'
        f"{_list(at, 'n', answer.nearest)}"
        if answer.nearest
        else ""
    )
    return (
        f'<div class="abstention">{searched}<p class="answer" lang="{label(answer.language)}" '
        f'dir="auto">{exactly(answer.answer)}</p>{nearest}</div>'
    )


def _searched(at: int, exchange: Exchange, answer: Answer) -> str:
    """What was searched for in place of the question, with a form to correct it."""
    alone = answer.standalone_question
    if alone == answer.question and not exchange.searched:
        return ""
    # A refusal says it itself.
    told = answer.abstained and alone in answer.answer
    words = "" if told else f"<p>Searched for: <bdi>{exactly(alone)}</bdi></p>"
    correct = forms.correct(at, alone) if exchange.complete else ""
    return f'<div class="searched">{words}{correct}</div>' if words or correct else ""


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
    quoted = next((c.language for _, c in cited if c is not None), answer.language)
    language = quoted if answer.quotes else answer.language
    markers = "".join(
        f"&nbsp;{_marker(at, nth, citation)}" if citation else f"&nbsp;[{number}]"
        for number, citation in cited
    )
    # What has no support is struck, also for who does not see colours.
    unsupported = sentence.verdict in ("not supported", "contradicted")
    tag = "s" if unsupported and not answer.quotes else "span"
    return (
        f'<{tag} lang="{label(language)}">{exactly(sentence.text)}</{tag}>{markers}'
        f"{_verdict(sentence)}"
    )


def _verdict(sentence: Sentence) -> str:
    """Whether the sources support the sentence: only said where they do; else shown, and why."""
    if sentence.doubt:
        return f' <span class="verdict">({label(sentence.doubt, DOUBT)})</span>'
    return unseen(" (supported)") if sentence.verdict else ""


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


def _list(
    at: int,
    kind: Literal["c", "n"],
    citations: Sequence[Citation],
    exchange: Exchange | None = None,
) -> str:
    """Citations as a list of links, each with how its words begin.

    Those of an `exchange` can be rated.
    """
    return f'<ol class="sources">{"".join(_items(at, kind, citations, exchange))}</ol>'


def _items(
    at: int, kind: Literal["c", "n"], citations: Sequence[Citation], exchange: Exchange | None
) -> Iterator[str]:
    for number, citation in enumerate(citations, start=1):
        rate = forms.rate(at, exchange, citation.number) if exchange else ""
        yield (
            f'<li><a href="#source" class="source" data-open="{Place(at, kind, number)}">'
            f'<span class="number">{number}</span> <bdi>{_line(citation)}</bdi></a>'
            f"{_quoted(citation)}{rate}</li>"
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
