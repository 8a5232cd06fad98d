"""The entailment model: what it is shown, and whether the shipped one tells right from wrong."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from assistant.check import Cited
from assistant.entailment import CLAIM, SOURCE, WHOLE, EntailmentModel, encode_claim
from assistant.ranker import END, START, UNREAD
from evals.training.claims import read

SAMPLE = Path(__file__).parents[2] / "evals" / "training" / "claims-sample.jsonl"


def one_token_a_letter(text):
    return [ord(letter) for letter in text]


def source(text, title="t", speaker=None):
    return Cited(text, "en", title=title, speaker=speaker)


@pytest.fixture(scope="module")
def model():
    return EntailmentModel()


def test_sources_stand_under_what_they_belong_to():
    given = [source("ab"), source("c", speaker="d"), source("e", title="u")]
    encoded = encode_claim("q", given, one_token_a_letter)
    said = [*map(ord, "d: c")]
    assert encoded.ids == (
        *(START, 113, END, 116, END, 97, 98, END, *said, END),
        *(117, END, 101, END),
    )
    owned = [i for owner, i in zip(encoded.owners, encoded.ids, strict=True) if owner == 0]
    assert owned == [97, 98, *said, 101]


def test_what_does_not_fit_is_not_read():
    long = encode_claim("q", [source("x" * (SOURCE + 9))], one_token_a_letter)
    assert long.owners.count(0) == SOURCE
    many = encode_claim("q", [source("x" * 99)] * 9, one_token_a_letter)
    assert len(many.ids) <= WHOLE
    claim = encode_claim("q" * (CLAIM + 1), [source("x")], one_token_a_letter)
    assert 0 not in claim.owners


def test_a_sentence_that_cannot_be_read_is_not_said(model):
    assert model.score("word " * 400, [source("word")]) == UNREAD
    assert model.score("Norland pays.", []) == UNREAD


PLEDGE = source(
    "Norland will lend Sudland 40 million crowns for two ports by 2026.", "Ports summit, May 2023"
)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            "Sudland will get a loan of 40 million crowns from Norland.",
            "Norland will get a loan of 40 million crowns from Sudland.",
        ),
        (
            "By 2026 Norland will lend Sudland 40 million crowns for two ports.",
            "From 2026 Norland will lend Sudland 40 million crowns for each port.",
        ),
        (
            "Norland leent Sudland 40 miljoen kronen voor twee havens.",
            "Sudland leent Norland 40 miljoen kronen voor twee havens.",
        ),
    ],
)
def test_the_shipped_model_reads_who_does_what(model, right, wrong):
    assert model.score(right, [PLEDGE]) > model.score(wrong, [PLEDGE])


def test_the_shipped_model_keeps_its_figure_on_the_sample(model):
    """A change of the files, of what they are shown or of how it is cut shows here."""
    pairs = [
        (claim.ok, model.score(claim.text, [block.sources[n] for n in claim.cites]))
        for block in islice(read(SAMPLE), 40)
        for claim in block.claims
    ]
    right = np.array([score for ok, score in pairs if ok])
    wrong = np.array([score for ok, score in pairs if not ok])
    area = (right[:, None] > wrong).mean()
    assert len(pairs) == 480
    assert area >= 0.82
    assert (wrong >= model.sure).mean() <= 0.1
