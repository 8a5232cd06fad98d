"""The days with a month that a text names, and how a language writes a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from evals.mutation.locales import LANGUAGES, months

__all__ = ["Day", "day_forms", "days"]


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text; `single` unless it is one end of a range such as 10 and 11 July."""

    start: int
    end: int
    day: int
    month: int
    year: int | None
    form: str
    single: bool = True


def days(text: str, language: str) -> tuple[Day, ...]:
    """The days with a month that a text names, in order, ranges included."""
    if language not in LANGUAGES:
        return ()
    found: list[Day] = []
    for form, pattern in _day_patterns(language):
        for match in pattern.finditer(text):
            day = _day(match, form, language)
            if day and all(day.end <= other.start or other.end <= day.start for other in found):
                found.append(day)
    return tuple(sorted(found, key=lambda day: day.start))


def day_forms(day: Day, language: str) -> list[str]:
    """How a language writes a day, the usual way first; ISO 8601 where there is a year."""
    month = next(name for name, number in months(language).items() if number == day.month)
    number = {"de": f"{day.day}.", "fr": "1er" if day.day == 1 else f"{day.day}"}.get(
        language, f"{day.day}"
    )
    year = f" {day.year}" if day.year else ""
    forms = [f"{number} {month}{year}"]
    if language == "en":
        forms.append(f"{month} {day.day}{',' if year else ''}{year}")
    if day.year:
        forms.append(f"{day.year}-{day.month:02}-{day.day:02}")
    return forms


@cache
def _day_patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    names = "|".join(months(language))
    joint = r"\s?(?:[–/&-]|and|to|or|en|tot|et|au|und|bis)\s?"
    year = r"(?P<year>(?:19|20)\d\d)"
    first = (
        rf"(?<![\w./–-])(?P<earlier>(?:\d{{1,2}}(?:er|\.)?{joint})*)(?P<day>\d{{1,2}})(?:er|\.)?"
        rf"\s(?P<month>{names})(?:,?\s{year})?(?!\w)"
    )
    last = (
        rf"(?<!\w)(?P<month>{names})\s(?P<day>\d{{1,2}})(?P<later>(?:{joint}\d{{1,2}}(?![\d%]))*)"
        rf"(?:,?\s{year})?(?![\w%]|[.,–-]\d|\s(?:per|million|billion))"
    )
    iso = r"(?<![\w./–-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w/-])"
    forms = [("iso", iso), ("day first", first)]
    if language == "en":
        forms.append(("month first", last))
    return tuple((form, re.compile(pattern)) for form, pattern in forms)


def _day(match: re.Match[str], form: str, language: str) -> Day | None:
    parts = match.groupdict()
    month = int(parts["month"]) if form == "iso" else months(language)[parts["month"]]
    day = int(parts["day"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return Day(
        start=match.start(),
        end=match.end(),
        day=day,
        month=month,
        year=int(parts["year"]) if parts["year"] else None,
        form=form,
        single=not (parts.get("earlier") or parts.get("later")),
    )
