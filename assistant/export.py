"""A conversation as Markdown, HTML, DOCX and JSON, with a footnote for each citation.

The JSON is exact, and what `summit verify` checks. The others are for readers: text of
documents never becomes markup in them, and characters that no XML 1.0 document can hold,
such as most control characters, are left out.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from assistant import answers
from assistant.answers import Answer
from assistant.escape import exactly
from assistant.exchange import Conversation, Exchange
from assistant.footnotes import (
    Note,
    Part,
    Section,
    content_hash,
    facts_of,
    one_line,
    section_of,
    sections_of,
    sound,
)
from vectorstore import Document

__all__ = ["answer_markdown", "as_json", "docx", "html", "markdown"]

TITLE = "Conversation"
# CommonMark, GitHub's additions to it (tables, bare links, mathematics), and those of
# Pandoc and Obsidian to a line of text: where a backslash keeps a character what it is.
MARKUP = re.compile(r"[\\`*_{}\[\]<>&|~$^@#=]|^[-+:]|!$|:(?=[^\s\d])|(?<=\w)\.(?=[^\W\d_])|(?<=%)%")
STYLE = (
    ":root{color-scheme:light dark}"
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;"
    "overflow-wrap:anywhere}"
    "blockquote{margin:0;padding-left:.8rem;border-left:.2rem solid;white-space:pre-wrap}"
    "sup{line-height:1}.facts,.line{font-size:.875rem}:target{outline:.15rem solid}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_json(
    conversation: Conversation, documents: Mapping[str, Document], *, when: datetime
) -> dict[str, Any]:
    """The conversation as a JSON object that `json.dumps` takes; `documents` are by id.

    An answer is the object of INTERFACE.md, and each of its citations has `url` and
    `content_hash` too: those of the document, null where it is not among `documents`.
    """
    return {
        "format": "summit-conversation",
        "version": 1,
        "exported": _utc(when),
        "exchanges": [
            {
                "question": exchange.question,
                "within": list(exchange.within),
                "problem": exchange.problem,
                "stopped": exchange.stopped,
                "answer": exchange.answer and _answer_json(exchange.answer, documents),
            }
            for exchange in conversation
        ],
    }


def _answer_json(answer: Answer, documents: Mapping[str, Document]) -> dict[str, Any]:
    made = answers.as_json(answer)
    for citation in made["citations"]:
        document = documents.get(citation["document"])
        citation["url"] = document and document.url
        citation["content_hash"] = document and content_hash(document.text)
    return made


def markdown(
    conversation: Conversation, documents: Mapping[str, Document], *, when: datetime
) -> str:
    """The conversation as Markdown with footnotes; `documents` are by id."""
    sections = sections_of(conversation, documents)
    blocks = [f"# {TITLE}"]
    for section in sections:
        blocks += [f"## {_escaped(section.question)}", *_markdown_body(section)]
    blocks.append(f"Exported: {_utc(when)}")
    blocks += [_markdown_note(note) for section in sections for note in section.notes]
    return "\n\n".join(blocks) + "\n"


def answer_markdown(
    answer: Answer, documents: Mapping[str, Document], *, when: datetime, first: int = 1
) -> str:
    """One answer with its citations as Markdown, to be pasted; its first note is `first`.

    In one Markdown text, two notes of one number would both show the first one's source:
    give each answer of a conversation the numbers it has in `markdown`.
    """
    section = section_of(Exchange(answer.question, answer, complete=True), documents, first=first)
    blocks = [f"Question: {_escaped(section.question)}", *_markdown_body(section)]
    blocks += [f"Exported: {_utc(when)}", *map(_markdown_note, section.notes)]
    return "\n\n".join(blocks) + "\n"


def _markdown_body(section: Section) -> Iterator[str]:
    yield from map(_escaped, section.before)
    if section.parts:
        yield " ".join(
            _escaped(part.text)
            + "".join(f"[^{number}]" for number in part.notes)
            + (f" ({_escaped(part.remark)})" if part.remark else "")
            for part in section.parts
        )
    yield from map(_escaped, section.after)


def _markdown_note(note: Note) -> str:
    facts = (f"<{link}>" if link else _escaped(fact) for fact, link in facts_of(note))
    return f"[^{note.number}]: “{_escaped(one_line(note.citation.quote))}” {'; '.join(facts)}"


def _escaped(line: str) -> str:
    """Markdown that reads as this line of text, at the start of a block or within one."""
    escaped = MARKUP.sub(r"\\\g<0>", line)
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", escaped)  # a numbered list


def html(conversation: Conversation, documents: Mapping[str, Document], *, when: datetime) -> str:
    """The conversation as a whole HTML page that loads nothing; `documents` are by id."""
    sections = sections_of(conversation, documents)
    marked: Counter[int] = Counter()
    body = "".join(_html_section(section, marked) for section in sections)
    notes = "".join(_html_note(note, marked) for section in sections for note in section.notes)
    if notes:
        notes = f'<section role="doc-endnotes"><h2>Notes</h2><ol>{notes}</ol></section>'
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{TITLE}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{TITLE}</h1>{body}{notes}"
        f'<p class="line">Exported: {_utc(when)}</p></main></body></html>\n'
    )


def _html_section(section: Section, marked: Counter[int]) -> str:
    """Counts in `marked` how often each note has been marked so far."""
    before, after = (
        "".join(f'<p class="line" dir="auto">{exactly(line)}</p>' for line in lines)
        for lines in (section.before, section.after)
    )
    parts = " ".join(_html_part(part, marked) for part in section.parts)
    answer = f"<p>{parts}</p>" if parts else ""
    return (
        f'<section><h2 dir="auto">{exactly(section.question)}</h2>{before}{answer}{after}</section>'
    )


def _html_part(part: Part, marked: Counter[int]) -> str:
    marks = ""
    for number in part.notes:
        marked[number] += 1
        marks += (
            f'<sup><a href="#note-{number}" id="mark-{number}-{marked[number]}" '
            f'role="doc-noteref" aria-label="Note {number}">[{number}]</a></sup>'
        )
    remark = f" <em>({exactly(part.remark)})</em>" if part.remark else ""
    text = f'<span lang="{exactly(part.language)}" dir="auto">{exactly(part.text)}</span>'
    return f"{text}{marks}{remark}"


def _html_note(note: Note, marked: Counter[int]) -> str:
    facts = "; ".join(
        f'<a href="{exactly(link)}" rel="noreferrer">{exactly(fact)}</a>'
        if link
        else f"<bdi>{exactly(fact)}</bdi>"
        for fact, link in facts_of(note)
    )
    back = "".join(
        f' <a href="#mark-{note.number}-{nth}" role="doc-backlink" '
        f'aria-label="Back to mark {nth} of note {note.number}">↩</a>'
        for nth in range(1, marked[note.number] + 1)
    )
    language = exactly(one_line(note.citation.language))
    words = exactly(sound(note.citation.quote))
    return (
        f'<li id="note-{note.number}"><blockquote lang="{language}" dir="auto">{words}'
        f'</blockquote><p class="facts">{facts}{back}</p></li>'
    )


def docx(conversation: Conversation, documents: Mapping[str, Document], *, when: datetime) -> bytes:
    """The conversation as a Word document, its notes in a list at the end."""
    from docx import Document as Word

    sections = sections_of(conversation, documents)
    word = Word()
    properties = word.core_properties
    properties.title, properties.author, properties.comments = TITLE, "", ""
    properties.created = properties.modified = when.astimezone(UTC).replace(tzinfo=None)
    word.add_heading(TITLE, 0)
    for section in sections:
        _word_section(word, section)
    word.add_paragraph(f"Exported: {_utc(when)}")
    notes = [note for section in sections for note in section.notes]
    if notes:
        word.add_heading("Notes", 1)
    for note in notes:
        # A paragraph of its own, so that no change of direction in it reaches what follows.
        text = sound(note.citation.quote).replace("\r\n", "\n")
        word.add_paragraph(text, style="List Number")
        word.add_paragraph("; ".join(fact for fact, _ in facts_of(note)), style="List Continue")
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _word_section(word: Any, section: Section) -> None:
    word.add_heading(section.question, 1)
    for line in section.before:
        word.add_paragraph(line)
    if section.parts:
        paragraph = word.add_paragraph()
    for part in section.parts:
        paragraph.add_run(part.text)
        if part.notes:
            paragraph.add_run(", ".join(map(str, part.notes))).font.superscript = True
        paragraph.add_run(f" ({part.remark}) " if part.remark else " ")
    for line in section.after:
        word.add_paragraph(line)


def _utc(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
