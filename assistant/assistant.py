"""The composition root: settings, store, model and the three stages of an answer.

retrieve → choose → compose. Each stage is a plain function of what the one before gave.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant import followup
from assistant.answers import Answer, Seconds, Sentence, Turn
from assistant.choose import choose
from assistant.compose import REFUSALS, compose, nearest, refusal
from assistant.cross_encoder import CrossEncoderRanker
from assistant.evidence import Choice
from assistant.question import read_question
from assistant.ranker import EvidenceModel, Ranker, Reading
from assistant.retrieve import Found, per_language, retrieve
from assistant.settings import Settings, read_settings
from assistant.trace import trace_of
from ingest.metadata import find_language
from ingest.words import function_words
from vectorstore import Document, Embedder, Entry, Filter, Store
from vectorstore.embedding import SentenceTransformerEmbedder

__all__ = ["Assistant", "answer", "embedder_for", "open_store", "ranker_for"]

EXTRACTIVE = "extractive"
# Letters below which a question's own language cannot be told (py3langid guesses).
SHORT = 20


def embedder_for(
    settings: Settings, report: Callable[[str], None] | None = None
) -> SentenceTransformerEmbedder:
    """The embedding model that was named, else the one the store was built with, else ours."""
    known = Store.embedding_model(settings.store)
    name = settings.embed_model or (known[0] if known else settings.new_store_model)
    return SentenceTransformerEmbedder(name, allow_download=settings.allow_download, report=report)


def open_store(settings: Settings, embedder: Embedder, *, write: bool = False) -> Store:
    """The store that the settings name; StoreMissing if it is to be read and is not there."""
    return Store.open(
        settings.store,
        embedder=embedder,
        chroma_url=settings.chroma_url,
        mode="write" if write else "read",
    )


def ranker_for(settings: Settings) -> Ranker:
    """The cross-encoder that was named, else the evidence model of this package."""
    if settings.rank_model is None:
        return EvidenceModel()
    return CrossEncoderRanker(settings.rank_model, allow_download=settings.allow_download)


class Assistant:
    """Answers questions from one store. Thread safe. Use as a context manager, or close it."""

    def __init__(self, store: Store, embedder: Embedder, ranker: Ranker | None = None) -> None:
        self._store = store
        self._embedder = embedder
        self._ranker = ranker or EvidenceModel()

    @classmethod
    def open(cls, store: str | Path | None = None) -> Self:
        """The assistant over the store in a folder; by default the one the settings name."""
        flags = {"store": str(store) if store is not None else None}
        settings = read_settings(flags, os.environ)
        embedder = embedder_for(settings)
        return cls(open_store(settings, embedder), embedder, ranker_for(settings))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    def warm_up(self) -> None:
        """Loads the models ahead of the first question (a few seconds)."""
        self._embedder.embed_query("")
        self._ranker.score("", [Reading("", ("",))])

    def documents(self, filter: Filter | None = None) -> tuple[Entry, ...]:
        """One entry per document that passes the filter, by source."""
        return self._store.documents(filter or Filter())

    def document(self, id: str) -> Document:
        """The document with its canonical text, from the store. UnknownDocument if not there."""
        return self._store.document(id)

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filter: Filter | None = None,
        id: str | None = None,
        standalone: str | None = None,
    ) -> Answer:
        """The answer to `question`, each sentence with its citations, or an abstention.

        `history` holds the turns before it, oldest first. `id` comes back in the answer.
        `standalone` is the question as it stands alone, where the asker says so: it is
        answered as it is, and the turns are not looked at. ValueError for a question
        without any letter or digit.
        """
        started = time.perf_counter()
        asked, alone, language = self._read(question, history, standalone)
        found, choice = self._find(alone, language, filter)
        retrieved = time.perf_counter()
        composed = _composed(asked, alone, language, choice)
        seconds = Seconds(retrieved - started, time.perf_counter() - started)
        return replace(composed, id=id, seconds=seconds, trace=trace_of(found, choice))

    def retrieve(
        self, query: str, *, filter: Filter | None = None, limit: int = 8
    ) -> tuple[Found, ...]:
        """The best `limit` passages of each language: the first stage of an answer."""
        vector = self._embedder.embed_query(query)
        return retrieve(self._store, query, vector, filter=filter, limit=limit)

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filter: Filter | None = None,
        standalone: str | None = None,
    ) -> Iterator[Answer]:
        """The answer as it grows, sentence by sentence; the last snapshot is the whole."""
        whole = self.answer(question, history, filter=filter, standalone=standalone)
        for count in range(1, len(whole.sentences)):
            yield _first(whole, count)
        yield whole

    def _read(
        self, question: str, history: Sequence[Turn], standalone: str | None
    ) -> tuple[str, str, str]:
        """The question, the question as it stands alone, and the language of that."""
        asked, alone = question.strip(), standalone and standalone.strip()
        for text in (asked,) if alone is None else (asked, alone):
            if not re.search(r"\w", text):
                raise ValueError(f"The question {text!r} has no words; ask it in a sentence.")
        language = _question_language(alone or asked, history, self._store)
        return asked, alone or followup.standalone(asked, history, language=language), language

    def _find(
        self, question: str, language: str, filter: Filter | None
    ) -> tuple[tuple[Found, ...], Choice]:
        read = read_question(question, language=language, store=self._store)
        vector = self._embedder.embed_query(question)
        limit = per_language(self._store, filter)
        found = retrieve(self._store, question, vector, filter=filter, limit=limit)
        return found, choose(read, found, ranker=self._ranker)


def _question_language(question: str, history: Sequence[Turn], store: Store) -> str:
    """The question's language; the question before helps only where a very short one is unclear."""
    known = tuple(dict.fromkeys((*store.languages(), *REFUSALS)))
    if sum(c.isalpha() for c in question) >= SHORT:
        return find_language(question, among=known)
    words = re.findall(r"\w+", question.casefold())
    told = {language: sum(w in function_words(language) for w in words) for language in known}
    first, second = sorted(known, key=lambda language: -told[language])[:2]
    if told[first] > max(1, told[second]):
        return first
    asked = [turn.content for turn in history if turn.role == "user"]
    return find_language(" ".join([*asked[-1:], question]), among=known)


