"""Training examples from public question-answering data with free licences.

    python -m evals.training.public FOLDER --to EXAMPLES.jsonl

SelQA (Jurczyk et al. 2016) marks sentences; PolicyQA (Ahmad et al. 2020), COVID-QA (Möller
et al. 2020) and XQuAD (Artetxe et al. 2020) mark a span in SQuAD's form: the sentence in
which an answer starts is the one that answers. XQuAD's languages are parallel, so that a
question in one goes with a paragraph in another.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.ranker import Reading
from evals.training.shapes import ANSWERS, NO_ANSWER, Example, Labelled, write
from ingest.words import sentence_spans

# Sentences a passage; one question in so many is shown without its answer.
WINDOW, UNANSWERED = 10, 7
# Of so many other passages of an article those are kept that share most words with a question.
LOOKED_AT, KEPT = 6, 2
# File, language of its paragraphs, whose questions (its own if None), and at most how many.
SQUAD = (
    ("policyqa_test.json", "en", None, 1500),
    ("policyqa_dev.json", "en", None, 1000),
    ("covid_qa.json", "en", None, 1400),
    ("xquad_en.json", "en", None, 1200),
    ("xquad_en.json", "en", "xquad_de.json", 700),
    ("xquad_de.json", "de", "xquad_en.json", 700),
    ("xquad_es.json", "es", "xquad_en.json", 300),
)


@dataclass(frozen=True, slots=True)
class _Window:
    """Some sentences of a paragraph: their places in it and their words."""

    paragraph: int
    starts: tuple[int, ...]
    shown: Reading


def examples(folder: Path, rng: random.Random) -> list[Example]:
    """The examples of all files, shuffled."""
    made = list(_selqa(folder))
    for name, language, questions, most in SQUAD:
        asked = _questions(folder / questions) if questions else {}
        articles = _json(folder / name)["data"]
        of_file = [e for article in articles for e in _squad(article, language, asked, rng)]
        made += rng.sample(of_file, min(most, len(of_file)))
    rng.shuffle(made)
    return [_unanswered(one) if n % UNANSWERED == 0 else one for n, one in enumerate(made)]


def _unanswered(example: Example) -> Example:
    """The question with passages that do not answer it, where there are any."""
    return Example(example.question, example.others) if example.others else example


def _selqa(folder: Path) -> Iterator[Example]:
    for name in ("selqa_dev.json", "selqa_test.json"):
        for item in _json(folder / name):
            if item["answers"]:
                first = max(0, item["answers"][0] - WINDOW // 2)
                sentences = item["candidates"][first : first + WINDOW]
                shown = Reading(f"{item['article']} | {item['section']}", tuple(sentences))
                numbers = range(first, first + len(sentences))
                labels = [ANSWERS if n in item["answers"] else NO_ANSWER for n in numbers]
                yield Example(item["question"], (Labelled(shown, tuple(labels)),))


def _squad(
    article: Mapping[str, Any], language: str, asked: Mapping[str, str], rng: random.Random
) -> Iterator[Example]:
    windows = list(_windows(article, language))
    for number, paragraph in enumerate(article["paragraphs"]):
        own = [window for window in windows if window.paragraph == number]
        for item in paragraph["qas"]:
            answers = [answer["answer_start"] for answer in item["answers"]]
            holding = next((w for w in own if ANSWERS in _labels(w, answers)), None)
            if holding is None or item.get("is_impossible"):
                continue
            question = asked.get(item["id"], item["question"])
            some = rng.sample(windows, min(LOOKED_AT, len(windows)))
            others = [window for window in some if window.paragraph != number]
            others.sort(key=lambda window: -_shared(question, window))
            yield Example(
                question,
                (Labelled(holding.shown, _labels(holding, answers)),),
                tuple(Labelled(w.shown, _labels(w, ())) for w in others[:KEPT]),
            )


def _windows(article: Mapping[str, Any], language: str) -> Iterator[_Window]:
    for number, paragraph in enumerate(article["paragraphs"]):
        text = paragraph["context"]
        spans = sentence_spans(text, language)
        for at in range(0, len(spans), WINDOW):
            some = spans[at : at + WINDOW]
            sentences = tuple(" ".join(text[start:end].split()) for start, end in some)
            shown = Reading(article.get("title") or "", sentences)
            # the last start is where the window ends
            yield _Window(number, (*(start for start, _ in some), some[-1][1]), shown)


def _labels(window: _Window, answers: Sequence[int]) -> tuple[int, ...]:
    starts = window.starts
    return tuple(
        ANSWERS if any(starts[n] <= at < starts[n + 1] for at in answers) else NO_ANSWER
        for n in range(len(starts) - 1)
    )


def _shared(question: str, window: _Window) -> int:
    return len(_words(question) & _words(" ".join(window.shown.sentences)))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _questions(file: Path) -> dict[str, str]:
    paragraphs = (p for article in _json(file)["data"] for p in article["paragraphs"])
    return {item["id"]: item["question"] for p in paragraphs for item in p["qas"]}


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def main(argv: Sequence[str] | None = None) -> int:
    """Writes the examples of a folder of public data."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.public")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    count = write(examples(given.folder, random.Random(given.seed)), given.to)
    print(f"{count} examples")
    return 0


if __name__ == "__main__":
    sys.exit(main())
