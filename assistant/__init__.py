"""Answers questions about the documents of a store, every sentence cited exactly."""

from assistant.answers import Answer, Citation, Seconds, Sentence, Turn, as_json
from assistant.assistant import Assistant, answer
from vectorstore import Filter

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Filter",
    "Seconds",
    "Sentence",
    "Turn",
    "answer",
    "as_json",
]
