"""Freely worded sentences: their file, and how they are counted."""

import json

import pytest

from assistant.check import Cited
from assistant.entailment import EntailmentModel
from evals.claims import FILES, Count, measure, read_claims
from evals.cli import main
from evals.questions import QuestionsError


class Stub:
    """Holds to be said whatever is the source's own text."""

    sure, likely, unlikely = 1.0, 0.0, 0.0

    def score(self, claim, sources):
        words = [source.text for source in sources]
        return 2.0 if claim in words else 0.5 if claim.casefold() in words else -1.0


def source(text, lang="en"):
    return {"text": text, "lang": lang, "title": "t", "date": None, "headings": [], "speaker": None}


def line(text, *sources, context=(), kind="answer", lang="en"):
    given = {"kind": kind, "text": text, "lang": lang, "sources": sources, "context": context}
    return json.dumps(given)


def test_counts_are_by_kind_and_by_whether_another_language_is_cited(tmp_path):
    file = tmp_path / "claims.jsonl"
    file.write_text(
        "\n".join(
            [
                line("the ports opened", source("the ports opened")),
                line("The ports opened", source("the ports opened")),
                line("the ports closed", source("the ports opened"), kind="wrong"),
                line("the ports opened", source("de havens gingen open", "nl")),
                line("they met", source("so it was"), context=[source("they met")]),
            ]
        ),
        encoding="utf-8",
    )
    assert list(measure(read_claims(file), Stub())) == [
        Count("answer", False, 2, 1, 3),
        Count("answer", True, 0, 0, 1),
        Count("wrong", False, 0, 0, 1),
    ]


@pytest.mark.parametrize("wrong", ["{", "[]", '{"text": "a"}'])
def test_a_line_that_is_none_is_named(tmp_path, wrong, capsys):
    file = tmp_path / "claims.jsonl"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(QuestionsError, match=r"Line 1 of .*claims.jsonl"):
        read_claims(file)
    assert main(["claims", str(file)]) == 2
    assert main(["claims", str(tmp_path / "none.jsonl")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_more_than_half_of_what_a_good_model_writes_stands_and_little_that_is_wrong():
    """A floor under the figures in `evals/EXPERIMENTS.md`, on half of the sentences."""
    model, every = EntailmentModel(), read_claims(FILES[0])[::2]
    counts = {count.kind: count for count in measure(every, model) if not count.foreign}
    answers, wrong = counts["answer"], counts["wrong"]
    assert answers.supported >= 0.5 * answers.total
    assert answers.supported + answers.partly >= 0.6 * answers.total
    assert wrong.supported <= 0.1 * wrong.total


def test_sources_keep_what_they_belong_to():
    (first, *_) = read_claims(FILES[1])
    assert isinstance(first.sources[0], Cited)
    assert first.sources[0].title and first.sources[0].date
