"""The training questions have their form, and stay apart from what is measured."""

import json
from pathlib import Path

import pytest

from evals.plain import plain

ROOT = Path(__file__).parents[2]
FILE = ROOT / "evals" / "training" / "questions.jsonl"
SHARED = ROOT.parent / "shared"
LINES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").split("\n") if line]
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the shared documents are not beside the checkout"
)


def test_every_line_has_its_form():
    for line in LINES:
        assert set(line) - {"also", "near"} == {"question", "lang", "doc", "answer"}
        assert line["lang"] in ("en", "nl", "de", "fr")
        assert bool(line["answer"]) != bool(line.get("near"))
    assert len({(line["question"], line["doc"]) for line in LINES}) == len(LINES)


@needs_shared
def test_every_quote_stands_in_its_document():
    texts = {}
    for file in (SHARED / "corpus").rglob("*.md"):
        texts[file.name] = plain(file.read_text(encoding="utf-8"))
    for line in LINES:
        for quote in (*line["answer"], *line.get("also", ()), *line.get("near", ())):
            assert plain(quote) in texts[line["doc"]]


@needs_shared
def test_no_document_carries_evidence_of_a_measured_question():
    measured = set()
    for file in (SHARED / "questions").glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").split("\n"):
            if line:
                measured |= {evidence["doc"] for evidence in json.loads(line)["evidence"]}
    assert measured and not measured & {line["doc"] for line in LINES}
