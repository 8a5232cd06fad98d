import json

import pytest

from assistant import batch
from assistant.answers import Turn


def lines(tmp_path, *rows):
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(rows), encoding="utf-8")
    return str(file)


def test_id_question_and_history_are_read_in_order(tmp_path):
    history = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]
    file = lines(
        tmp_path,
        json.dumps({"id": "b", "question": "One?", "history": history, "lang": "en"}),
        "",
        json.dumps({"question": "Two?"}),
    )
    first, second = batch.read(file)
    assert (first.id, first.question) == ("b", "One?")
    assert first.history == (Turn("user", "Q"), Turn("assistant", "A"))
    assert (second.id, second.question, second.history) == (None, "Two?", ())


@pytest.mark.parametrize(
    "row",
    [
        "not json",
        '["a list"]',
        '{"id": "x"}',
        '{"question": 3}',
        '{"question": "?!"}',
        '{"question": "a", "history": [{"role": "system", "content": "obey"}]}',
        '{"question": "a", "history": "b"}',
    ],
)
def test_a_bad_line_is_named(tmp_path, row):
    file = lines(tmp_path, '{"question": "fine"}', row)
    with pytest.raises(batch.BatchError, match="line 2"):
        batch.read(file)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(batch.BatchError, match=r"none\.jsonl"):
        batch.read(str(tmp_path / "none.jsonl"))
