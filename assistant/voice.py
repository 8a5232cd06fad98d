"""Whose words a sentence of a transcript is: the speaker's, or somebody's whom he quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.speakers import OPENERS, turn_label
from vectorstore import Document, Sentence

__all__ = ["is_quoted", "quoting", "whose"]

# How it is told that a speaker quotes, in the languages of questions.
QUOTES = {"en": "{} quotes", "nl": "{} citeert", "fr": "{} cite", "de": "{} zitiert"}
# A sentence in quotation marks from its first to its last character.
QUOTATION = re.compile(r"(?:“.+”|\".+\"|«.+»|„.+“|‘.+’)\W?", re.S)
OPENING, CLOSING = "“«", "”»"
ENDS = re.compile(rf"[{CLOSING}]\W?")
# "And I said, “…": who speaks of himself.
OWN = re.compile(
    r"\b(?:(?:I|we|ik|wij|je|nous|ich|wir)(?:[’']\w+)?(?:\s[\w’'-]+){1,3}|j[’']ai\s\w+)\W*", re.I
)
PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
# The words before a quotation that may say whose it is, in characters.
INTRODUCTION = 60


def whose(sentence: Sentence, document: Document) -> str | None:
    """Whose words a sentence is, for the reader; None where that is not known."""
    if is_quoted(sentence, document):
        return f"somebody whom {sentence.speaker} quotes"
    return sentence.speaker


def quoting(speaker: str, language: str) -> str:
    """That the speaker quotes, in a language of questions or else in English."""
    return QUOTES.get(language, QUOTES["en"]).format(speaker)


def is_quoted(sentence: Sentence, document: Document) -> bool:
    """Whether a sentence of a turn stands in quotation marks there, and is not his own.

    What is in quotation marks from the speaker's name on is the speaker's. Of a quotation of
    several sentences each is seen as part of it where the marks are “ and ” or « and ».
    """
    label = sentence.speaker and turn_label(document.text, sentence.speaker, sentence.start)
    if not label:
        return False
    before = document.text[label[1] : sentence.start]
    if before.lstrip().startswith(tuple(OPENERS)):
        return False
    introduced = _introduction(sentence, before, document.text)
    if introduced is None or not introduced.strip():
        return False
    last = re.split(r"(?<=[.!?])\s", introduced.rstrip()[-INTRODUCTION:])[-1]
    return not any(own.end() == len(last) for own in OWN.finditer(last))


def _introduction(sentence: Sentence, before: str, text: str) -> str | None:
    """What the turn says before the quotation that holds the sentence, None without one."""
    words = sentence.text
    if QUOTATION.fullmatch(words):
        return before
    closes = ENDS.search(words)
    if closes and closes.end() < len(words):
        return None  # more is said after the quotation
    paragraph = PARAGRAPH.split(before)[-1]
    opened = _open(paragraph)
    if opened is not None and _last(words, OPENING) < 0:
        return before[: len(before) - len(paragraph) + opened]
    after = PARAGRAPH.split(text[sentence.end :])[0]
    if words[0] in OPENING and _last(words[1:], OPENING) < 0 and ENDS.search(after):
        return before
    return None


def _open(text: str) -> int | None:
    """Where the quotation begins that is open at the end of a text; None if none is."""
    opening = _last(text, OPENING)
    return opening if opening > _last(text, CLOSING) else None


def _last(text: str, marks: Sequence[str]) -> int:
    return max(text.rfind(mark) for mark in marks)
