"""Two small documents in a store, and questions and answers about them, for the evals' tests."""

from contextlib import contextmanager
from dataclasses import replace

from store_samples import BagEmbedder, document, put

from assistant import Answer, Seconds, Sentence
from assistant.compose import cite
from evals.gold import Library
from evals.questions import Evidence, Question
from vectorstore import Store

PLEDGES = (
    "Allies pledged EUR 40 billion for Ukraine in 2024. The Netherlands pledged EUR 3 billion.\n"
    "The summit was held in Washington. It ended on 11 July 2024.\n"
    "Sweden became the thirty-second Ally. Nobody named a sum for Moldova.\n"
)
EARLIER = (
    "Allies pledged EUR 500 million for Ukraine in 2023. The summit was held in Vilnius.\n"
    "Finland became the thirty-first Ally.\n"
)


@contextmanager
def small_store(folder):
    """A store with the two documents, `pledges.md` and `earlier.md`, and its embedder."""
    embedder = BagEmbedder()
    with Store.open(folder, embedder=embedder, mode="write") as store:
        put(store, document(PLEDGES, title="Washington"), "/docs/pledges.md")
        put(store, document(EARLIER, title="Vilnius", date="2023-07-12"), "/docs/earlier.md")
        yield store, embedder


@contextmanager
def small_library(folder):
    """The documents of that store."""
    with small_store(folder) as (store, _):
        yield Library(store)


def question(*facts, evidence, kind="fact", **fields):
    """An answerable question; each fact a tuple of spellings, evidence (doc, quote) pairs."""
    made = Question(
        id="q-1",
        question="What was agreed?",
        lang="en",
        kind=kind,
        answerable=True,
        facts=tuple((fact,) if isinstance(fact, str) else fact for fact in facts),
        evidence=tuple(Evidence(doc, quote) for doc, quote in evidence),
        note="",
    )
    return replace(made, **fields)


def unanswerable(**fields):
    """A question that the documents do not answer."""
    made = question(evidence=[], kind="unanswerable")
    return replace(made, answerable=False, facts=(), evidence=(), **fields)


def answered(library, *sentences, confidence=None):
    """An answer of (text, quotes) sentences; a quote is (document's name, words in it)."""
    numbers, citations, made = {}, [], []
    for text, quotes in sentences:
        used = []
        for name, words in quotes:
            of = library.document(library.named(name)[0])
            start = of.text.index(words)
            key = (of.id, start, words)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                citations.append(cite(numbers[key], of, (start, start + len(words))))
            used.append(numbers[key])
        made.append(Sentence(text, tuple(used)))
    return Answer(
        question="What was agreed?",
        standalone_question="What was agreed?",
        answer=" ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in made),
        abstained=False,
        language="en",
        engine="sample",
        sentences=tuple(made),
        citations=tuple(citations),
        seconds=Seconds(0.1, 0.2),
        confidence=confidence,
    )


def refused():
    """A refusal."""
    return Answer(
        question="What was agreed?",
        standalone_question="What was agreed?",
        answer="The documents do not answer this.",
        abstained=True,
        language="en",
        engine="sample",
        sentences=(),
        citations=(),
        seconds=Seconds(0.1, 0.2),
    )
