import json
from dataclasses import replace

import pytest
from eval_samples import question, small_store, unanswerable

from evals.baselines import Bm25Engine
from evals.gold import Library
from evals.run import RunError, answer_all, new_folder, read_parts, write_records

FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
ASKED = (
    question("40 billion", evidence=[FORTY], question="How much for Ukraine in 2024?", id="a"),
    unanswerable(question="Submarine weight?", id="b"),
)


@pytest.fixture
def records(tmp_path):
    with small_store(tmp_path / "store") as (store, _):
        library = Library(store)
        seen = []
        made = answer_all(
            Bm25Engine(store, library), ASKED, library, report=lambda *at: seen.append(at)
        )
        assert seen == [(1, 2), (2, 2)]
        yield made


def test_a_record_has_the_answer_its_score_and_its_ranking(records):
    found, refused = records
    assert found.answer.id == found.score.id == "a"
    assert found.score.right
    assert found.answer.seconds.total > 0
    assert found.parts["reciprocal rank"] == (1.0, 1.0)
    assert refused.answer.abstained
    assert refused.parts["reciprocal rank"] == (0.0, 0.0)


def test_what_is_written_is_read_again(records, tmp_path):
    write_records(tmp_path, "bm25", records)
    lines = [json.loads(line) for line in (tmp_path / "bm25.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == ["a", "b"]
    assert lines[0]["score"]["reasons"] == ["Every fact is in the answer and cited."]
    assert lines[0]["question"]["evidence"] == [{"doc": FORTY[0], "quote": FORTY[1]}]
    assert read_parts(tmp_path, "bm25") == {r.question.id: r.parts for r in records}


def test_an_answer_with_a_line_separator_stays_one_line(records, tmp_path):
    odd = replace(records[0], answer=replace(records[0].answer, answer="one\u2028two"))
    write_records(tmp_path, "bm25", [odd])
    assert set(read_parts(tmp_path, "bm25")) == {"a"}


def test_runs_do_not_overwrite_each_other(tmp_path):
    folders = {new_folder(tmp_path / "runs") for _ in range(3)}
    assert len(folders) == 3
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(RunError, match="cannot be made"):
        new_folder(blocked)


@pytest.mark.parametrize("text", [None, "{", '{"id": "a"}'])
def test_what_is_not_a_run_is_named(tmp_path, text):
    if text is not None:
        (tmp_path / "bm25.jsonl").write_text(text)
    with pytest.raises(RunError, match="is not a run with the engine 'bm25'"):
        read_parts(tmp_path, "bm25")
