"""Text that is not the document's own, found by general signs: form, place, repetition.

Running headers and footers, page numbers, image names and credits, calls to subscribe
or accept cookies, comment forms, contact blocks and navigation are marked here. Nothing
is deleted: marks are ranges of the text that no passage overlaps.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.lines import Line, groups, is_wrapped

__all__ = ["Mark", "find_furniture"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A half-open range of the text and what kind of furniture it is."""

    start: int
    end: int
    kind: str


# A header returns at least this often, and this many lines apart: fewer are as often a
# refrain or a repeated heading as a header. Without page breaks nothing else tells.
REPEATS = 3
LINES_APART = 12
# A tight group of lines no longer than this, one of them a call, is a menu.
MENU = 30
# As many titles in a row under the text, without a word about any, are links to others.
TITLES = 5
# Without page breaks, shorter lines ("(Applause.)") repeat for other reasons.
MIN_HEADER = 16
LONGEST_NUMBER = 40
# With page breaks: the lines of a page, from its top and its bottom, that may repeat.
EDGE = 3

NUMBER = re.compile(
    r"[-–—\s]*(?:page|pagina|seite|p\.)?\s*(\d{1,4})"
    r"(?:\s*(?:/|of|van|von|sur|de)\s*\d+)?[-–—\s]*",
    re.I,
)
IMAGE = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|tiff?|bmp)|!\[[^\]]*\]\([^)]*\)", re.I)
CREDIT = re.compile(r"(?:©|(?:photo|image|foto|bild|crédit)(?: credits?)?:)\s*\S.{0,80}", re.I)
HIDDEN = re.compile(r"<(!--|(?:img|script|style|svg|iframe|form)\b)", re.I)
HIDDEN_ENDS = {
    "!--": re.compile("-->"),
    "img": re.compile(">"),
    **{
        name: re.compile(rf"</{name}\b[^<>]{{0,20}}>", re.I)
        for name in ("script", "style", "svg", "iframe", "form")
    },
}
BREADCRUMB = re.compile(r"[^>»›|]{1,40}(?:\s[>»›]\s[^>»›|]{1,80}){2,}")
END_MARK = re.compile(r"\\?#[#\s\\]{0,12}")

CONTACT = re.compile(
    r"(?i:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w|"  # web, e-mail
    r"\b\d{4}\s?[A-Z]{2}\b|\b[A-Z]{1,2}\d[\dA-Z]?\s?\d[A-Z]{2}\b|"  # Dutch, British post code
    r"\b(?i:postbus|p\.?\s?o\.? box|postfach|boîte postale)\s+\d+|"
    r"\b(?i:tel|phone|telefoon|telefon|tél|fax)\b[.:]?\s*[+(\d][\d\s()./-]{5,}|"
    r"^\+\d{1,3}[\d\s()./-]{7,}$|^\d{5} [A-Z]\w+$"
)
LISTED = re.compile(r"[-*+•]\s")
NUMBERED = re.compile(r"\(?\w{1,3}[.)]\s")
LINK = re.compile(r"(?:https?://|www\.)\S+")
CITED = re.compile(r"^\[\w{1,4}\]|\b(?:19|20)\d\d\b")
LINK_ALONE = re.compile(r"\[?(?:https?://|www\.)\S+")

# The vocabulary of web-page furniture, as publishing systems and consent banners ship it.
CALLS = re.compile(
    r"\b(?:subscri(?:be|bed|ption|ber)s?|sign(?:ing)? up|newsletters?|podcasts?|unsubscribe"
    r"|log ?in|cookies?|privacy policy|terms of (?:use|service)|all rights reserved"
    r"|follow us on|share (?:this (?:page|article|post)|on)|leave a (?:reply|comment)"
    r"|post a comment|comments? closed|required fields|e-?mail address will not be published"
    r"|you may also like|related (?:posts|articles)|read (?:more|next)"
    r"|skip to (?:main )?content|advertisements?|ad spot|donate|exclusive access|paywall"
    r"|news tip|contact our|direct message|support(?:ing)? our (?:journalism|work)"
    r"|abonne(?:er|ren|ment)|nieuwsbrief|inloggen|privacyverklaring|reageren|lees (?:ook|meer)"
    r"|s['’]abonner|abonnez-vous|infolettre|mentions légales|lire aussi|champs obligatoires"
    r"|abonnieren|anmelden|datenschutz|wird nicht veröffentlicht|erforderliche felder"
    r"|verplichte velden)\b",
    re.I,
)
READER = re.compile(r"\b(?:you|your|us|our|je|jouw|uw|vous|votre|deine?|ihre?)\b", re.I)


