import json
from dataclasses import replace
from multiprocessing import get_context

import pytest

from assistant import Turn
from assistant.feedback import Feedback, FeedbackError, append, as_line, read_feedback
from assistant.verify import Cited, read

CITED = Cited("d1", "a.txt", 0, 18, "Allies pledged 2%.")
FULL = Feedback(
    question="And the Netherlands?",
    standalone_question="What did the Netherlands pledge?",
    answer="It pledged EUR 3 billion. [1]",
    abstained=False,
    verdict="incomplete",
    language="en",
    engine="extractive",
    when="2024-07-10T09:30:00Z",
    note="Which year?\u2028Says nothing – «non».",
    citation=CITED,
    citations=(CITED, replace(CITED, start=20, end=30, quote="It is so.")),
    history=(Turn("user", "What did Allies pledge?"), Turn("assistant", "EUR 40 billion. [1]")),
)
BARE = Feedback(
    question="Who?",
    standalone_question="Who?",
    answer="The documents do not answer this.",
    abstained=True,
    verdict="right",
    language="nl",
    engine="llm:qwen3",
    when="2024-07-10T09:30:00+00:00",
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "feedback.jsonl"


def test_what_is_kept_is_read_again_in_its_order(file):
    for feedback in (FULL, BARE, FULL):
        append(file, feedback)
    assert read_feedback(file) == (FULL, BARE, FULL)
    assert file.read_text(encoding="utf-8").count("\n") == 3


def test_no_lines_no_feedback(file):
    file.write_text("\n")
    assert read_feedback(file) == ()


def test_the_citations_of_a_line_can_be_verified_like_an_export(file):
    append(file, replace(FULL, note=""))
    append(file, BARE)
    assert read(file) == FULL.citations


def test_half_a_surrogate_pair_costs_nothing_else(file):
    append(file, replace(FULL, note="so \ud83d it is"))
    assert read_feedback(file) == (replace(FULL, note="so ? it is"),)


def writes(file, name, start):
    start.wait()
    for n in range(3000):
        append(file, replace(FULL, note=f"{name} {n} " + "x" * 500))


def test_two_who_write_at_once_mix_no_lines(file):
    context = get_context("fork")
    start = context.Barrier(2)
    writers = [context.Process(target=writes, args=(file, name, start)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    notes = [feedback.note.split()[:2] for feedback in read_feedback(file)]
    for name in ("one", "two"):
        assert [n for who, n in notes if who == name] == [str(n) for n in range(3000)]


def changed(**fields):
    return json.dumps({**json.loads(as_line(FULL)), **fields})


def without(key):
    line = json.loads(as_line(FULL))
    del line[key]
    return json.dumps(line)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", ("not JSON",)),
        ("[1]", ("[1]", "not a JSON object")),
        (without("verdict"), ("'verdict'", "missing")),
        (without("citations"), ("'citations'", "missing")),
        (changed(verdict="good"), ("'verdict'", "'good'", "right, wrong, incomplete")),
        (changed(verdict=[]), ("'verdict'", "[]")),
        (changed(question=" "), ("'question'", "blank")),
        (changed(answer=None), ("'answer'", "None", "no text")),
        (changed(abstained="no"), ("'abstained'", "'no'")),
        (changed(when="yesterday"), ("'when'", "'yesterday'", "UTC")),
        (changed(when="2024-07-10T09:30:00"), ("'when'", "UTC")),
        (changed(when="2024-07-10T09:30:00+02:00"), ("'when'", "UTC")),
        (changed(citation="d1"), ("'d1'", "not a JSON object")),
        (changed(citations={}), ("'citations'", "no list")),
        (changed(citations=[{"document": "d1"}]), ("'source'", "missing")),
        (changed(citation={**json.loads(as_line(FULL))["citation"], "start": -1}), ("'start'",)),
        (changed(citation={**json.loads(as_line(FULL))["citation"], "end": True}), ("'end'",)),
        (changed(history=[{"role": "system", "content": ""}]), ("'role'", "'system'")),
    ],
)
def test_a_line_without_the_form_is_named_with_its_value(file, line, told):
    file.write_text(f"{as_line(BARE)}\n{line}\n", encoding="utf-8")
    with pytest.raises(FeedbackError) as failed:
        read_feedback(file)
    message = str(failed.value)
    assert str(file) in message and "line 2" in message and "take it out" in message
    assert all(part in message for part in told), message


def test_a_file_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(FeedbackError, match=r"none\.jsonl.*chat page"):
        read_feedback(tmp_path / "none.jsonl")
    with pytest.raises(FeedbackError, match="permissions"):
        append(tmp_path / "no" / "such.jsonl", FULL)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(FeedbackError, match="cannot be read"):
        read_feedback(tmp_path / "bytes")
