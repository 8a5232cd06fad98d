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
from collections.abc import Iterator, Mapping, Sequence, Set
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
    """A question on one document, and where in its original text the sentences stand."""

    question: str
    document: Document
    answers: tuple[Span, ...]
    near: tuple[Span, ...]
    words: tuple[frozenset[str], ...]


def examples(
    store: Store, embedder: Embedder, questions: Sequence[Mapping[str, Any]]
) -> Iterator[Example]:
    """One example a question whose documents are in the store and whose sentences in passages.

    Lines with the same question are one: what several documents answer together, or one
    does and another seems to.
    """
    library = Library(store)
    together: dict[str, list[_Asked]] = {}
    for question in questions:
        for document_id in library.named(question["doc"])[:1]:
            asked = _asked(question, document_id, library)
            together.setdefault(asked.question, []).append(asked)
    for group in together.values():
        example = _example(group, store, embedder)
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


def _example(group: Sequence[_Asked], store: Store, embedder: Embedder) -> Example:
    question = group[0].question
    own = [(asked, passage) for asked in group for passage in _own(asked, store)]
    shown = tuple(_labelled(group, asked.document, passage) for asked, passage in own)
    if not any(asked.answers for asked in group):
        # What else is found may answer it: only what was read is known not to.
        return Example(question, shown)
    found = retrieve(store, question, embedder.embed_query(question))
    others = _others(group, found, {passage.id for _, passage in own})
    return Example(question, shown, tuple(_labelled(group, f.document, f.passage) for f in others))


def _own(asked: _Asked, store: Store) -> list[Passage]:
    wanted = asked.answers or asked.near
    return [
        passage
        for passage in store.passages_of(asked.document.id)
        if any(_holds(span, wanted) for span in _spans(passage))
    ][:OWN]


def _others(group: Sequence[_Asked], found: Sequence[Found], own: Set[str]) -> list[Found]:
    documents = {asked.document.id for asked in group}
    new = [f for f in found if f.passage.id not in own]
    same = [f for f in new if f.document.id in documents]
    other = [f for f in new if f.document.id not in documents]
    return same[:SIBLINGS] + sorted(other, key=lambda f: -f.fused)[:OTHERS]


def _labelled(group: Sequence[_Asked], document: Document, passage: Passage) -> Labelled:
    known = [asked for asked in group if asked.document.id == document.id]
    answers = [span for asked in known for span in asked.answers]
    words = [answer for asked in group for answer in asked.words]
    labels = [
        _own_label((s.start, s.end), answers) if known else _other_label(s.text, words)
        for s in passage.sentences
    ]
    return Labelled(reading(document, passage), tuple(labels))


def _own_label(span: Span, answers: Sequence[Span]) -> int:
    return ANSWERS if _holds(span, answers) else NO_ANSWER


def _other_label(sentence: str, answers: Sequence[frozenset[str]]) -> int:
    said = _words(sentence)
    alike = any(
        len(said & answer) >= ALIKE * min(len(said), len(answer))
        and min(len(said), len(answer)) > 3
        for answer in answers
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