def _composed(
    question: str,
    alone: str,
    language: str,
    choice: Choice,
) -> Answer:
    if not choice.evidence:
        return Answer(
            question=question,
            standalone_question=alone,
            answer=refusal(alone, language),
            abstained=True,
            language=language,
            engine=EXTRACTIVE,
            sentences=(),
            citations=(),
            nearest=nearest(choice.nearest),
            confidence=choice.confidence,
        )
    sentences, citations = compose(choice.evidence, who=choice.who, language=language)
    languages = [citation.language for citation in citations]
    return Answer(
        question=question,
        standalone_question=alone,
        answer=_text(sentences),
        abstained=False,
        language=max(languages, key=languages.count),
        engine=EXTRACTIVE,
        sentences=sentences,
        citations=citations,
        confidence=choice.confidence,
    )


def _text(sentences: Sequence[Sentence]) -> str:
    return " ".join(
        sentence.text + "".join(f" [{number}]" for number in sentence.citations)
        for sentence in sentences
    )


def _first(whole: Answer, count: int) -> Answer:
    """The answer as it stood after `count` sentences."""
    sentences = whole.sentences[:count]
    used = {number for sentence in sentences for number in sentence.citations}
    citations = tuple(c for c in whole.citations if c.number in used)
    return replace(whole, sentences=sentences, citations=citations, answer=_text(sentences))


def answer(
    question: str, history: Sequence[Turn] = (), *, store: str | Path | None = None
) -> Answer:
    """The answer from the default store, or from the store in a folder.

    Opens the store and loads the model each time; `Assistant.open` does so once.
    """
    with Assistant.open(store) as assistant:
        return assistant.answer(question, history)
