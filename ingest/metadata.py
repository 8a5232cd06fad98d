"""Finds what a text itself says of its language and date, and tidies stated metadata.

General signs only: labels, datelines, the form of a date. Month names come from the
Unicode CLDR (by way of Babel), language from the py3langid classifier.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

__all__ = [
    "find_date",
    "find_language",
    "iso_date",
    "iso_language",
    "language_name",
    "one_line",
    "publisher_of",
    "stated_title",
    "web_address",
]

INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
# What word processors and printers write where nobody gave a title, and file names.
NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b|untitled|unbenannt|sans titre|naamloos|þÿ|"
    r"(?:(?:word )?document|layout|slide|dokument|book)[\s_-]*\d*$|"
    r"powerpoint[- ]|print$|template$)|"
    r"\.(?:docx?|pdf|indd|qxd|tex|xlsx?|pptx?|rtf|odt|html?|dvi|ps)$|^[^\s]*[\d_][^\s]*$",
    re.I,
)

ADDRESS = re.compile(r"(?:https?://|ftp://|www\.)\S+|[\w.+-]{1,64}@\S+", re.I)

# py3langid reads the first part of a text; more changes nothing but the time it takes.
SAMPLE = 20_000
# Below this many letters a classifier of n-grams is unsure even between close languages.
FEW_LETTERS = 200
CLEAR = 0.9

# An unlabelled date is the document's own only near the start of the text: a dateline
# ("Brussels, 14 June 2021") with little else on its line in the first 1,500 characters,
# or one in a sentence in the first 500. Against the front matter of 415 statements (whose
# text rarely names its own day) these rules were within three days in 38 of 49 texts; the
# first date in 1,500 characters, wherever it stood, in 24 of 71.
HEAD = 1_500
PROSE_HEAD = 500
DATELINE = 40

DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|e|\.|º)?"
EARLIER = r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?\s*(?:[-–—/&]|and|to|en|et|und)\s*)?"
MONTH = r"(?P<month>[^\W\d_]{3,})\.?"
YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d|[/-]\w)"
FORMS = (
    re.compile(rf"(?<![\w/.-]){EARLIER}{DAY}\s+(?:de\s+|of\s+)?{MONTH},?\s+(?:del?\s+)?{YEAR}"),
    re.compile(rf"(?<![\w/]){MONTH}\s+{EARLIER}{DAY},?\s+{YEAR}"),
    re.compile(r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?![\d/-])"),
    re.compile(
        rf"(?<![\w/.-])(?P<first>\d{{1,2}})(?P<mark>[./-])(?P<second>\d{{1,2}})(?P=mark){YEAR}"
    ),
)

NOUN = (
    r"(?:date|dated|(?:date of )?publication(?: date)?|release date|date de publication|datum|"
    r"publicatiedatum|veröffentlichungsdatum|stand|fecha(?: de publicación)?|"
    r"data(?: di pubblicazione)?)"
)
PARTICIPLE = (
    r"(?:published|posted|issued|released|gepubliceerd|geplaatst|uitgegeven|publiée?|parue?|"
    r"mise? en ligne|veröffentlicht|erschienen|publicado|pubblicato)"
)
FIRST = r"(?:first|originally|oorspronkelijk|eerder|ursprünglich|zuerst|initialement|originalmente)"
JOINT = r"(?:on|by|in|at|online|op|in|door|am|von|le|à|par|el|por|il|da|em)"
# A pattern, and whether it counts only at the head of a line.
LABELS = tuple(
    (re.compile(pattern, re.I), of_line)
    for pattern, of_line in (
        (rf"^[\W_]*{NOUN}(?:[\s*_]*:[^.;\n]{{0,40}}|[\s*_|]*)$", True),
        (rf"^[\W_]*(?:{FIRST}\s+)?{PARTICIPLE}(?:[\s*_]*:[\s*_]*|[\s*_|]*)$", True),
        (rf"^[\W_]*(?:{FIRST}\s+)?{PARTICIPLE}\s+{JOINT}\s[^.;]{{0,160}}$", True),
        (rf"\b(?:{FIRST}\s+{PARTICIPLE}|{PARTICIPLE}\s+{FIRST})\b[^.;\n]{{0,160}}$", False),
    )
)
LABEL_REACH = 240
# When somebody looked at a page, or changed it, is not when the document is from.
NOT_ITS_DATE = re.compile(
    r"(?:access|retriev|visit|consult|geraadpleegd|opgehaald|abgerufen|zugriff|updat|modifi|"
    r"bijgewerkt|gewijzigd|aktualisiert|geändert|mise? à jour)\w*[^.;()\n]{0,30}$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    day: datetime.date


def one_line(value: str | None) -> str | None:
    """`value` on one line, white space and no-break spaces as plain spaces; None if empty."""
    return " ".join((value or "").translate(INVISIBLE).split()) or None


def stated_title(value: str | None) -> str | None:
    """A title from a file's properties, or None where a program has left its own words."""
    title = one_line(value)
    if title is None or NO_TITLE.match(title) or NO_TITLE.search(title, 1):
        return None
    return title if re.search(r"[^\W\d_]{3}", title) else None


def web_address(value: str | None) -> str | None:
    """`value` if it is an absolute http or https URL, else None."""
    address = (value or "").strip()
    return address if publisher_of(address) and not re.search(r"\s", address) else None


def publisher_of(url: str | None) -> str | None:
    """The host of an http or https URL, without `www.`; None for anything else."""
    try:
        parts = urlsplit((url or "").strip())
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def iso_language(value: str | None) -> str | None:
    """The ISO 639-1 code in a language tag such as `en-GB` or `nl_NL`; None without one."""
    match = re.fullmatch(r"([a-z]{2})(?:[-_].*)?", (value or "").strip().lower())
    return {"nb": "no", "nn": "no"}.get(match[1], match[1]) if match else None