def find_furniture(
    lines: Sequence[Line], text: str, *, pages: tuple[int, ...] = (), body_start: int = 0
) -> tuple[Mark, ...]:
    """The marks of `text`, in order, not overlapping; `body_start` ends its front matter."""
    marks: dict[int, Mark] = {}
    if body_start:
        marks[0] = Mark(0, body_start, "front matter")
    body = [line for line in lines if line.start >= body_start]
    finders = (_hidden(text, body), _forms(body), _repeated(body, paged=bool(pages)))
    for found in (*finders, _contacts(body), _calls(body), _foot(body)):
        for line, kind in found:
            marks.setdefault(line.start, Mark(line.start, line.end, kind))
    for line, kind in _numbers(body, marks, paged=bool(pages)):
        marks.setdefault(line.start, Mark(line.start, line.end, kind))
    return tuple(marks[start] for start in sorted(marks))


Found = Iterable[tuple[Line, str]]


def _hidden(text: str, lines: Sequence[Line]) -> Found:
    """Lines inside HTML that shows no words: comments, pictures, scripts, forms."""
    ranges = _hidden_ranges(text)
    for line in lines if ranges else ():
        start, end = ranges[max(0, bisect.bisect_right(ranges, (line.start, len(text))) - 1)]
        if start <= line.start and line.end <= end:
            yield line, "hidden HTML"


def _hidden_ranges(text: str) -> list[tuple[int, int]]:
    """The elements and comments that are closed, in order; each kind is sought to its last end."""
    ranges: list[tuple[int, int]] = []
    unclosed = set[str]()
    at = 0
    while opening := HIDDEN.search(text, at):
        at, name = opening.end(), opening.group(1).lower()
        if name in unclosed:
            continue
        if end := HIDDEN_ENDS[name].search(text, at):
            at = end.end()
            ranges.append((opening.start(), at))
        else:
            unclosed.add(name)
    return ranges


def _forms(lines: Sequence[Line]) -> Found:
    for i, line in enumerate(lines):
        if IMAGE.fullmatch(line.text):
            yield line, "image"
        elif CREDIT.fullmatch(line.text):
            yield line, "image credit"
            if i and _is_caption(lines[i - 1], line):
                yield lines[i - 1], "image caption"
        elif len(line.text) <= 200 and BREADCRUMB.fullmatch(line.text):
            yield line, "navigation"
        elif END_MARK.fullmatch(line.text):
            yield line, "end mark"


def _is_caption(line: Line, credit: Line) -> bool:
    short = len(line.text) <= 80 and line.text[-1] not in ".:!?;,"
    return short and not credit.after_gap and line.after_gap


def _repeated(lines: Sequence[Line], *, paged: bool) -> Found:
    """Lines that come back, digits aside, from page to page."""
    places: dict[str, list[int]] = defaultdict(list)
    edges = _edges(lines) if paged else set(range(len(lines)))
    for i in sorted(edges):
        key = re.sub(r"\d+", "0", lines[i].text.casefold())
        if len(key) >= MIN_HEADER or "_" in key or paged:
            places[key].append(i)
    for key, found in places.items():
        pages = {lines[i].page for i in found}
        if paged and len(pages) >= (2 if len(key) >= 20 else REPEATS) and len(pages) == len(found):
            yield from ((lines[i], _kind(lines[i])) for i in found)
        gaps = [b - a for a, b in pairwise(found)]
        apart = bool(gaps) and min(gaps) >= LINES_APART and len(found) >= REPEATS
        if not paged and apart and lines[found[0]].text[0] not in "-*+#>|•":
            yield from ((lines[i], "running header or footer") for i in found)


def _kind(line: Line) -> str:
    short = len(line.text) <= LONGEST_NUMBER
    number = short and NUMBER.fullmatch(line.text)
    return "page number" if number else "running header or footer"


