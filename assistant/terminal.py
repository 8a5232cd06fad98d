"""An answer as plain text for a terminal, every line of it one that cannot steer the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answers import Answer, Citation
from assistant.footnotes import one_line

__all__ = ["readable"]

QUOTE = 160


def readable(answer: Answer) -> str:
    """The answer, then its sources or the nearest passages.

    What is not supported wholly says so. An answer that is written, not quoted, has the words of
    its sources too.
    """
    lines = [*_said(answer), ""]
    if answer.notice:
        lines += [f"Note: {one_line(answer.notice)}", ""]
    for citation in answer.citations:
        lines += _source(citation, quoted=not answer.quotes)
    if answer.nearest:
        lines.append("Nearest passages (they do not answer the question):")
    lines += [f"  - {_named(passage)}: {_begin(passage.quote)}" for passage in answer.nearest]
    return "\n".join(lines).rstrip()


def _said(answer: Answer) -> Iterator[str]:
    if answer.abstained or not answer.sentences:
        yield one_line(answer.answer)
        return
    for sentence in answer.sentences:
        markers = "".join(f"[{number}]" for number in sentence.citations)
        doubt = f"({one_line(sentence.doubt)})" if sentence.doubt else ""
        yield " ".join(part for part in (one_line(sentence.text), markers, doubt) if part)


def _source(citation: Citation, *, quoted: bool) -> Iterator[str]:
    page = f", page {citation.page}" if citation.page else ""
    yield f"[{citation.number}] {_named(citation)}{page}"
    if quoted:
        yield f"    “{one_line(citation.quote)}”"
    yield f"    {one_line(citation.source)}, characters {citation.start} to {citation.end}"


def _named(citation: Citation) -> str:
    return f"{one_line(citation.title)}, {one_line(citation.date or 'no date')}"


def _begin(quote: str) -> str:
    """How a quote begins, cut between words."""
    line = one_line(quote)
    return line if len(line) <= QUOTE else re.sub(r"\W+\w*$", "", line[:QUOTE]) + "…"
