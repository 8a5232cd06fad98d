"""What a sentence denies: its negators, each with the words that it may be of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.clauses import ends, reaches
from assistant.wording import Word

__all__ = ["Denial", "denials"]

NEGATORS = {
    "en": r"no longer|not yet|yet(?=\sto\b)|not|cannot|\w+n[’']t|no|never|none|nor|neither|nobody"
    r"|nothing|nowhere|without|(?:refus|declin)(?:e[sd]?|ing)(?=\sto\b)|fail(?:s|ed|ing)?(?=\sto\b)",
    "nl": r"niet (?:langer|meer)|nog niet|niet|geen|nooit|noch|niemand|niets|nergens|zonder"
    r"|weiger(?:t|en|de|den)",
    "de": r"nicht mehr|noch nicht|nicht|kein(?:e[rsnm]?)?|nie|niemals|niemand(?:em|en)?|nichts"
    r"|ohne|weder|nirgends|weiger(?:t|n|te|ten)",
    "fr": r"pas encore|pas|jamais|aucune?|rien|ni|sans|nullement|non"
    r"|refus(?:e|ent|é|a)(?=\sd[e’'])|(?:(?<=\bne\s)|(?<=\bn[’']))\w+\splus",
}
# With these a negator only sets a bound or adds.
NO_DENIAL = {
    "en": r"\b(?:not (?:only|just|least|merely)|no (?:later|more|less|fewer|sooner) than|no doubt"
    r"|not (?:later|more|less|fewer) than|whether or not|nothing (?:less|more) than)\b|\bNo\. ?\d",
    "nl": r"\bniet (?:alleen|slechts|later dan|meer dan|minder dan|in de laatste plaats)\b",
    "de": r"\bnicht (?:nur|zuletzt|später als|mehr als|weniger als)\b",
    "fr": r"\b(?:non|pas) seulement\b|\bpas (?:plus|moins) (?:tard )?(?:de|que)\b",
}
# How many words to either side a negator is compared by.
SCOPE = 2


@dataclass(frozen=True, slots=True)
class Denial:
    """A negator as written, with the stems of the content words beside it in its clause.

    `clause` has all of them where the negator may stand far from what it denies, as "niet"
    and "nicht" do, and is empty elsewhere; `sentence` has those of the whole sentence.
    """

    written: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    clause: frozenset[str]
    sentence: frozenset[str]


def denials(text: str, language: str, listed: Sequence[Word]) -> tuple[Denial, ...]:
    """The negators of a text; `listed` are its words. None in a language that is not known."""
    if language not in NEGATORS:
        return ()
    passed = [match.span() for match in re.finditer(NO_DENIAL[language], text, re.I)]
    negators = [
        match
        for match in _negators(language).finditer(text)
        if not any(start <= match.start() < end for start, end in passed)
    ]
    spans = [match.span() for match in negators]
    content = [
        w for w in listed if w.content and not any(start <= w.start < end for start, end in spans)
    ]
    return tuple(_denial(text, match, content) for match in negators)


def _denial(text: str, match: re.Match[str], content: Sequence[Word]) -> Denial:
    start, end = match.span()
    before = [w.stem for w in content if w.end <= start and not ends(text, w.end, start)]
    after = [w.stem for w in content if w.start >= end and not ends(text, end, w.start)]
    far = re.search(r"niet|nicht", match.group(), re.I) is not None
    clause = frozenset((*before, *after)) if far else frozenset[str]()
    sentence = frozenset(
        w.stem
        for w in content
        if reaches(text, min(w.end, end), max(w.start, start)) or start <= w.start < end
    )
    return Denial(match.group(), tuple(before[-SCOPE:]), tuple(after[:SCOPE]), clause, sentence)


@cache
def _negators(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{NEGATORS[language]})(?!\w)", re.I)
