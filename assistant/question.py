"""What a question asks for, as far as its words show: its language, terms, whether a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from ingest.metadata import find_language
from ingest.words import function_words
from vectorstore import Store, stems

__all__ = ["Question", "question_language", "read_question"]

# Letters below which a question's own language cannot be told (py3langid guesses).
SHORT = 20

# Asks for a person: pronouns, and offices with an interrogative (closed classes).
OFFICE = (
    r"leaders?|ministers?|presidents?|premiers?|chancellors?|secretar(?:y|ies)|officials?|speakers?"
    r"|ambassadors?|chairs?|heads?|leiders?|bewindslieden|dirigeante?s?|ministres?|présidente?s?"
    r"|kanzler(?:in)?|minister(?:in)?|präsident(?:in)?"
)
WHO = {
    "en": rf"\b(?:who|whom|whose)\b|\b(?:which|what)\s+(?:[\w-]+\s+){{0,2}}?(?:{OFFICE})\b",
    "nl": rf"\b(?:wie|wiens)\b|\b(?:welke|wat voor)\s+(?:[\w-]+\s+){{0,2}}?(?:{OFFICE})\b",
    "fr": rf"\bqui\b|\bquel(?:le)?s?\s+(?:[\w-]+\s+){{0,2}}?(?:{OFFICE})\b",
    "de": rf"\b(?:wer|wen|wem|wessen)\b|\bwelche[rsnm]?\s+(?:[\w-]+\s+){{0,2}}?(?:{OFFICE})\b",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands alone.

    `weights` gives each stem of a content word its weight: the rarer in the documents, the
    heavier (inverse document frequency, natural logarithm). `names` are the stems of words
    that are written as names or figures. `who` tells that a person is asked for.
    """

    text: str
    language: str
    weights: Mapping[str, float]
    names: frozenset[str]
    who: bool = False


def question_language(text: str, before: Sequence[str], *, among: Sequence[str]) -> str:
    """The language of a question, of two or more; where a very short one is unclear, with what
    was asked `before` it.
    """
    if sum(c.isalpha() for c in text) >= SHORT:
        return find_language(text, among=among)
    words = re.findall(r"\w+", text.casefold())
    told = {language: sum(w in function_words(language) for w in words) for language in among}
    first, second = sorted(among, key=lambda language: -told[language])[:2]
    if told[first] > max(1, told[second]):
        return first
    return find_language(" ".join([*before, text]), among=among)


def read_question(text: str, *, language: str, store: Store) -> Question:
    """What `text` asks, with weights from the documents of its language."""
    content = [word for word in stems(text, language) if not _is_function(word, language)]
    terms = tuple(dict.fromkeys(content))
    frequency, passages = store.document_frequency(terms, language=language)
    weights = {term: log(1 + (passages + 1) / (frequency.get(term, 0) + 0.5)) for term in terms}
    return Question(
        text=text,
        language=language,
        weights=weights,
        names=_names(text, language) & frozenset(terms),
        who=bool(re.search(WHO.get(language, WHO["en"]), text, re.I)),
    )


def _is_function(stem: str, language: str) -> bool:
    return stem in _function_stems(language)


_FUNCTION: dict[str, frozenset[str]] = {}


def _function_stems(language: str) -> frozenset[str]:
    if language not in _FUNCTION:
        words = " ".join(function_words(language))
        _FUNCTION[language] = frozenset(stems(words, language))
    return _FUNCTION[language]


def _names(text: str, language: str) -> frozenset[str]:
    """Stems of figures and of capitalised words, the first word of a sentence aside."""
    words = re.findall(r"(?<![.?!]\s)(?<!^)\b[A-Z][\w-]*|\b[A-Z]{2,}\w*|\b\d[\d.,]*", text)
    return frozenset(stem for word in words for stem in stems(word, language))
