"""Answers in the JSON that the published evaluation of ALCE reads (`eval.py --f FILE`).

Gao, Yen, Yu and Chen 2023 (arXiv 2305.14627), https://github.com/princeton-nlp/ALCE.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant import Answer
from evals.run import Record, RunError
from ingest.words import sentence_spans

__all__ = ["write_alce"]

# "[12" is a citation to the script, wherever it stands.
LIKE_MARKER = re.compile(r"\[(\d+)\]?")
# What ends a sentence, and what may stand behind it.
ENDING = re.compile(r"[.!?…]+[\s\"'”’»)\]]*$")
HALF_ENDING = " ,;:"


def write_alce(file: Path, records: Sequence[Record]) -> int:
    """Writes the answers to the answerable questions, in their order; gives how many.

    Each has `id`, `question`, `answer` (the gold evidence), `qa_pairs` (one for each fact),
    `output` and `docs` (the quotes; [n] in `output` is the n-th). As the script would have it,
    `output` is one line and its markers stand before the full stop, in every sentence of a
    longer quote. A refusal has the output "", which does not bear on citations and has no
    fact. Questions without an answer have no place in ALCE: the mean over their facts would
    be NaN, and with it the whole figure. RunError where no answerable question is left, or
    the file cannot be written.

    The script's figures differ from ours where it cuts sentences in other places, and
    where a sentence has more than the three citations that it looks at unless it is told
    `--at_most_citations`. A file with "qampari" in its path is scored as another data set.
    """
    items = [_item(record) for record in records if record.question.answerable]
    if not items:
        raise RunError(
            "ALCE's evaluation is of answerable questions, and none was asked; choose others."
        )
    try:
        # ASCII, as the script opens the file in the encoding of its own system.
        file.write_text(json.dumps({"data": items}, indent=1) + "\n", encoding="ascii")
    except OSError as error:
        raise RunError(f"{str(file)!r} cannot be written ({error}); name another.") from error
    return len(items)


def _item(record: Record) -> dict[str, Any]:
    question, answer = record.question, record.answer
    return {
        "id": question.id,
        "question": answer.standalone_question,
        "answer": " ".join(dict.fromkeys(evidence.quote for evidence in question.evidence)),
        "qa_pairs": [
            {"question": answer.standalone_question, "short_answers": list(variants)}
            for variants in question.facts
        ],
        "output": "" if answer.abstained else " ".join(_marked(answer)),
        "docs": [{"title": c.title, "text": c.quote} for c in answer.citations],
    }


def _marked(answer: Answer) -> Iterator[str]:
    """The sentences of an answer, with markers as ALCE writes them."""
    places = {citation.number: n for n, citation in enumerate(answer.citations, start=1)}
    for sentence in answer.sentences:
        numbers = [places[number] for number in sentence.citations if number in places]
        markers = "".join(f"[{n}]" for n in numbers)
        text = LIKE_MARKER.sub(r"(\1)", " ".join(sentence.text.split()))
        for start, end in sentence_spans(text, "en"):  # as the script does in any language
            yield _with(text[start:end], markers)


def _with(text: str, markers: str) -> str:
    """A sentence that ends in a full stop, its markers before it."""
    found = ENDING.search(text)
    body = text[: found.start()] if found else text.rstrip(HALF_ENDING)
    ending = found.group() if found else "."
    return f"{body} {markers}{ending}" if markers else f"{body}{ending}"
