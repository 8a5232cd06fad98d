"""The names that a text states, and whether another text has them too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.locales import territories
from assistant.wording import Word

__all__ = ["OFFICES", "Known", "Name", "form", "known_names", "names", "openings"]

# Small words that may stand inside a name: "Bank of England", "Ministère de la Défense".
INSIDE = re.compile(r"\s(?:(?:of|for|and|the|on|de|la|du|des|et|van|der|den|von|für|und)\s){0,3}")
# What somebody is, before a name; with the name it may be left out or added.
OFFICE = (
    "president vice premier prime minister chancellor secretary general mr mrs ms dr king queen "
    "ambassador bondskanselier secretaris generaal koning koningin bundeskanzler bundeskanzlerin "
    "kanzler kanzlerin ministerpräsident präsident präsidentin generalsekretär premierminister "
    "président présidente chancelier chancelière ministre secrétaire général mme m"
)
OFFICES = frozenset(OFFICE.split())
# In German every noun has a capital; there a name shows by standing right after another one.
CAPITAL_NOUNS = frozenset({"de"})
# Inflected forms of a name share so many letters at least, and differ in so few at the end.
SAME_START, OTHER_END = 4, 3
LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `start` to `end` of a text, with the words of which it consists, in order."""

    start: int
    end: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a text has to recognise names by.

    `stems` and `forms` (case-folded) are of its words, `acronyms` those in capitals, `initials`
    those of its names ("eu" for the European Union), `territories` the ISO 3166 codes of
    countries that it names.
    """

    stems: frozenset[str]
    forms: frozenset[str]
    acronyms: frozenset[str]
    initials: frozenset[str]
    territories: frozenset[str]

    def __or__(self, other: Known) -> Known:
        return Known(
            self.stems | other.stems,
            self.forms | other.forms,
            self.acronyms | other.acronyms,
            self.initials | other.initials,
            self.territories | other.territories,
        )

    def names_country(self, name: Name) -> bool:
        """Whether the name is of no country, or of one that is named here in any language."""
        codes = {_code(" ".join(w.text for w in name.words)), *(_code(w.text) for w in name.words)}
        return not codes - {None} or bool(codes & self.territories)

    def lacks(self, name: Name) -> tuple[str, ...]:
        """The words of a name that are not here in any form; none where its whole is known."""
        missing = tuple(word.text for word in name.words if not self._has(word))
        whole = " ".join(word.text for word in name.words)
        if not missing or _code(whole) in self.territories:
            return ()
        initials = "".join(word.text[0] for word in name.words).casefold()
        return () if len(initials) > 1 and initials in self.acronyms else missing

    def _has(self, word: Word) -> bool:
        written = form(word.text)
        if word.stem in self.stems or written in self.forms:
            return True
        code = _code(word.text)
        if code is not None:
            return code in self.territories or self._inflected(written)
        return (word.acronym and written in self.initials) or self._inflected(written)

    def _inflected(self, written: str) -> bool:
        """Whether a word here is the same name inflected: Canada, Canadian; no other country."""
        return any(_alike(written, other) for other in self.forms)


def names(text: str, language: str, listed: Sequence[Word]) -> tuple[Name, ...]:
    """The names in a text, in order; `listed` are its words.

    A capital alone at the head of a sentence makes no name, unless it is a country's, an
    acronym, or another capital follows.
    """
    return tuple(
        Name(kept[0].start, kept[-1].end, tuple(kept))
        for run in _runs(text, listed)
        if (kept := _trimmed(run, language))
    )


def openings(listed: Sequence[Word], found: Sequence[Name]) -> tuple[Name, ...]:
    """Words at the head of a sentence, which may be names that have a capital anyway."""
    taken = {word for name in found for word in name.words}
    return tuple(
        Name(word.start, word.end, (word,))
        for word in listed
        if word.first and word.capital and word.content and word not in taken
    )


def known_names(text: str, listed: Sequence[Word]) -> Known:
    """What a text gives to recognise names by."""
    capitals = list(_runs(text, listed))
    initials = set()
    for run in capitals:
        heads = [word.text[0].casefold() for word in run]
        for size in range(2, len(heads) + 1):
            initials |= {"".join(heads[i : i + size]) for i in range(len(heads) - size + 1)}
    spans = (
        text[run[i].start : run[j].end]
        for run in capitals
        for i in range(len(run))
        for j in range(i, min(len(run), i + LONGEST_NAME))
    )
    codes = {code for span in spans if (code := _code(span))}
    return Known(
        stems=frozenset(word.stem for word in listed),
        forms=frozenset(form(word.text) for word in listed),
        acronyms=frozenset(form(word.text) for word in listed if word.acronym),
        initials=frozenset(initials),
        territories=frozenset(codes),
    )


def _runs(text: str, listed: Sequence[Word]) -> Iterator[list[Word]]:
    """Words with capitals that stand together, small words between them left out."""
    run: list[Word] = []
    for word in listed:
        if run and not (word.capital and _joined(text[run[-1].end : word.start])):
            if not word.capital and _within_name(text, run[-1], word):
                continue
            yield run
            run = []
        if word.capital and any(map(str.isalpha, word.text)):
            run = [*run, word]
    if run:
        yield run


def _joined(between: str) -> bool:
    return re.fullmatch(r"[-‑\s’'.]*", between) is not None or INSIDE.fullmatch(between) is not None


def _within_name(text: str, last: Word, word: Word) -> bool:
    """Whether a small word may still be followed by the rest of the name."""
    return INSIDE.fullmatch(f"{text[last.end : word.end]} ") is not None


def _trimmed(run: Sequence[Word], language: str) -> list[Word]:
    """The words of a run that are a name: not the first of a sentence for its place alone."""
    kept = list(run)
    head = kept[0]
    if head.first and not head.acronym and _code(head.text) is None:
        alone = len(kept) == 1
        if alone or not head.content:
            kept = kept[1:]
    kept = [word for word in kept if word.content]
    if kept and kept[-1].text.casefold() not in OFFICES:
        kept = [word for word in kept if word.text.casefold() not in OFFICES]
    if language in CAPITAL_NOUNS:
        after = {
            w.start for before, w in pairwise(run) if before.content and w.start - before.end == 1
        }
        kept = [w for w in kept if w.start in after or w.acronym or _code(w.text)]
    return kept


def form(word: str) -> str:
    """Case-folded, without marks and accents."""
    bare = unicodedata.normalize("NFKD", re.sub(r"[.’'‑-]", "", word).casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _code(name: str) -> str | None:
    """The country of this name; "us" and "vs" are words, and only in capitals countries."""
    if len(name) <= 3 and not name.isupper():
        return None
    return territories().get(" ".join(name.casefold().split()))


def _alike(one: str, other: str) -> bool:
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    ends = max(len(one), len(other)) - shared
    codes = {_code(one), _code(other)} - {None}
    return shared >= SAME_START and ends <= OTHER_END and len(codes) < 2
