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

# Words that point back to something said before, by language (closed classes): those that do
# so wherever they come before a name, and those that are also articles or conjunctions, or
# may point to a name that comes later.
POINTERS = {
    "en": "it they them he him she there then these this former latter",
    "nl": "hij hem zij ze deze daar daarvan daarin daarbij daarover daarna daarvoor toen ervan"
    " erin",
    "fr": "il elle ils elles lui celui celle ceux celles cela ça",
    "de": "er ihm ihn ihnen davon darin dabei dort dieser dieses diesen jene damals",
}
DOUBTFUL = {
    "en": "that those one ones same such here its his her hers their theirs",
    "nl": "het dat die dit er zijn haar hun zulke",
    "fr": "ce cet cette ces en y leur leurs",
    "de": "sie es das dies diese ihr ihre",
}
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
# Fewer content words than this, and no name or figure, cannot be searched without help; a
# doubtful pointer counts among so many, a certain one within the first so many.
ENOUGH, FEW, SOON = 3, 5, 3


def standalone(question: str, history: Sequence[Turn], *, language: str) -> str:
    """`question`, or `question` with the topic of the conversation in brackets after it."""
    asked = [turn.content for turn in history if turn.role == "user"]
    if not asked or not _points_back(question, language):
        return question
    said = [turn.content for turn in history if turn.role == "assistant"]
    topic = _topic(question, asked, said[-1:], language)
    return f"{question.rstrip()} ({topic})" if topic else question


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
