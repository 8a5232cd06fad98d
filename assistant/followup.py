"""A follow-up made into a question that stands alone, by simple means.

A question stands alone unless it is short of names or points back ("that", "and the
year before?"). Then the words of the last question that carry its topic are added; the
question itself is never changed, only searched with more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers import Turn
from ingest.words import function_words

__all__ = ["standalone"]

# Words that point back to something said before, by language (closed classes).
POINTERS = {
    "en": "it its they them their theirs that those this these he him his she her there then same"
    " one ones such former latter here",
    "nl": "het dat die deze dit hij hem zijn zij ze haar hun daar daarvan daarin daarbij daarover"
    " er toen zulke eerste laatste ervan",
    "fr": "il elle ils elles le la les lui leur celui celle ceux celles cela ça ce cet cette ces y"
    " en",
    "de": "er sie es ihn ihm ihr ihnen das dies diese dieser dieses dort davon darin dabei jene",
}
OPENERS = {
    "en": ("and", "but", "so", "also", "or", "ok", "what about", "how about"),
    "nl": ("en", "maar", "dus", "ook", "of", "oké", "hoe zit het"),
    "fr": ("et", "mais", "donc", "aussi", "ou", "qu'en est-il"),
    "de": ("und", "aber", "also", "auch", "oder", "wie sieht es"),
}
# Fewer content words than this, and no name or figure, cannot be searched without help.
ENOUGH = 3


def standalone(question: str, history: Sequence[Turn], *, language: str) -> str:
    """`question`, or `question` with the topic of the conversation in brackets after it."""
    asked = [turn.content for turn in history if turn.role == "user"]
    if not asked or not _points_back(question, language):
        return question
    said = [turn.content for turn in history if turn.role == "assistant"]
    topic = _topic(question, asked, said[-1:], language)
    return f"{question.rstrip()} ({topic})" if topic else question


def _points_back(question: str, language: str) -> bool:
    plain = question.casefold().strip()
    words = re.findall(r"[\w'’-]+", plain)
    opens = any(re.match(rf"{re.escape(o)}\b", plain) for o in OPENERS.get(language, ()))
    points = set(words) & set(POINTERS.get(language, "").split())
    content = [word for word in words if word not in function_words(language)]
    named = re.search(r"(?<=[a-z,] )[A-Z]|\d", question.strip())
    return opens or bool(points) or (len(content) < ENOUGH and not named)


def _topic(question: str, asked: Sequence[str], said: Sequence[str], language: str) -> str:
    """The last question that stood alone, and the names of the answer to it."""
    alone = [text for text in asked[1:] if not _points_back(text, language)]
    start = alone[-1] if alone else asked[0]
    known = set(re.findall(r"\w+", question.casefold()))
    words = [
        word
        for text in dict.fromkeys((start, asked[-1]))
        for word in re.findall(r"[\w'’%$€£.,-]*\w[\w%]*", text)
        if word.casefold() not in known and word.casefold() not in function_words(language)
    ]
    names = [
        name
        for text in said
        for name in re.findall(r"\b(?:[A-Z][\w-]+)(?:\s[A-Z][\w-]+)*\b|\b(?:19|20)\d\d\b", text)
        if name.casefold() not in known and name.casefold() not in function_words(language)
    ]
    return " ".join(dict.fromkeys([*words, *names[:8]]))
