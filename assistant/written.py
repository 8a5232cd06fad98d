"""A language model's text as sentences, as they complete, with the numbers that each cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.escape import UNSEEN
from assistant.prompt import NO_ANSWER
from ingest.words import sentence_spans

__all__ = ["Refused", "TooLong", "Written", "written"]

# More than this nobody asked for: such a model does not come to an end by itself.
MOST_SENTENCES, MOST_CHARACTERS = 12, 4_000
# What a model thinks before it answers, where its server does not keep that apart.
THOUGHT = re.compile(r"\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S)
THOUGHT_TAG = "<think"
REFUSAL = re.compile(rf"\W*{NO_ANSWER.replace(' ', '[ _]')}\b")
# What Markdown puts before a line and around words.
BULLET = re.compile(r"\s*(?:#{1,6}\s+|>\s*|(?:[-*•–]|\d{1,2}[.)])\s+(?=\D))*")
EMPHASIS = re.compile(r"\*+|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|`+")
# Numbers in brackets, also as models write them that were trained on other marks; with the
# space before them they are no part of the sentence.
MARKER = re.compile(r"\s*[\[【]{1,2}[^\[\]【】\n]{0,80}\d[^\[\]【】\n]{0,80}[\]】]{1,2}")
BRACKETS = re.compile(r"[\[\]【】]")
END = re.compile(r"[.!?…]")
# A marker that may still be coming.
OPEN = re.compile(r"\s*[\[【][^\]】]*\Z")


class Refused(Exception):  # noqa: N818 - no error: the model was told to say so
    """The model says that the sentences do not answer."""


class TooLong(Exception):  # noqa: N818 - reads like TooSlow
    """The model did not come to an end."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence without its markers, and the numbers that it cites, each once, in order."""

    text: str
    cited: tuple[int, ...]


def written(pieces: Iterable[str], language: str, *, known: int) -> Iterator[Written]:
    """The sentences of a text that comes in pieces, each as soon as the next one has begun.

    They do not depend on how the text is cut into pieces. Numbers other than 1 to `known` are
    left out. Refused where the text says that there is no answer; TooLong behind more sentences
    or characters than an answer has.
    """
    done = 0
    for line in _lines(_words(pieces), language):
        for text, cited in line:
            if REFUSAL.match(text):
                raise Refused
            if done == MOST_SENTENCES:
                raise TooLong
            if any(map(str.isalnum, text)):
                done += 1
                yield Written(text, tuple(n for n in cited if 1 <= n <= known))


def _words(pieces: Iterable[str]) -> Iterator[str]:
    """The text word by word, each with the white space after it; TooLong where it goes on."""
    held, length = "", 0
    for piece in pieces:
        length += len(piece)
        held += piece
        *whole, held = re.split(r"(?<=\s)(?=\S)", held) if re.search(r"\s\S", held) else [held]
        yield from whole
        if length > MOST_CHARACTERS:
            raise TooLong
    yield held


def _lines(words: Iterable[str], language: str) -> Iterator[list[tuple[str, list[int]]]]:
    """What has become certain with each word: sentences that another one follows."""
    text = ""
    for word in words:
        text += word
        if THOUGHT_TAG in text:
            if "</think" not in text:
                continue
            text = THOUGHT.sub("", text)
        head, newline, tail = text.rpartition("\n")
        if newline:
            for line in head.split("\n"):
                yield _sentences(line, language)
            text = tail
        if not END.search(text):
            continue
        *certain, rest = _parted(text, language)
        # The first word of what follows tells whether a stop was the end.
        if certain and re.match(r"\S+\s", rest):
            text = rest
            yield [found for one in certain for found in _sentences(one, language)]
    if THOUGHT_TAG not in text:
        yield _sentences(text, language)


def _parted(text: str, language: str) -> list[str]:
    """The text cut before each sentence but the first, markers with the sentence before them."""
    bare, places = _without_markers(text)
    starts = [start for start, _ in sentence_spans(bare, language)][1:]
    cuts = [0, *(places[start] for start in starts), len(text)]
    return [text[a:b] for a, b in pairwise(cuts)]


def _without_markers(text: str) -> tuple[str, list[int]]:
    """The text without markers, and where each of its characters stood."""
    taken = [match.span() for match in (*MARKER.finditer(text), *OPEN.finditer(text))]
    places = [i for i in range(len(text)) if not any(a <= i < b for a, b in taken)]
    return "".join(text[i] for i in places), places


def _sentences(line: str, language: str) -> list[tuple[str, list[int]]]:
    """The sentences of a line with the numbers that stand in or behind them."""
    line = BULLET.sub("", line, count=1)
    return [(_clean(one), _numbers(one)) for one in _parted(line, language)]


def _clean(text: str) -> str:
    bare = BRACKETS.sub("", OPEN.sub("", MARKER.sub("", text)))
    return " ".join(UNSEEN.sub("", EMPHASIS.sub("", bare)).split())


def _numbers(text: str) -> list[int]:
    found = (n for match in MARKER.findall(text) for n in re.findall(r"\d+", match))
    return list(dict.fromkeys(int(n) for n in found if len(n) < 5))
