"""What a sentence states, taken apart: figures, dates, names, denials, modals, speakers, words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.dates import Date, dates
from assistant.denials import Denial, denials
from assistant.modals import Modal, Mood, governors, modals
from assistant.names import Known, Name, known_names, names, openings
from assistant.quantities import Quantity, quantities
from assistant.wording import Word, plain, words

__all__ = ["Claims", "claims"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What `text` (one line, without emphasis) states.

    `words` are those outside figures; `openings` may be names or not.
    """

    text: str
    language: str
    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    names: tuple[Name, ...]
    openings: tuple[Name, ...]
    known: Known
    denials: tuple[Denial, ...]
    modals: tuple[Modal, ...]
    governors: Mapping[str, frozenset[Mood | None]]
    words: tuple[Word, ...]

    def written(self, of: Quantity | Date | Name) -> str:
        """How a figure, a date or a name stands in the text."""
        return self.text[of.start : of.end]

    def beside(self, of: Date | Name) -> tuple[str, str, str]:
        """The two words before a date or a name and the one after it, case-folded; or empty."""
        before = re.findall(r"[^\W\d_]+", self.text[: of.start])[-2:]
        after = re.findall(r"[^\W\d_]+", self.text[of.end :])[:1]
        two = ["", "", *before][-2:]
        return two[0].casefold(), two[1].casefold(), "".join(after).casefold()


@lru_cache(maxsize=2_000)
def claims(text: str, language: str, *, foreign: bool = False) -> Claims:
    """What a text in a language states.

    With `foreign` its figures and dates may be written as another language writes them, as
    they are in an answer in one language on sources in another.
    """
    line = plain(text)
    when = dates(line, language, foreign=foreign)
    days = [(date.start, date.end) for date in when]
    much = quantities(line, language, taken=days, foreign=foreign)
    figures = [*days, *((q.lead, q.end) for q in much)]
    every = words(line, language)
    listed = words(line, language, taken=figures)
    called = names(line, language, listed)
    return Claims(
        text=line,
        language=language,
        quantities=much,
        dates=when,
        names=called,
        openings=openings(listed, called),
        known=known_names(line, every),
        denials=denials(line, language, listed),
        modals=modals(line, language, listed),
        governors=governors(line, language, listed),
        words=listed,
    )
