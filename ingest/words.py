"""Sentence ends and function words of a language, from NLTK's published data.

The data ships inside llama-index-core (`_static/nltk_cache`), so nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["bundled_data", "function_words", "sentence_spans"]

# ISO 639-1 → the name NLTK uses; a language that is not here is split as English.
NAMES = {
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ru": "russian",
    "sl": "slovene",
    "sv": "swedish",
    "tr": "turkish",
}

# Characters handed to Punkt at once, and as many as an abbreviation and its stop have.
WINDOW = 20_000
TAIL = 40
WORD = re.compile(r"\W{0,10}(\w{0,40})")

# Initials ("U.S.", "H.E.") and titles end in a stop that ends no sentence; so do
# abbreviations that something always follows, and a number or letter that only counts.
INITIALS = re.compile(r"(?:^|[\s(“‘'\"])(?:[A-Z]\.(?:\s(?=[A-Z]\.$))?){1,4}$")
TITLE = re.compile(
    r"(?:^|[\s(“‘’'\"])(?:Mr|Mrs|Ms|Dr|Prof|Gen|Adm|Col|Lt|Maj|Capt|Cmdr|Sgt|Amb|Sen|Rep|Gov|Hon|Rt"
    r"|St|Messrs|Nos?|Arts?|Secs?|Figs?|Vols?|Chs?|vs|[Cc]f|[Pp]aras?|[Pp]p?|[Aa]pprox|[Cc]a|[Ee]\.g"
    r"|[Ii]\.e|[Dd]hr|[Mm]w|[Mm]evr|drs|ir|mr|dr|prof|ing|gen|[Nn]rs?|[Bb]ijv|[Bb]v|resp|jl|blz|[Mm]in|art|lid"
    r"|t\.a\.v|o\.l\.v|m\.b\.t|i\.v\.m|t\.o\.v|[Zz]gn|[Oo]\.a|[Oo]\.m|[Dd]\.w\.z"
    r"|M|MM|Mme|Mlle|Me|Pr|[Nn]°|chap|éd|env|Hr|Fr|Abs|Ziff|Kap|[Vv]gl|[Bb]zw|[Zz]\.\s?B|[Uu]\.\s?a|[Dd]\.\s?h"
    r"|[Ss]og|[Ii]nsb|S)\.$"
)
LETTER = re.compile(r"(?:^|[\s(])[a-z]\.$")
COUNTER = re.compile(
    r"\W*(?:(?:Sec|Section|Art|Article|Artikel)\.?\s)?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\."
)
SENTENCE_OPENERS = frozenset(
    [
        "the",
        "this",
        "that",
        "these",
        "those",
        "in",
        "on",
        "at",
        "it",
        "he",
        "she",
        "we",
        "they",
        "i",
        "there",
        "as",
        "for",
        "to",
        "with",
        "from",
        "our",
        "its",
        "his",
        "her",
        "their",
        "and",
        "but",
        "if",
        "when",
        "while",
        "after",
        "since",
        "today",
        "both",
        "all",
        "no",
        "not",
    ]
)


def bundled_data() -> Path:
    """The folder of published data files inside the installed llama-index-core."""
    spec = find_spec("llama_index.core")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("llama-index-core is not installed; run `make setup`.")
    return Path(spec.origin).parent / "_static"


@cache
def _splitter(language: str) -> Any:
    import nltk
    from nltk.tokenize.punkt import PunktTokenizer

    folder = str(bundled_data() / "nltk_cache")
    if folder not in nltk.data.path:
        nltk.data.path.insert(0, folder)
    return PunktTokenizer(NAMES.get(language, "english"))


@cache
def function_words(language: str) -> frozenset[str]:
    """Articles, prepositions, pronouns and the like, lower case; English if unknown."""
    name = NAMES.get(language, "english")
    path = bundled_data() / "nltk_cache" / "corpora" / "stopwords" / name
    if not path.is_file():
        return frozenset()
    return frozenset(path.read_text(encoding="utf-8").split())


def sentence_spans(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """Half-open ranges of the sentences of one block's display text.

    Punkt (Kiss and Strunk 2006) proposes; ends after initials and titles are undone,
    and so are those after which the text goes on in lower case.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _proposed(text, language):
        if spans and _runs_on(text, spans[-1], start):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _proposed(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Punkt's sentences, window by window: its time grows faster than the text."""
    at = 0
    while at < len(text):
        window = text[at : at + WINDOW]
        found = list(_splitter(language).span_tokenize(window))
        last = at + WINDOW >= len(text)
        for start, end in found if last or len(found) < 2 else found[:-1]:
            yield at + start, at + end
        at += len(window) if last or len(found) < 2 else found[-1][0]


def _runs_on(text: str, before: tuple[int, int], start: int) -> bool:
    head = text[max(before[0], before[1] - TAIL) : before[1]]
    word = WORD.match(text, start)
    following = word.group(1) if word else ""
    if not any(c.isalnum() for c in head):
        return True
    if following[:1].islower():
        return True
    if TITLE.search(head) or LETTER.search(head) or COUNTER.fullmatch(head):
        return True
    return bool(INITIALS.search(head)) and following.lower() not in SENTENCE_OPENERS
