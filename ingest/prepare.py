"""From what a reader found to a document and its passages, ready for the store."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from ingest import metadata, plain
from ingest.blocks import Part, parts_from_blocks, parts_from_lines
from ingest.extract import Extract, ReadError
from ingest.furniture import find_furniture
from ingest.lines import split_lines
from ingest.passages import find_passages
from ingest.sentences import find_sentences
from ingest.words import function_words
from vectorstore.document import Document, Passage, Sentence

__all__ = ["VERSION", "prepare"]

# Goes up whenever the same file would give other passages: sources ingested by an
# earlier version then count as changed.
VERSION = "2"

# Where a title may stand: among the first blocks, before the text proper begins.
TITLE_BLOCKS = 24
MAX_TITLE = 200
LONG_BLOCK = 300


def prepare(extract: Extract, name: str) -> tuple[Document, tuple[Passage, ...]]:
    """The document that `extract` holds and its passages, in order.

    `name` is the source's name, for a title of last resort. ReadError when no words are
    left once furniture is marked.
    """
    text = extract.text
    language = metadata.find_language(text, hint=extract.language)
    markup = extract.blocks is None and not extract.pages
    lines = split_lines(text, extract.pages)
    body_start = plain.front_matter_end(text) if markup else 0
    marks = find_furniture(lines, text, pages=extract.pages, body_start=body_start)
    if extract.blocks is None:
        markdown = name.lower().endswith((".md", ".markdown"))
        parts = parts_from_lines(text, lines, marks=marks, language=language, markdown=markdown)
    else:
        parts = parts_from_blocks(extract.blocks, marks)
    found = find_sentences(text, parts, language=language, markup=markup)
    url = extract.url or (name if name.startswith(("http://", "https://")) else None)
    document = Document(
        id=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        sources=(name,),
        title=_title(extract, found, language=language, name=name),
        date=_date(extract, text[body_start:], language=language),
        publisher=extract.publisher or metadata.publisher_of(url),
        language=language,
        url=url,
        pages=extract.pages,
        text=text,
        furniture=tuple((mark.start, mark.end, mark.kind) for mark in marks),
    )
    passages = find_passages(document, found, marks=marks)
    if not passages:
        raise ReadError(
            f"{name!r} holds no sentences that could be quoted; if it is a scan, run text "
            "recognition (OCR) on it first."
        )
    return document, passages


def _date(extract: Extract, body: str, *, language: str) -> str | None:
    """What the format states; in PDF and Word that is only the day the file was made."""
    if extract.date_is_of_file:
        return metadata.find_date(body, language=language) or extract.date
    return extract.date or metadata.find_date(body, language=language)


def _title(
    extract: Extract,
    found: Sequence[tuple[Part, tuple[Sentence, ...]]],
    *,
    language: str,
    name: str,
) -> str:
    """The format's own title, a heading of the first rank, or the most telling short block.

    A block tells as much as it has words that come back in the text; each block before
    it costs a quarter of a word.
    """
    if extract.title:
        return " ".join(extract.title.split())[:MAX_TITLE]
    if found[:1] and found[0][0].kind == "heading" and found[0][0].level == 1:
        return found[0][1][0].text[:MAX_TITLE].strip(" :*_")
    common = function_words(language)
    whole = " ".join(sentence.text for _, sentences in found for sentence in sentences)
    words = Counter(re.findall(r"[^\W\d_]{3,}", whole.casefold()))
    best, best_score = "", 0.5
    for i, (part, sentences) in enumerate(found[:TITLE_BLOCKS]):
        text = " ".join(sentence.text for sentence in sentences)
        if len(text) > LONG_BLOCK:
            break
        own = set(re.findall(r"[^\W\d_]{3,}", text.casefold())) - common
        recurring = sum(words[word] >= 3 for word in own)
        score = min(recurring, 8) - 0.25 * i
        ends = text.endswith((".", ",", ";")) and part.kind != "heading"
        if score > best_score and len(text) <= MAX_TITLE and not ends:
            best, best_score = text, score
    fallback = PurePosixPath(name).stem.replace("-", " ").replace("_", " ").strip()
    return best.strip(" :*_") or fallback or name
