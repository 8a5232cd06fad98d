"""A follow-up as a language model rewrites it, where that keeps to the conversation.

Simple means decide whether a question stands alone, and give what is searched for where the
model fails, is slow, or changes what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_

from assistant.answers import Turn
from assistant.claims import Claims, claims
from assistant.escape import UNSEEN
from assistant.followup import standalone
from assistant.llm import LanguageModel, ModelFailed
from assistant.prompt import rewriting

__all__ = ["keeps", "rewritten"]

# A reader waits for it before anything is searched.
SECONDS = 10.0
MAX_TOKENS = 120
# In characters; a model that explains itself is longer.
LONGEST = 400
# The share of its words that a conversation has to have.
KNOWN = 0.5
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def rewritten(
    question: str, history: Sequence[Turn], *, language: str, model: LanguageModel | None
) -> str:
    """The question as it stands alone: itself, as the model rewrites it, or with its topic."""
    ruled = standalone(question, history, language=language)
    if model is None or ruled == question:
        return ruled
    told = _told(model, question, history, language)
    return told if told and keeps(told, question, history, language=language) else ruled


def _told(
    model: LanguageModel, question: str, history: Sequence[Turn], language: str
) -> str | None:
    """What the model says, on one line; None where it fails."""
    pieces = model.stream(
        rewriting(question, language, history), max_tokens=MAX_TOKENS, timeout_seconds=SECONDS
    )
    try:
        said = "".join(pieces)
    except ModelFailed:
        return None
    return " ".join(UNSEEN.sub("", said).split()).strip('*"“”„«» ')


def keeps(rewrite: str, question: str, history: Sequence[Turn], *, language: str) -> bool:
    """Whether a rewrite is one question with the names and years that it has to have, and no
    name, figure or subject that the conversation does not hold.

    It has to have those of the question, and of the questions that the question points back to;
    a year that the question names or means takes the place of theirs.
    """
    if len(rewrite) > LONGEST or not re.search(r"\w\?$", rewrite) or rewrite.count("?") > 1:
        return False
    ruled = standalone(question, history, language=language, answers=False)
    held = [claims(turn.content, language) for turn in history] + [claims(ruled, language)]
    return _drops_nothing(rewrite, ruled, language) and _adds_nothing(rewrite, held, language)


def _drops_nothing(rewrite: str, ruled: str, language: str) -> bool:
    said = claims(rewrite, language)
    # The first word in the brackets begins no sentence: its capital is that of a name.
    asked = claims(ruled.replace(" (", ", "), language)
    names = [name for name in asked.names if said.known.lacks(name)]
    return not names and set(YEAR.findall(ruled)) <= set(YEAR.findall(rewrite))


def _adds_nothing(rewrite: str, held: Sequence[Claims], language: str) -> bool:
    said = claims(rewrite, language)
    known = reduce(or_, (one.known for one in held))
    figures = {figure for one in held for figure in re.findall(r"\d+", one.text)}
    added = [name for name in (*said.names, *said.openings) if known.lacks(name)]
    words = [word for word in said.words if word.content]
    shared = sum(word.stem in known.stems for word in words)
    return (
        not added
        and set(re.findall(r"\d+", rewrite)) <= figures
        and shared >= KNOWN * len(words)
        and bool(words)
    )
