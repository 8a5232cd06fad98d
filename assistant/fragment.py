"""Makes the link that opens a document's public page at the cited words.

The link ends in a text fragment, `#:~:text=[prefix-,]start[,end][,-suffix]`, which browsers
look up in the page as it is shown (WICG, URL Fragment Text Directives,
https://wicg.github.io/scroll-to-text-fragment/). What the page shows is known here only
through the document's text, so the fragment is made of words that stand the same in both:
no markup, no list markers, nothing that a line or page break may have cut.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from urllib.parse import quote

from assistant.webpage import SPACELESS, Webpage, Word, webpage
from vectorstore import Document

__all__ = ["link"]

# How many words are quoted whole, how many at each edge of a longer quote, and how many
# around a repeated one; each is tried until the place is the first that matches.
WHOLE = 10
EDGES = (4, 6, 8, 12)
CONTEXTS = (3, 6, 12)
# Beside markup: a run of fewer words than this is used only where there is no longer one,
# and so many runs are tried at each edge.
FEW = 3
RUNS = 3
MAX_PART = 300  # characters; the limit of Chrome's own fragments
TRIMMED = " .,;:!?…'\"‘’“”„‚«»‹›()[]{}<>-‐‑‒–—―·•、。，！？；：「」『』（）【】《》"
# Between letters, or between digits, these do not end a word (UAX 29, WB6 to WB12).
WITHIN_LETTERS = ".':·"
WITHIN_DIGITS = ".',;"

WEB = re.compile(r"https?://[^/?#\\\s]", re.IGNORECASE)
UNSAFE_IN_URL = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Directive:
    """The parts of a text directive as ranges of `Webpage.shown`."""

    start: Range
    end: Range | None = None
    prefix: Range | None = None
    suffix: Range | None = None


def link(document: Document, start: int, end: int) -> str | None:
    """The document's public URL, opening at the words of `document.text[start:end]`.

    `start` and `end` count characters, half-open. Where no text fragment leads to exactly
    these words, the URL is without one. None where the document has no http or https URL.
    The result is ASCII without spaces or quotes, but its `&` are still to be escaped.
    """
    if document.url is None or not WEB.match(document.url):
        return None
    safe = UNSAFE_IN_URL.sub(lambda m: quote(m[0], safe="", errors="replace"), document.url)
    url, _, anchor = safe.partition("#")
    anchor = anchor.partition(":~:")[0]
    page = webpage(document)
    for directive in _directives(page, start, end):
        parts = (directive.start, directive.end, directive.prefix, directive.suffix)
        if any(part and part[1] - part[0] > MAX_PART for part in parts):
            continue
        first, last = directive.start[0], (directive.end or directive.start)[1]
        if _found(page, directive) == (page.at[first], page.at[last]):
            return f"{url}#{anchor}:~:text={_written(page, directive)}"
    return f"{url}#{anchor}" if anchor else url


def _written(page: Webpage, directive: _Directive) -> str:
    parts = (
        (directive.prefix, "{}-"),
        (directive.start, "{}"),
        (directive.end, "{}"),
        (directive.suffix, "-{}"),
    )
    return ",".join(
        form.format(_encoded(page.shown[part[0] : part[1]])) for part, form in parts if part
    )


def _encoded(words: str) -> str:
    """Words in UTF-8, all but letters, digits, `.`, `_` and `~` percent-encoded."""
    return quote(unicodedata.normalize("NFC", words), safe="").replace("-", "%2D")


# What to look for


def _directives(page: Webpage, start: int, end: int) -> Iterator[_Directive]:
    """What could lead to the words at [start, end) of the document, the simplest first."""
    runs = _runs(page, start, end)
    runs = [run for run in runs if run[1] - run[0] >= FEW] or runs
    for skipped, left_out in product(range(min(RUNS, len(runs))), repeat=2):
        if skipped + left_out < len(runs):
            yield from _of_runs(page, runs[skipped], runs[-1 - left_out])


def _runs(page: Webpage, start: int, end: int) -> list[Range]:
    """The words that lie in [start, end) of the document, as ranges of `Webpage.words`."""
    at = bisect_left(page.words, start, key=lambda word: word.place)
    runs: list[Range] = []
    for i, word in enumerate(page.words[max(0, at - 1) :], max(0, at - 1)):
        if word.place >= end:
            break
        if not _lies_in(page, word, start, end):
            continue
        if runs and word.joined:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return [run for run in runs if any(map(str.isalnum, page.shown[slice(*_span(page, run))]))]


def _lies_in(page: Webpage, word: Word, start: int, end: int) -> bool:
    """Whether the word lies in [start, end) of the document, but for punctuation around it."""
    shown = page.shown[word.start : word.end]
    first = word.place + len(shown) - len(shown.lstrip(TRIMMED))
    return start <= first and word.place + len(shown.rstrip(TRIMMED)) <= end


def _of_runs(page: Webpage, first: Range, last: Range) -> Iterator[_Directive]:
    """The quote from the beginning of one run to the end of another, or of the same."""
    whole = _span(page, first)
    if first == last and first[1] - first[0] <= WHOLE and whole[1] - whole[0] <= MAX_PART:
        pairs: list[tuple[Range, Range | None]] = [(first, None)]
    else:
        pairs = [
            ((first[0], min(first[0] + n, first[1])), (max(last[1] - n, last[0]), last[1]))
            for n in EDGES
            if first != last or 2 * n <= first[1] - first[0]
        ]
        pairs = pairs or [((first[0], first[0] + 1), (last[1] - 1, last[1]))]
        if first == last:
            pairs.append((first, None))
    for head, tail in dict.fromkeys(pairs):
        yield _trimmed(page, _of_words(page, head, tail))
    for n in CONTEXTS:
        yield from _in_context(page, *pairs[0], n)


def _in_context(page: Webpage, head: Range, tail: Range | None, n: int) -> Iterator[_Directive]:
    """The same quote after, before and between at most `n` words around it."""
    bare = _of_words(page, head, tail)
    prefix = _before(page, head[0], n)
    suffix = _after(page, (tail or head)[1], n)
    for contexts in ((prefix, None), (None, suffix), (prefix, suffix)):
        if any(contexts):
            yield _trimmed(page, replace(bare, prefix=contexts[0], suffix=contexts[1]))


def _of_words(page: Webpage, head: Range, tail: Range | None) -> _Directive:
    return _Directive(_span(page, head), _span(page, tail) if tail else None)


def _span(page: Webpage, words: Range) -> Range:
    return page.words[words[0]].start, page.words[words[1] - 1].end


def _before(page: Webpage, word: int, n: int) -> Range | None:
    """At most `n` words of one block that end where `word` begins."""
    if word == 0 or not page.words[word].adjacent:
        return None
    at = word - 1
    while word - at < n and page.words[at].joined:
        at -= 1
    return _span(page, (at, word))


def _after(page: Webpage, word: int, n: int) -> Range | None:
    """At most `n` words of one block, from `word` on, which follow the word before it."""
    if word >= len(page.words) or not page.words[word].adjacent:
        return None
    to = word + 1
    while to - word < n and to < len(page.words) and page.words[to].joined:
        to += 1
    return _span(page, (word, to))


def _trimmed(page: Webpage, directive: _Directive) -> _Directive:
    """Without punctuation at the outer edges, where the page may have another kind.

    It stays beside a context, which must touch the quote.
    """

    def cut(part: Range | None, *, left: bool, right: bool) -> Range | None:
        if part is None:
            return None
        shown = page.shown[part[0] : part[1]]
        start = part[1] - len(shown.lstrip(TRIMMED)) if left else part[0]
        end = part[0] + len(shown.rstrip(TRIMMED)) if right else part[1]
        return (start, end) if start < end else None

    ends_start = directive.end is not None or directive.suffix is None
    start = cut(directive.start, left=directive.prefix is None, right=ends_start)
    return _Directive(
        start or directive.start,
        cut(directive.end, left=True, right=directive.suffix is None),
        cut(directive.prefix, left=True, right=False),
        cut(directive.suffix, left=False, right=True),
    )


# Whether a browser would find it


def _found(page: Webpage, directive: _Directive) -> Range | None:
    """Where a browser finds the directive first, in `page.folded`; None if nowhere.

    The specification's "find a range from a text directive", of which the limits of
    blocks are left out: without them it finds all that a browser finds, or more.
    """
    text = page.folded
    prefix, start, end, suffix = (
        text[page.at[part[0]] : page.at[part[1]]] if part else ""
        for part in (directive.prefix, directive.start, directive.end, directive.suffix)
    )
    at = 0
    while (at := _find(text, prefix or start, at, to_boundary=not prefix and not suffix)) >= 0:
        first = _past_space(text, at + len(prefix)) if prefix else at
        at += 1
        if not text.startswith(start, first):
            continue
        last = first + len(start)
        if (end or not suffix) and not _boundary(text, last):
            continue
        while True:
            if end:
                found = _find(text, end, last, to_boundary=not suffix)
                if found < 0:
                    return None
                last = found + len(end)
            if not suffix or _touches(text, suffix, last):
                return first, last
            if not end:
                break
    return None


def _find(text: str, part: str, at: int, *, to_boundary: bool) -> int:
    """Where `part` first begins at a word, `to_boundary` also ending at one; -1 if nowhere."""
    while (at := text.find(part, at)) >= 0:
        if _boundary(text, at) and (not to_boundary or _boundary(text, at + len(part))):
            return at
        at += 1
    return -1


def _touches(text: str, suffix: str, at: int) -> bool:
    at = _past_space(text, at)
    return text.startswith(suffix, at) and _boundary(text, at + len(suffix))


def _past_space(text: str, at: int) -> int:
    return at + text.startswith(" ", at)


def _boundary(text: str, at: int) -> bool:
    """Whether a word can begin or end at `at` (UAX 29; in spaceless scripts anywhere)."""
    if at in (0, len(text)) or SPACELESS.search(text[at - 1 : at + 1]):
        return True
    if _wordy(text[at - 1]) and _wordy(text[at]):
        return False
    around = text[max(0, at - 2) : at + 2]
    return not any(
        _within(around[i - 1], around[i], around[i + 1]) for i in range(1, len(around) - 1)
    )


def _wordy(character: str) -> bool:
    return character.isalnum() or character == "_"


def _within(before: str, middle: str, after: str) -> bool:
    """Whether three characters are of one word though the middle one is punctuation."""
    letters = before.isalpha() and after.isalpha() and middle in WITHIN_LETTERS
    return letters or (before.isdigit() and after.isdigit() and middle in WITHIN_DIGITS)
