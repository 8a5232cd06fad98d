"""Checks a file of questions: its form, its gold evidence in the store, its two halves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from evals.gold import Library
from evals.plain import plain
from evals.questions import (
    KINDS,
    SPLITS,
    Question,
    QuestionsError,
    lines_of,
    parse_question,
)

__all__ = ["check", "check_question", "counts"]

# A longer spelling would be found in one wording only.
LONGEST = 60
# Kinds whose questions may have no answer in the documents.
WITHOUT_ANSWER = ("unanswerable", "false-premise")


def check(file: Path, library: Library) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """The questions that have the form, and every problem found, in the order of the file."""
    questions: list[Question] = []
    problems: list[str] = []
    for line, where in lines_of(file):
        try:
            question = parse_question(line, where)
        except QuestionsError as error:
            problems.append(str(error))
            continue
        questions.append(question)
        problems += [f"{where} ({question.id}): {p}" for p in check_question(question, library)]
    problems += _repeated(questions)
    problems += _halves(questions)
    return tuple(questions), tuple(problems)


def counts(questions: Sequence[Question]) -> dict[str, dict[str, int]]:
    """How many questions there are of each kind, language, split and document."""
    return {
        "kind": dict(Counter(q.kind for q in questions).most_common()),
        "lang": dict(Counter(q.lang for q in questions).most_common()),
        "split": dict(Counter(q.split or "none" for q in questions).most_common()),
        "doc": dict(
            Counter(doc for q in questions for doc in {e.doc for e in q.evidence}).most_common()
        ),
    }


def check_question(question: Question, library: Library) -> Iterator[str]:
    """What is wrong with one question, in words; nothing where all is well."""
    if question.kind not in KINDS:
        yield f"there is no kind {question.kind!r}; choose from {', '.join(KINDS)}."
    if not re.fullmatch("[a-z]{2}", question.lang):
        yield f"the language {question.lang!r} is no ISO 639-1 code, like 'en'."
    if question.split not in (None, *SPLITS):
        yield f"the split {question.split!r} is neither 'dev' nor 'test'."
    yield from _check_answerable(question)
    yield from _check_evidence(question, library)
    yield from _check_history(question)
    yield from _check_facts(question)


def _check_answerable(question: Question) -> Iterator[str]:
    given = bool(question.facts), bool(question.evidence)
    if question.answerable and given != (True, True):
        yield "it is answerable, so it needs facts and evidence: unfinished."
    if not question.answerable and given != (False, False):
        yield "it is not answerable, so it can have neither facts nor evidence."
    if question.answerable and question.kind == "unanswerable":
        yield "its kind is 'unanswerable', but it is said to be answerable."
    if not question.answerable and question.kind not in WITHOUT_ANSWER:
        yield f"a question of the kind {question.kind!r} has to be answerable."


def _check_evidence(question: Question, library: Library) -> Iterator[str]:
    for evidence in question.evidence:
        documents = library.named(evidence.doc)
        if not documents:
            yield f"no document in the store is called {evidence.doc!r}."
        elif not any(library.plain(d).find(plain(evidence.quote)) for d in documents):
            yield f"{evidence.doc!r} does not have these words: {evidence.quote[:80]!r}."
    if len(set(question.evidence)) < len(question.evidence):
        yield "it gives the same evidence twice."
    if question.kind == "multi-doc" and len({e.doc for e in question.evidence}) < 2:
        yield "its kind is 'multi-doc', but its evidence is from one document."


def _check_history(question: Question) -> Iterator[str]:
    roles = [turn.role for turn in question.history]
    if question.kind == "follow-up" and not roles:
        yield "a follow-up needs the turns before it under 'history'."
    if question.kind != "follow-up" and roles:
        yield "only a follow-up can have a history."
    if roles != ["user", "assistant"] * (len(roles) // 2):
        yield "its history has to alternate user and assistant, and to end with the assistant."


def _check_facts(question: Question) -> Iterator[str]:
    proofs = [plain(evidence.quote) for evidence in question.evidence]
    before = [plain(question.question), *(plain(turn.content) for turn in question.history)]
    for variants in question.facts:
        if not variants:
            yield "one of its facts has no spelling."
            continue
        forms = [plain(variant) for variant in variants]
        if len(set(forms)) < len(forms):
            yield f"the fact {variants[0]!r} has a spelling twice."
        if proofs and not any(form in proof for form in forms for proof in proofs):
            yield f"no spelling of the fact {variants[0]!r} stands in the evidence."
        for variant, form in zip(variants, forms, strict=True):
            if len(variant) > LONGEST:
                yield f"the spelling {variant!r} is longer than {LONGEST} characters."
            if any(form in text for text in before):
                yield f"the spelling {variant!r} stands in the question or its history already."


def _repeated(questions: Sequence[Question]) -> Iterator[str]:
    for name, count in Counter(question.id for question in questions).items():
        if count > 1:
            yield f"{count} questions have the id {name!r}."
    asked = Counter((plain(question.question), question.history) for question in questions)
    for (text, _), count in asked.items():
        if count > 1:
            yield f"the question {text!r} is asked {count} times."


def _halves(questions: Sequence[Question]) -> Iterator[str]:
    """Where questions are split, of every kind nearly as many are for tuning as for reporting."""
    if not any(question.split for question in questions):
        return
    if not all(question.split for question in questions):
        yield "some questions have a split and others have none; give it to all or to none."
    for kind in KINDS:
        dev, test = (
            sum(q.kind == kind and q.split == split for q in questions) for split in SPLITS
        )
        if abs(dev - test) > 1:
            yield f"of the kind {kind!r}, {dev} questions are for dev and {test} for test."
