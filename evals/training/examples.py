"""Training examples from our own questions, with hard negatives from the assistant's retrieval.

    python -m evals.training.examples --store STORE --to EXAMPLES.jsonl

The questions are those of `questions.jsonl` whose document is in the store. A question's
negatives are the other sentences of its passages, and passages that retrieval finds for it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.ranker import reading
from assistant.retrieve import Found, retrieve
from evals.gold import Library
from evals.plain import plain, same_words
from evals.training.shapes import ANSWERS, NO_ANSWER, UNKNOWN, Example, Labelled, write
from vectorstore import Document, Embedder, Passage, Span, Store
from vectorstore.embedding import SentenceTransformerEmbedder

QUESTIONS = Path(__file__).parent / "questions.jsonl"
# Of a question's own passages at most so many, and of the retrieved ones.
OWN, SIBLINGS, OTHERS = 3, 2, 5
# A sentence elsewhere that shares so much of an answer's words may answer as well.
ALIKE = 0.7


@dataclass(frozen=True)
class _Asked:
    """A question and where, in the original text of its document, its sentences stand."""

    question: str
    document: Document
    answers: tuple[Span, ...]
    near: tuple[Span, ...]
    words: tuple[frozenset[str], ...]


def examples(
    store: Store, embedder: Embedder, questions: Sequence[Mapping[str, Any]]
) -> Iterator[Example]:
    """One example a question whose document is in the store and whose sentences are in passages."""
    library = Library(store)
    for question in questions:
        for document_id in library.named(question["doc"])[:1]:
            asked = _asked(question, document_id, library)
            example = _example(asked, store, embedder)
            if example.passages:
                yield example


def _asked(question: Mapping[str, Any], document_id: str, library: Library) -> _Asked:
    answers = [*question["answer"], *question.get("also", [])]
    text = library.plain(document_id)

    def places(quotes: Sequence[str]) -> tuple[Span, ...]:
        return tuple(text.original(span) for quote in quotes for span in text.find(plain(quote)))

    return _Asked(
        question["question"],
        library.document(document_id),
        places(answers),
        places(question.get("near", [])),
        tuple(_words(answer) for answer in answers),
    )


def _example(asked: _Asked, store: Store, embedder: Embedder) -> Example:
    wanted = asked.answers or asked.near
    own = [
        passage
        for passage in store.passages_of(asked.document.id)
        if any(_holds(sentence_span, wanted) for sentence_span in _spans(passage))
    ][:OWN]
    if not asked.answers:
        # What else is found may answer it: only what was read is known not to.
        return Example(asked.question, tuple(_labelled(asked, asked.document, p) for p in own))
    found = retrieve(store, asked.question, embedder.embed_query(asked.question))
    return Example(
        asked.question,
        tuple(_labelled(asked, asked.document, passage) for passage in own),
        tuple(_labelled(asked, f.document, f.passage) for f in _others(asked, found, own)),
    )


def _others(asked: _Asked, found: Sequence[Found], own: Sequence[Passage]) -> list[Found]:
    known = {passage.id for passage in own}
    new = [f for f in found if f.passage.id not in known]
    same = [f for f in new if f.document.id == asked.document.id]
    other = [f for f in new if f.document.id != asked.document.id]
    return same[:SIBLINGS] + sorted(other, key=lambda f: -f.fused)[:OTHERS]


def _labelled(asked: _Asked, document: Document, passage: Passage) -> Labelled:
    own = document.id == asked.document.id
    labels = [
        _own_label(asked, (s.start, s.end)) if own else _other_label(asked, s.text)
        for s in passage.sentences
    ]
    return Labelled(reading(document, passage), tuple(labels))


def _own_label(asked: _Asked, span: Span) -> int:
    return ANSWERS if _holds(span, asked.answers) else NO_ANSWER


def _other_label(asked: _Asked, sentence: str) -> int:
    said = _words(sentence)
    alike = any(
        len(said & answer) >= ALIKE * min(len(said), len(answer))
        and min(len(said), len(answer)) > 3
        for answer in asked.words
    )
    return UNKNOWN if alike else NO_ANSWER


def _holds(span: Span, wanted: Sequence[Span]) -> bool:
    return any(same_words(span, place) for place in wanted)


def _spans(passage: Passage) -> list[Span]:
    return [(sentence.start, sentence.end) for sentence in passage.sentences]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the examples of a store's questions."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.examples")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    given = parser.parse_args(argv)
    questions = [json.loads(line) for line in given.questions.read_text("utf-8").splitlines()]
    embedder = SentenceTransformerEmbedder()
    store = Store.open(given.store, embedder=embedder)
    count = write(examples(store, embedder, questions), given.to)
    store.close()
    print(f"{count} examples of {len(questions)} questions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
