"""Sentence ends and function words of a language, from NLTK's published data.

The data ships inside llama-index-core (`_static/nltk_cache`), so nothing is fetched.
"""

from __future__ import annotations

import re
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

# Initials ("U.S.", "H.E.") and titles end in a stop that ends no sentence.
INITIALS = re.compile(r"(?:^|[\s(“‘'\"])(?:[A-Z]\.){1,4}$")
TITLE = re.compile(
    r"(?:^|[\s(“‘'\"])(?:Mr|Mrs|Ms|Dr|Prof|Gen|Adm|Col|Lt|Sen|Rep|Gov|Hon|Rt|St|No|Nos|Art|vs"
    r"|dhr|mw|mevr|drs|ir|nr|nrs|bijv|resp|jl|Mme|M|Hr|Fr|bzw|ca|cf|para|paras|pp?|approx)\.$"
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
    for start, end in _splitter(language).span_tokenize(text):
        if spans and _runs_on(text, spans[-1], start):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _runs_on(text: str, before: tuple[int, int], start: int) -> bool:
    head = text[before[0] : before[1]]
    word = re.match(r"\W*(\w*)", text[start:])
    following = word.group(1) if word else ""
    if not any(c.isalnum() for c in head):
        return True
    if following[:1].islower() and not head.endswith(("!", "?", "”", '"')):
        return True
    if TITLE.search(head):
        return True
    return bool(INITIALS.search(head)) and following.lower() not in SENTENCE_OPENERS