def _edges(lines: Sequence[Line]) -> set[int]:
    by_page: dict[int, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        by_page[line.page].append(i)
    return {i for page in by_page.values() for i in (*page[:EDGE], *page[-EDGE:])}


def _numbers(lines: Sequence[Line], marks: dict[int, Mark], *, paged: bool) -> Found:
    """Numbers alone on a line at a page's edge, or beside another piece of furniture."""
    alone: dict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if line.text.isdigit():
            alone[line.text].append(i)
    for i, line in enumerate(lines):
        match = NUMBER.fullmatch(line.text) if len(line.text) <= LONGEST_NUMBER else None
        if not match:
            continue
        around = [lines[k] for k in (i - 1, i + 1) if 0 <= k < len(lines)]
        beside = any(marks[x.start].kind.startswith("running") for x in around if x.start in marks)
        at_edge = paged and any(x.page != line.page for x in around)
        last = i == len(lines) - 1
        if beside or at_edge or last:
            yield line, "page number"
        elif _is_note_mark(lines, i, alone[line.text]):
            yield line, "note mark"


def _is_note_mark(lines: Sequence[Line], i: int, same: Sequence[int]) -> bool:
    """A raised number that fell on a line of its own: the note it points to comes later.

    `same` are the lines that hold the same number and nothing else.
    """
    if len(same) < 2 or int(lines[i].text) >= 100:
        return False
    last = same[-1]
    opens_note = last + 1 < len(lines) and lines[last + 1].text[:1].isupper()
    return i > same[0] or opens_note


def _contacts(lines: Sequence[Line]) -> Found:
    """Runs of short lines of which a good part is an address, a number or a link."""
    for group in groups(lines):
        listed = any(LISTED.match(line.text) for line in group) or _is_cited(group)
        hits = 0 if listed else sum(bool(CONTACT.search(line.text)) for line in group)
        short = max(len(line.text) for line in group) <= 80
        if short and hits >= 2 and len(group) <= 3 * hits:
            yield from ((line, "contact") for line in group)
            continue
        for before, line in zip((None, *group), group, strict=False):
            goes_on = before is not None and before.text.endswith(",")
            if LINK_ALONE.fullmatch(line.text) and not goes_on:
                yield line, "contact"


def _is_cited(lines: Sequence[Line]) -> bool:
    """Whether lines with links are sources, which have numbers or days, and not addresses."""
    return 4 * sum(bool(CITED.search(LINK.sub("", line.text))) for line in lines) >= len(lines)


def _calls(lines: Sequence[Line]) -> Found:
    """Paragraphs that speak to the reader about the page itself, and what lies between.

    Short paragraphs between two calls belong to them; so do those that follow a call
    after the last long paragraph of the text, as at the foot of a web page.
    """
    parts = groups(lines) if is_wrapped(lines) else [[line] for line in lines]
    texts = [" ".join(line.text for line in part) for part in parts]
    calls = [_is_call(text) for text in texts]
    longs = [i for i, text in enumerate(texts) if len(text) > 200 and not calls[i]]
    tail = longs[-1] + 1 if longs else len(texts)
    first = next((i for i in range(tail, len(texts)) if calls[i]), len(texts))
    for i, part in enumerate(parts):
        beside = [calls[k] for k in (i - 1, i + 1) if 0 <= k < len(parts)]
        short = len(texts[i]) <= 120
        in_tail = i > first and (any(beside) or READER.search(texts[i]))
        if calls[i] or (short and all(beside) and len(beside) == 2) or in_tail:
            yield from ((line, "page furniture") for line in part)
    for group in groups(lines):
        if max(len(line.text) for line in group) <= MENU and any(_is_call(x.text) for x in group):
            yield from ((line, "navigation") for line in group)


def _foot(lines: Sequence[Line]) -> Found:
    """Under the last long paragraph: lists of other titles, and an address in short lines."""
    longs = [i for i, line in enumerate(lines) if len(line.text) > 160]
    tail = lines[longs[-1] + 1 :] if longs and not is_wrapped(lines) else []
    run: list[Line] = []
    for line in [*tail, None]:
        if line is not None and _is_title(line):
            run.append(line)
            continue
        if len(run) >= TITLES and sorted(len(x.text.split()) for x in run)[len(run) // 2] >= 5:
            yield from ((x, "navigation") for x in run)
        run = []
    for i, line in enumerate(tail):
        near = tail[max(0, i - 2) : i + 3]
        address = CONTACT.search(line.text) and len(line.text) <= 60 and not LISTED.match(line.text)
        if address and not _is_cited(near):
            yield from ((x, "contact") for x in near if len(x.text) <= 40)


def _is_title(line: Line) -> bool:
    """A line that may be the title of another page: no sentence, list item, row or source."""
    own = line.text[-1] in '.:;,”")|' or line.text[0] in "-*+•#>|"
    return not (own or NUMBERED.match(line.text) or LINK.search(line.text))


def _is_call(text: str) -> bool:
    """Whether web-page words are dense in `text` and it addresses the reader.

    The densities were set on the bundled documents and on none of the questions.
    """
    words = len(text.split())
    hits = len(CALLS.findall(text))
    addressed = len(READER.findall(text))
    if words <= 6:
        return hits >= 1 and not text.endswith(".")
    return hits >= 1 and addressed >= 1 and (hits * 25 >= words or addressed * 15 >= words)
