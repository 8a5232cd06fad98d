"""A follow-up made into a question that stands alone, by simple means.

A question stands alone unless it is short of names or points back ("that", "and the
year before?"). Then the words of the last question that carry its topic are added; the
question itself is never changed, only searched with more. A year that it names, or means
("the year before"), takes the place of the topic's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers import Turn
from assistant.pointers import DOUBTFUL, POINTERS
from ingest.words import function_words

__all__ = ["standalone"]

# "How much of that", "Who said that?": not a conjunction.
OF_THAT = re.compile(r"\b(?:of|to|on|in|from|by|for|about|after|before|with|at) that\b", re.I)
ENDS = re.compile(r"\b(?:that|dat|die|das|es|cela|ça)\W*$", re.I)
# "Is it true that …", "Is there …": points to nothing.
EMPTY = re.compile(
    r"\b(?:is|was|are|were) (?:it (?=right|true|correct|that)|there)|\b(?:est-il|y a-t-il)\b", re.I
)
OPENERS = {
    "en": ("and", "but", "so", "also", "or", "ok", "what about", "how about"),
    "nl": ("en", "maar", "dus", "ook", "of", "oké", "hoe zit het"),
    "fr": ("et", "mais", "donc", "aussi", "ou", "qu'en est-il"),
    "de": ("und", "aber", "also", "auch", "oder", "wie sieht es"),
}
# "And the year before?": a year told by another one, earlier or later.
EARLIER = re.compile(
    r"\b(?:(?:previous|preceding|prior) year|year (?:before|earlier|prior)"
    r"|(?:vorig|voorgaand|voorafgaand)e? jaar|jaar (?:daar|er)?(?:voor|tevoren|eerder)"
    r"|année (?:précédente|d[’']avant)|an (?:plus tôt|avant|auparavant)"
    r"|vorjahr|vor(?:ig|her?ig)en jahr|jahr (?:davor|zuvor|vorher|früher))\b",
    re.I,
)
LATER = re.compile(
    r"\b(?:(?:following|next) year|year (?:after|later)"
    r"|volgende? jaar|jaar (?:daarna|daarop|erop|later)"
    r"|année (?:suivante|d[’']après)|an (?:plus tard|après)"
    r"|folgejahr|(?:folgend|nächst)en jahr|jahr (?:danach|darauf|später))\b",
    re.I,
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Fewer content words than this, and no name or figure, cannot be searched without help; a
# doubtful pointer counts among so many, a certain one within the first so many.
ENOUGH, FEW, SOON = 3, 5, 3


def standalone(
    question: str, history: Sequence[Turn], *, language: str, answers: bool = True
) -> str:
    """`question`, or `question` with the topic of the conversation in brackets after it.

    Without `answers` only questions give the topic, and answers no more than the year meant.
    """
    asked = [turn.content for turn in history if turn.role == "user"]
    if not asked or not _points_back(question, language):
        return question
    said = [turn.content for turn in history if turn.role == "assistant"]
    topic = _topic(question, asked, said[-1:] if answers else (), language)
    meant = _year_meant(question, [asked[-1], *said[-1:], *asked[:-1]])
    if meant or YEAR.search(question):
        kept = [word for word in topic.split() if not YEAR.search(word)]
        topic = " ".join([*kept, *meant])
    return f"{question.rstrip()} ({topic})" if topic else question


def _year_meant(question: str, before: Sequence[str]) -> list[str]:
    """The year that the question tells by another: the one in the first text that has one."""
    step = -1 if EARLIER.search(question) else 1 if LATER.search(question) else 0
    years = next((known for text in before if (known := set(YEAR.findall(text)))), set())
    return [str(int(years.pop()) + step)] if step and len(years) == 1 else []


def _points_back(question: str, language: str) -> bool:
    text = EMPTY.sub("", question.strip())
    if ENDS.search(text) or any(
        re.match(rf"{re.escape(o)}\b", text, re.I) for o in OPENERS.get(language, ())
    ):
        return True
    words = list(re.finditer(r"[\w'’-]+", text))
    content = [word for word in words if word[0].casefold() not in function_words(language)]
    names = [word for word in words if _is_name(word, text)]
    if not names and len(content) < ENOUGH:
        return True
    told = min(_place(names, 0, text), _place(content, SOON, text))
    pointers = POINTERS.get(language, "").split()
    if any(word[0].casefold() in pointers and word.start() <= told for word in words):
        return True
    doubtful = DOUBTFUL.get(language, "").split()
    if not names and len(content) <= FEW:
        return any(word[0].casefold() in doubtful for word in words)
    that = OF_THAT.search(text)
    return that is not None and that.start() < told


def _place(words: Sequence[re.Match[str]], number: int, text: str) -> int:
    return words[number].start() if len(words) > number else len(text)


def _is_name(word: re.Match[str], text: str) -> bool:
    """A figure, an abbreviation, or a capitalised word that does not begin a sentence."""
    begins = not re.search(r"\w[^.?!]*$", text[: word.start()])
    return word[0][0].isdigit() or (
        word[0].isupper() and len(word[0]) > 1 if begins else word[0][0].isupper()
    )


def _topic(question: str, asked: Sequence[str], said: Sequence[str], language: str) -> str:
    """The last question that stood alone, and the names of the answer to it."""
    alone = [text for text in asked[1:] if not _points_back(text, language)]
    start = alone[-1] if alone else asked[0]
    # the conversation may have changed its language
    empty = frozenset().union(*map(function_words, (language, *OPENERS)))
    known = set(re.findall(r"\w+", question.casefold())) | empty
    words = [
        word
        for text in dict.fromkeys((start, asked[-1]))
        for word in re.findall(r"[\w'’%$€£.,-]*\w[\w%]*", text)
        if word.casefold() not in known
    ]
    names = [
        name
        for text in said
        for name in re.findall(r"\b(?:[A-Z][\w-]+)(?:\s[A-Z][\w-]+)*\b|\b(?:19|20)\d\d\b", text)
        if name.casefold() not in known
    ]
    return " ".join(dict.fromkeys([*words, *names[:8]]))
