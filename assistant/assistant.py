"""The composition root: settings, store, models and the stages of an answer.

retrieve → choose → compose, or in place of the last a language model writes. Each stage is a
plain function of what the one before gave.
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

from assistant.answers import EXTRACTIVE, Answer, Seconds, Sentence, Turn
from assistant.check import Cited
from assistant.choose import choose
from assistant.compose import REFUSALS, compose, nearest, refusal
from assistant.cross_encoder import CrossEncoderEntailment, CrossEncoderRanker
from assistant.entailment import Entailment, EntailmentModel
from assistant.escape import UNSEEN
from assistant.evidence import Choice
from assistant.llm import LanguageModel
from assistant.question import question_language, read_question
from assistant.ranker import EvidenceModel, Ranker, Reading
from assistant.retrieve import Found, per_language, retrieve
from assistant.rewriting import rewritten
from assistant.settings import Settings, read_settings
from assistant.trace import trace_of
from assistant.writing import Draft, drafts
from vectorstore import Document, Embedder, Entry, Filter, Store
from vectorstore.embedding import SentenceTransformerEmbedder

__all__ = [
    "Assistant",
    "answer",
    "embedder_for",
    "entailment_for",
    "open_assistant",
    "open_store",
    "ranker_for",
]


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


def entailment_for(settings: Settings) -> Entailment:
    """The cross-encoder for inference that was named, else the entailment model of this package."""
    if settings.nli_model is None:
        return EntailmentModel()
    return CrossEncoderEntailment(settings.nli_model, allow_download=settings.allow_download)


def model_for(settings: Settings) -> LanguageModel | None:
    """The language model that was named, if one was; ModelFailed where it cannot be used."""
    if settings.llm_url is None or settings.llm_model is None:
        return None
    return LanguageModel(
        settings.llm_url,
        settings.llm_model,
        settings.llm_key,
        timeout_seconds=settings.llm_timeout,
    )


def open_assistant(settings: Settings, embedder: Embedder) -> Assistant:
    """The assistant that the settings describe."""
    model = model_for(settings)
    return Assistant(
        open_store(settings, embedder),
        embedder,
        ranker_for(settings),
        model=model,
        entailment=entailment_for(settings),
        show_unsupported=settings.show_unsupported,
    )


class Assistant:
    """Answers questions from one store. Thread safe. Use as a context manager, or close it.

    With a language `model` it writes its answers, without one it quotes. What is written is held
    to its sources with `entailment`; what they do not support is left out, or shown as such with
    `show_unsupported`.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        ranker: Ranker | None = None,
        *,
        model: LanguageModel | None = None,
        entailment: Entailment | None = None,
        show_unsupported: bool = False,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._ranker = ranker or EvidenceModel()
        self._model = model
        self._entailment = entailment or EntailmentModel()
        self._show_unsupported = show_unsupported

    @classmethod
    def open(cls, store: str | Path | None = None) -> Assistant:
        """The assistant over the store in a folder; by default the one the settings name."""
        flags = {"store": str(store) if store is not None else None}
        settings = read_settings(flags, os.environ)
        return open_assistant(settings, embedder_for(settings))

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
        if self._model is not None:
            self._entailment.score("", [Cited("", "en")])

    @property
    def writer(self) -> str | None:
        """The name of the language model that writes its answers; None where it quotes."""
        return UNSEEN.sub("", self._model.name) if self._model else None

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
        write: bool = True,
    ) -> Answer:
        """The answer to `question`, each sentence with its citations, or an abstention.

        `history` holds the turns before it, oldest first. `id` comes back in the answer.
        `standalone` is the question as it stands alone, where the asker says so: it is
        answered as it is, and the turns are not looked at. Without `write` it is quoted, though
        there be a language model. ValueError for a question without any letter or digit.
        """
        *_, whole = self.stream(
            question, history, filter=filter, standalone=standalone, write=write
        )
        return replace(whole, id=id)

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
        write: bool = True,
    ) -> Iterator[Answer]:
        """The answer as it grows, sentence by sentence; the last snapshot is the whole."""
        started = time.perf_counter()
        model = self._model if write else None
        asked, alone, language = self._read(question, history, standalone, model)
        found, choice = self._find(alone, language, filter)
        retrieved = time.perf_counter()
        composed = _composed(asked, alone, language, choice)
        quoted = replace(composed, trace=trace_of(found, choice))
        writer = None if quoted.abstained else model
        for grown in self._grown(quoted, writer, language, choice):
            seconds = Seconds(retrieved - started, time.perf_counter() - started)
            yield replace(grown, seconds=seconds)

    def _grown(
        self, quoted: Answer, model: LanguageModel | None, language: str, choice: Choice
    ) -> Iterator[Answer]:
        """What the model writes, as it grows; the quoting answer where that comes to nothing."""
        draft = Draft()
        if model is not None:
            for draft in drafts(
                model,
                quoted.standalone_question,
                language,
                choice,
                entailment=self._entailment,
                show_unsupported=self._show_unsupported,
            ):
                if draft.sentences:
                    yield _written(quoted, draft, f"llm:{self.writer}", language)
        if not draft.sentences:
            for count in range(1, len(quoted.sentences)):
                yield _first(quoted, count)
            yield replace(quoted, notice=draft.notice)

    def _read(
        self,
        question: str,
        history: Sequence[Turn],
        standalone: str | None,
        model: LanguageModel | None,
    ) -> tuple[str, str, str]:
        """The question, the question as it stands alone, and the language of that."""
        asked, alone = question.strip(), standalone and standalone.strip()
        for text in (asked,) if alone is None else (asked, alone):
            if not re.search(r"\w", text):
                raise ValueError(f"The question {text!r} has no words; ask it in a sentence.")
        before = [turn.content for turn in history if turn.role == "user"]
        known = tuple(dict.fromkeys((*self._store.languages(), *REFUSALS)))
        language = question_language(alone or asked, before[-1:], among=known)
        if alone is None:
            alone = rewritten(asked, history, language=language, model=model)
        return asked, alone, language

    def _find(
        self, question: str, language: str, filter: Filter | None
    ) -> tuple[tuple[Found, ...], Choice]:
        read = read_question(question, language=language, store=self._store)
        vector = self._embedder.embed_query(question)
        limit = per_language(self._store, filter)
        found = retrieve(self._store, question, vector, filter=filter, limit=limit)
        return found, choose(read, found, ranker=self._ranker)


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


def _written(quoted: Answer, draft: Draft, engine: str, language: str) -> Answer:
    """The answer with what a model wrote in place of the quotes."""
    return replace(
        quoted,
        answer=_text(draft.sentences),
        language=language,
        engine=engine,
        sentences=draft.sentences,
        citations=draft.citations,
        notice=draft.notice,
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
