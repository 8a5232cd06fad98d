"""Two plain engines on the same store: its best sentences by words alone, or by meaning alone."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assistant import Answer, Turn
from evals.engines import DEPTH, quoting
from evals.gold import Library
from evals.retrieval import Place
from vectorstore import Embedder, Hit, Passage, Sentence, Span, Store, stems

__all__ = ["Bm25Engine", "DenseEngine"]

# How many passages are looked into, and how many of their sentences are the answer.
PASSAGES, SENTENCES = 8, 3


class _Sentences(ABC):
    """What both have in common: passages ranked over all languages, three sentences quoted."""

    name: str

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    @property
    def settings(self) -> Mapping[str, str]:
        return {"passages": str(PASSAGES), "sentences": str(SENTENCES)}

    def answer(self, question: str, history: Sequence[Turn]) -> Answer:
        """The best sentences of the best passages; what was said before is not looked at."""
        started = time.perf_counter()
        passages = self._ranked(question, PASSAGES)
        every = [(passage, sentence) for passage in passages for sentence in passage.sentences]
        scores = self._scores(question, every) if every else []
        best = sorted(range(len(every)), key=lambda i: -scores[i])[:SENTENCES]
        quotes = [self._quote(*every[i]) for i in best if scores[i] > 0]
        return quoting(question, quotes, engine=self.name, started=started)

    def ranking(self, question: str) -> Sequence[Place]:
        return [(p.document_id, (p.start, p.end)) for p in self._ranked(question, DEPTH)]

    def passages(self, document_id: str) -> Sequence[Span]:
        return [(p.start, p.end) for p in self._library.passages(document_id)]

    def _quote(self, passage: Passage, sentence: Sentence) -> tuple[Any, Span, str]:
        document = self._library.document(passage.document_id)
        return document, (sentence.start, sentence.end), sentence.text

    def _ranked(self, question: str, limit: int) -> tuple[Passage, ...]:
        hits = [
            hit
            for language in self._store.languages()
            for hit in self._search(question, language, limit)
        ]
        hits.sort(key=lambda hit: -hit.score)
        return self._store.passages(hit.passage_id for hit in hits[:limit])

    @abstractmethod
    def _search(self, question: str, language: str, limit: int) -> tuple[Hit, ...]:
        """The best passages of one language."""

    @abstractmethod
    def _scores(self, question: str, every: Sequence[tuple[Passage, Sentence]]) -> Sequence[float]:
        """How well each sentence fits; 0 where nothing does."""


class Bm25Engine(_Sentences):
    """BM25 for passages (title and headings in their text) and for sentences (Lù 2024, bm25s)."""

    name = "bm25"

    def __init__(self, store: Store, library: Library) -> None:
        import bm25s

        super().__init__(store, library)
        self._at: dict[tuple[str, int], int] = {}
        words: list[list[str]] = []
        for document_id in library.ids():
            language = library.document(document_id).language
            for passage in library.passages(document_id):
                for sentence in passage.sentences:
                    self._at[document_id, sentence.start] = len(words)
                    words.append(list(stems(sentence.text, language)))
        self._index = bm25s.BM25()
        self._index.index(words, show_progress=False)

    def _search(self, question: str, language: str, limit: int) -> tuple[Hit, ...]:
        return self._store.search_lexical(question, language=language, limit=limit)

    def _scores(self, question: str, every: Sequence[tuple[Passage, Sentence]]) -> Sequence[float]:
        by_language: dict[str, Any] = {}
        scores = []
        for passage, sentence in every:
            language = self._library.document(passage.document_id).language
            if language not in by_language:
                known = [s for s in stems(question, language) if s in self._index.vocab_dict]
                by_language[language] = self._index.get_scores(known) if known else None
            found = by_language[language]
            at = self._at[passage.document_id, sentence.start]
            scores.append(float(found[at]) if found is not None else 0.0)
        return scores


class DenseEngine(_Sentences):
    """The embedding model alone, for passages and for sentences, by cosine."""

    name = "dense"

    def __init__(self, store: Store, library: Library, embedder: Embedder) -> None:
        super().__init__(store, library)
        self._embedder = embedder

    def _search(self, question: str, language: str, limit: int) -> tuple[Hit, ...]:
        vector = self._embedder.embed_query(question)
        return self._store.search_dense(vector, language=language, limit=limit)

    def _scores(self, question: str, every: Sequence[tuple[Passage, Sentence]]) -> Sequence[float]:
        vectors = self._embedder.embed_passages([sentence.text for _, sentence in every])
        cosines: list[float] = np.dot(vectors, self._embedder.embed_query(question)).tolist()
        return cosines
