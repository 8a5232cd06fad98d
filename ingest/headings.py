"""Which lines and paragraphs are headings, though nothing but their form shows it."""

from __future__ import annotations

import re

from ingest.lines import Line
from ingest.lists import BULLET, BULLET_ALONE, ORDINAL
from ingest.paragraphs import CLOSED, TERMINAL, Draft, Layout, short_title

__all__ = [
    "HEADING",
    "MAX_HEADING",
    "NUMBER_ALONE",
    "QUESTION",
    "heads",
    "is_bold",
    "is_number_alone",
    "is_numbered_title",
    "is_title_of",
    "runs_on",
    "titled",
]

HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
ROMAN = re.compile(r"[IVX]{2,6}")
NUMBER_ALONE = re.compile(r"(?:[IVXLC]{1,6}|[A-Z]|\d{1,2}(?:\.\d{1,2})*)[.)]?|[IVXLC]+\s?[-–.]")
BOLD = re.compile(r"(\*\*|__)(?=.*\w)(.+?)(?<!\.)\s*\1:?")
YEAR = re.compile(r"(?:19|20)\d\d")
QUESTION = re.compile(r"[QA](?P<number>\d{0,2}):\s|Q\s")
# A longer "heading" is a paragraph that was made large.
MAX_HEADING = 250


def titled(line: Line, following: Line | None, layout: Layout) -> bool:
    """A short line of its own that ends no sentence, before something that starts one."""
    bare = line.closing.strip("*_ ")
    if not bare or len(bare) > 120 or bare.endswith((".", ",", ";", "…", "”", ")")):
        return False
    if not any(c.isalpha() for c in bare) or bare[:1].islower() or QUESTION.match(bare):
        return False
    if bare.count("“") != bare.count("”"):
        return False
    if is_bold(line.text):
        return following is None or following.after_gap or not layout.markdown
    words = re.findall(r"[^\W_]+", bare)
    if following is None or words[-1] in layout.function or len(words) > 16:
        return False
    if bare.endswith(":"):
        return bare.isupper()
    apart = line.after_gap and following.after_gap and (not layout.markdown or bare.isupper())
    short = len(line.text) < 0.72 * layout.width if layout.wrapped else len(words) <= 12
    tight = not following.after_gap and not following.text[:1].islower() and not layout.markdown
    return short and (apart or tight or bare.isupper())


def is_bold(text: str) -> bool:
    """Whether all of a text is in bold type, and no sentence."""
    bare = re.sub(r"\*\*\s*\*\*|</?u>", " ", text).strip() if len(text) <= 400 else ""
    return len(bare) <= 200 and bool(BOLD.fullmatch(bare)) and "**" not in bare[2:-3]


def is_title_of(line: Line, following: Line | None, layout: Layout) -> bool:
    """A line under a number alone that is no item, as text follows it."""
    if following is None:
        return False
    words = re.findall(r"[^\W_]+", line.text)
    starts = not following.text[:1].islower() and not BULLET_ALONE.fullmatch(following.text)
    title = line.text[:1].isupper() and not line.closing.endswith((*TERMINAL, ","))
    short = len(line.text) < 0.72 * layout.width if layout.wrapped else len(words) <= 12
    return starts and title and short and words[-1] not in layout.function


def is_numbered_title(
    line: Line,
    following: Line | None,
    skip: int,
    *,
    counted: bool,
    before: Draft | None,
    layout: Layout,
) -> bool:
    """A numbered line that is a heading: bold, in capitals, or short before its text.

    `counted` tells that the last heading had the number before; `before` is the block before.
    """
    title = line.text[skip:]
    alone = following is None or following.after_gap
    if alone and len(line.text) > 4 and is_bold(title):
        return True
    if following is None or ORDINAL.match(following.text):
        return False
    if BULLET.match(following.text) and not counted:
        return False
    if title.isupper() and len(title) > 3 and not title.endswith(TERMINAL):
        return True
    introduced = before is not None and layout.text.endswith(":", 0, before.spans[-1][1])
    plain = not layout.markdown and not introduced and title[0].isupper()
    starts = not following.text[:1].islower()
    return plain and starts and len(title) <= 80 and short_title(line, layout)


def is_number_alone(line: Line, following: Line | None) -> bool:
    """Whether a line is the number of a heading or an item whose text is the next line."""
    if following is None or not NUMBER_ALONE.fullmatch(line.text):
        return False
    tight = not following.after_gap and following.text[:1].isupper()
    bare = line.text.isdigit() or bool(ROMAN.fullmatch(line.text))
    return line.text[-1] in ".)-–" or (bare and tight)


def heads(whole: str, following: Draft, layout: Layout) -> bool:
    """A paragraph that ends no sentence, before one that starts and ends some, is a title."""
    words = re.findall(r"[^\W_]+", whole)
    if layout.markdown or following.kind != "paragraph" or not 2 <= len(words) <= 16:
        return False
    if whole.endswith((*TERMINAL, *CLOSED, ",")) or not whole[0].isupper():
        return False
    start, end = following.spans[0][0], following.spans[-1][1]
    sentence = layout.text.endswith(CLOSED, start, end) and not layout.text[start].islower()
    return sentence and words[-1] not in layout.function and end - start > len(whole)


def runs_on(last: Line, line: Line) -> bool:
    """Whether the line under a heading is the rest of it."""
    if line.after_gap or HEADING.match(last.text) or is_bold(last.text):
        return False
    return line.text[:1].islower() or last.text.endswith(",") or bool(YEAR.fullmatch(line.text))
