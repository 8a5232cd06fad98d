"""The days, months and years that a text names, in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.locales import LANGUAGES, months

__all__ = ["Date", "dates"]

YEAR = r"(?:19|20)\d\d"
DAY = r"\d{1,2}(?:st|nd|rd|th|er|e|\.)?"
JOINT = r"(?:\s?[-–‑/&,]\s?|\s(?:and|to|or|en|tot|t/m|et|au|und|bis)\s)"
# Also months, but in lower case or alone first of all something else.
UNSURE = frozenset({"may", "mars", "mai", "mei"})
ALONE = 4


@dataclass(frozen=True, slots=True)
class Date:
    """What is named at `start` to `end` of a text: a day, a month or a year.

    What is not named is None: "3 May" has no year, "May 2024" no day, "2024" only a year.
    """

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None

    def agrees(self, other: Date) -> bool:
        """Whether the two name the same time as far as both say."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(a == b for a, b in pairs if a is not None and b is not None)


def dates(text: str, language: str, *, foreign: bool = False) -> tuple[Date, ...]:
    """The dates of a text in order; each day of "3 and 4 May 2024" is one.

    Month names are those of the language; with `foreign` those of all four.
    """
    names = _names(LANGUAGES if foreign else (language, "en"))
    found: list[Date] = []
    taken: list[tuple[int, int]] = []
    for pattern in _patterns(names):
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            if listed := list(_read(match, dict(names))):
                found += listed
                taken.append((listed[0].start, listed[0].end))
    return tuple(sorted(found, key=lambda date: (date.start, date.end, date.day or 0)))


def _read(match: re.Match[str], names: dict[str, int]) -> Iterator[Date]:
    parts = match.groupdict()
    start, end = match.span()
    year = int(parts["year"]) if parts.get("year") else None
    if parts.get("span"):
        yield from _span_of_years(start, end, parts["span"])
        return
    month = names.get((parts.get("month") or "").casefold().rstrip("."))
    if parts.get("number"):
        month = int(parts["number"])
    elif parts.get("month") and (month is None or _something_else(parts)):
        return
    days = [int(day) for day in re.findall(r"\d+", parts.get("days") or "")]
    if days != sorted(days):  # "from July 19 to 6 September": the last is another month's
        days = days[-1:]
        start = match.start("days") + [m.start() for m in re.finditer(r"\d+", match["days"])][-1]
    if any(not 1 <= day <= 31 for day in days) or (month is not None and not 1 <= month <= 12):
        return
    if not days:
        yield Date(start, end, year, month)
    for day in days:
        yield Date(start, end, year, month, day)


def _something_else(parts: dict[str, str]) -> bool:
    """Whether a month's name alone is likelier another word: "may", "to march"."""
    if parts.get("days") or parts.get("year"):
        return False
    name = parts["month"].rstrip(".")
    small = name.islower() and name in (*months("en"), *months("de"))
    return small or name.casefold() in UNSURE or len(name) < ALONE


def _span_of_years(start: int, end: int, written: str) -> Iterator[Date]:
    """Both ends of 2021-2024, 2021–24 or 2021/22."""
    first, last = re.findall(r"\d+", written)
    yield Date(start, end, int(first))
    yield Date(start, end, int(first[: 4 - len(last)] + last))


def _names(languages: Sequence[str]) -> tuple[tuple[str, int], ...]:
    known = [code for code in dict.fromkeys(languages) if code in LANGUAGES]
    return tuple({n: v for code in reversed(known) for n, v in months(code).items()}.items())


@cache
def _patterns(names: tuple[tuple[str, int], ...]) -> tuple[re.Pattern[str], ...]:
    words = "|".join(re.escape(name) for name, _ in sorted(names, key=lambda n: -len(n[0])))
    month = rf"(?P<month>{words})\b\.?"
    days = rf"(?P<days>{DAY}(?:{JOINT}{DAY})*)"
    year = rf"(?P<year>{YEAR})(?!\d|[.,]\d)"
    forms = (
        rf"(?<![\w./–-])(?P<year>{YEAR})-(?P<number>\d\d)-(?P<days>\d\d)(?![\w/-])",
        rf"(?<![\w./–-]){days}\s(?:de\s|of\s)?{month}(?:,?\s{year})?",
        rf"(?<!\w){month}\s(?P<days>{DAY}(?:{JOINT}{DAY}(?!\d|\s(?:{words})))*)(?![\d%]|[.,]\d|\s(?:million|billion|per))(?:,?\s{year})?",
        rf"(?<!\w){month},?\s(?:of\s|de\s)?{year}",
        rf"(?<![\w.,/])(?P<span>{YEAR}\s?[-–‑/]\s?(?:{YEAR}|\d\d))(?![\w-]|[.,]\d)",
        rf"(?<!\w)(?P<month>{words})(?!\w)",
        rf"(?<![\w,/$€£])(?<!\d[.])(?P<year>{YEAR})(?![\w%]|[.,]\d)",
    )
    return tuple(re.compile(form, re.I) for form in forms)
