"""What holds for every document: exact slices, whole sentences, nothing lost, nothing doubled."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.prepare import prepare
from ingest.reading import read
from ingest.tokens import count_tokens
from ingest.view import note_numbers
from vectorstore import Document, Passage, Sentence

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "evals" / "corpus"
SHARED = ROOT.parent / "shared" / "corpus"

# A few sentences hold so many web addresses that their slice is longer than a passage.
MAX_TOKENS = 256
FEW = 0.01
LANGUAGES = {"nato-den-haag-2025": "nl", "navo-battlegroups-oostflank": "nl", "g7-elmau-2022": "fr"}
TOO_MANY_TOKENS = 600
COVERAGE = 0.97
COVERAGE_OF_ALL = 0.999


@dataclass(frozen=True, slots=True)
class Prepared:
    name: str
    document: Document
    passages: tuple[Passage, ...]

    @property
    def sentences(self) -> list[Sentence]:
        return [sentence for passage in self.passages for sentence in passage.sentences]


@pytest.fixture(scope="module", params=(BUNDLED, SHARED), ids=("bundled", "shared"))
def corpus(request: pytest.FixtureRequest) -> list[Prepared]:
    """Every document of one folder, read once."""
    folder: Path = request.param
    if not folder.is_dir() and os.environ.get("CI") != "true":
        pytest.skip(f"The documents of {folder} are not on this machine.")
    files = sorted(folder.rglob("*.*"))
    assert len(files) >= 14, f"{folder} should hold the documents to test with."
    found = []
    for file in files:
        document, passages = prepare(read(file.read_bytes(), file.name), file.name)
        found.append(Prepared(file.name, document, passages))
    return found


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def is_furniture(document: Document) -> bytearray:
    flags = bytearray(len(document.text))
    for start, end, _ in document.furniture:
        flags[start:end] = b"\1" * (end - start)
    return flags


def test_every_passage_is_a_slice_of_its_document(corpus: list[Prepared]) -> None:
    for one in corpus:
        assert one.passages
        for passage in one.passages:
            assert passage.start < passage.end
            assert one.document.text[passage.start : passage.end] == passage.text


def test_passages_are_in_order_apart_and_have_ids_of_their_own(corpus: list[Prepared]) -> None:
    for one in corpus:
        assert all(a.end <= b.start for a, b in pairwise(one.passages)), one.name
    ids = [
        passage.id
        for one in {p.document.id: p for p in corpus}.values()
        for passage in one.passages
    ]
    assert len(ids) == len(set(ids))


def test_no_passage_and_no_sentence_touches_furniture(corpus: list[Prepared]) -> None:
    for one in corpus:
        flags = is_furniture(one.document)
        for passage in one.passages:
            assert not any(flags[passage.start : passage.end]), (one.name, passage.start)
        for sentence in one.sentences:
            assert not any(any(flags[a:b]) for a, b in sentence.spans), (one.name, sentence.start)


def test_passages_are_of_the_size_of_the_model(corpus: list[Prepared]) -> None:
    sizes = [count_tokens(passage.text) for one in corpus for passage in one.passages]
    assert sum(size > MAX_TOKENS for size in sizes) <= FEW * len(sizes)
    assert max(sizes) <= TOO_MANY_TOKENS
    assert sorted(sizes)[len(sizes) // 2] > MAX_TOKENS / 4


def test_every_sentence_starts_in_its_passage(corpus: list[Prepared]) -> None:
    for one in corpus:
        for passage in one.passages:
            for sentence in passage.sentences:
                assert passage.start <= sentence.start < passage.end
                assert sentence.spans[0][1] <= passage.end


def test_the_spans_of_sentences_are_in_order_and_apart(corpus: list[Prepared]) -> None:
    for one in corpus:
        spans = [span for sentence in one.sentences for span in sentence.spans]
        assert all(0 <= a < b <= len(one.document.text) for a, b in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans)), one.name


def test_a_sentence_says_what_stands_at_its_spans(corpus: list[Prepared]) -> None:
    """Letter for letter, but for markup, web addresses in it and the numbers of notes."""
    for one in corpus:
        text, places = one.document.text, note_numbers(one.document.text)
        markup = one.name.endswith((".md", ".txt"))
        for sentence in one.sentences:
            raw = "".join(
                text[i] for a, b in sentence.spans for i in range(a, b) if i not in places
            )
            if markup:
                raw = re.sub(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)", r"\1", raw)
                raw = re.sub(r"\]\((?:[^()]|\([^()]*\))*\)", "", raw)
                raw = re.sub(r"</?[a-zA-Z][^<>]*>|\[\^[^\]]*\]", "", raw)
            assert letters(sentence.text) == letters(raw), (one.name, sentence.start)


def test_every_lead_is_an_earlier_sentence(corpus: list[Prepared]) -> None:
    for one in corpus:
        starts = {sentence.start for sentence in one.sentences}
        for sentence in one.sentences:
            assert sentence.lead is None or (
                sentence.lead in starts and sentence.lead < sentence.start
            )


def test_nothing_that_is_the_documents_own_is_lost(corpus: list[Prepared]) -> None:
    shares, lost, whole = [], 0, 0
    for one in corpus:
        text, flags = one.document.text, is_furniture(one.document)
        for passage in one.passages:
            flags[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
        for sentence in one.sentences:
            for a, b in sentence.spans:
                flags[a:b] = b"\1" * (b - a)
        left = re.sub(
            r"\([^()\s]*\)|<[^<>]*>|\S*(?:://|@)\S*",
            "",
            "".join(
                " " if flag else character for flag, character in zip(flags, text, strict=True)
            ),
        )
        own = sum(c.isalnum() for c in text)
        shares.append((1 - len(letters(left)) / own, one.name, left.split()))
        lost, whole = lost + len(letters(left)), whole + own
    worst = sorted(shares)[:3]
    assert worst[0][0] >= COVERAGE, worst
    assert 1 - lost / whole >= COVERAGE_OF_ALL, worst


def test_most_of_the_text_is_not_furniture(corpus: list[Prepared]) -> None:
    """Front matter and HTML that shows no words aside."""
    kept = []
    for one in corpus:
        sizes = {"hidden": 0, "shown": 0}
        for start, end, kind in one.document.furniture:
            hidden = kind in ("front matter", "hidden HTML")
            sizes["hidden" if hidden else "shown"] += end - start
        kept.append((1 - sizes["shown"] / (len(one.document.text) - sizes["hidden"]), one.name))
    assert min(kept)[0] > 0.8, sorted(kept)[:3]
    assert sorted(kept)[len(kept) // 2][0] > 0.99


def test_metadata_of_the_bundled_documents() -> None:
    for file in sorted(BUNDLED.iterdir()):
        document, _ = prepare(read(file.read_bytes(), file.name), file.name)
        assert len(document.title) > 15
        assert document.date is not None, file.name
        assert document.language == {"na": "nl", "g7-elmau-2022": "fr"}.get(
            file.stem, document.language
        )