def iso_date(value: str | None, *, language: str = "en") -> str | None:
    """The day that a metadata field gives, as `2024-10-18`; None if it gives no whole day.

    A time of day and its zone are left out: the day counts as it is written. Days that
    are still to come are not believed.
    """
    text = re.sub(r"(?<=\d)[T ]\d\d:.*", "", (value or "").strip(), flags=re.S)
    found = next(_dates(text, language), None)
    return found.day.isoformat() if found and found.day <= _today() else None


def find_language(text: str, *, hint: str | None = None, among: Collection[str] = ()) -> str:
    """The language of `text` as an ISO 639-1 code.

    `hint`, what the format claims, decides when the text is short (under 200 letters) or
    the classifier unsure; against clear evidence it loses. `among` limits the answer to
    these codes. Without evidence or hint: the first of `among`, else `en`.
    """
    stated = iso_language(hint)
    if among and stated not in among:
        stated = None
    sample = ADDRESS.sub(" ", text[:SAMPLE])
    letters = sum(character.isalpha() for character in sample)
    if not letters or (stated and letters < FEW_LETTERS):
        return stated or next(iter(among), "en")
    scores: dict[str, float] = {}
    for code, score in _classifier().rank(sample):
        if (known := iso_language(code)) and (not among or known in among):
            scores[known] = scores.get(known, 0.0) + score
    best = max(scores, key=scores.__getitem__, default=stated or "en")
    unsure = scores.get(best, 0.0) < CLEAR * sum(scores.values())
    return stated if stated and unsure else best


def language_name(code: str, language: str) -> str:
    """What the language of an ISO 639-1 code is called in another; the code if unknown."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language).languages.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


def find_date(text: str, *, language: str, today: datetime.date | None = None) -> str | None:
    """The day that `text` says it is from, as `2024-10-18`, or None.

    In this order: a day with a label ("Date:", "Published on"), anywhere; a dateline near
    the start; a full date in the first sentences, if the text names no later day. The
    last day of a range counts. Days after `today`, in web addresses and of access or
    update are passed over.
    """
    latest = today or _today()
    text = ADDRESS.sub(lambda address: "_" * len(address[0]), text)
    own = [
        found
        for found in _dates(text, language)
        if found.day <= latest
        and not NOT_ITS_DATE.search(text[max(0, found.start - LABEL_REACH) : found.start])
    ]
    last = max((found.day for found in own), default=latest)
    candidates = (
        [found for found in own if _is_labelled(text, found)],
        [found for found in own if found.start < HEAD and _is_dateline(text, found)],
        [found for found in own if found.start < PROSE_HEAD and found.day == last],
    )
    return next((found[0].day.isoformat() for found in candidates if found), None)


def _dates(text: str, language: str) -> Iterator[_Found]:
    """Full dates in the order of the text."""
    matches = sorted(
        (match for form in FORMS for match in form.finditer(text)), key=lambda match: match.start()
    )
    for match in matches:
        if day := _day(match.groupdict(), language):
            yield _Found(match.start(), match.end(), day)


def _day(parts: Mapping[str, str], language: str) -> datetime.date | None:
    if "month" in parts:
        month = _months(language).get(parts["month"].casefold())
        day = int(parts["day"])
    elif "number" in parts:
        month, day = int(parts["number"]), int(parts["day"])
    else:
        month, day = _month_and_day(parts, language)
    try:
        return datetime.date(int(parts["year"]), month or 0, day)
    except ValueError:
        return None


def _month_and_day(parts: Mapping[str, str], language: str) -> tuple[int, int]:
    """Day first, but for English with slashes, where only a number over 12 tells."""
    first, second = int(parts["first"]), int(parts["second"])
    if second > 12:
        return first, second
    if language == "en" and parts["mark"] != "." and first <= 12 and first != second:
        return 0, 0
    return second, first


@lru_cache(maxsize=16)
def _months(language: str) -> Mapping[str, int]:
    """Month names and abbreviations of a language, and the English ones, in lower case."""
    from babel.core import UnknownLocaleError
    from babel.dates import get_month_names

    names: dict[str, int] = {}
    for locale in (language, "en", "en_GB"):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                try:
                    months = get_month_names(width, context, locale)
                except (UnknownLocaleError, ValueError):
                    continue
                for number, name in months.items():
                    names.setdefault(name.casefold().rstrip("."), number)
    return names


def _is_labelled(text: str, found: _Found) -> bool:
    before = text[max(0, found.start - LABEL_REACH) : found.start]
    start = before.rstrip().rfind("\n") + 1
    whole = start > 0 or found.start <= LABEL_REACH
    at_head = whole and _opens_block(text, found.start - len(before) + start)
    return any(label.search(before[start:]) for label, of_line in LABELS if at_head or not of_line)


def _is_dateline(text: str, found: _Found) -> bool:
    start = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.end)
    rest = text[start : found.start] + text[found.end : end if end >= 0 else len(text)]
    return len(rest.strip()) <= DATELINE and _opens_block(text, start)


def _opens_block(text: str, start: int) -> bool:
    """Whether the line that starts here goes on from no hard-wrapped line before it."""
    line_before = text[max(0, start - LABEL_REACH) : max(0, start - 1)].rpartition("\n")[2]
    return len(line_before.strip()) <= DATELINE


@lru_cache(maxsize=1)
def _classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _today() -> datetime.date:
    return datetime.date.today()
