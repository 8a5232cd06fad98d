import json
import sys
from pathlib import Path

import pytest

from assistant.answers import Answer, Citation, Sentence, Turn
from evals.questions import QuestionsError
from evals.run import RunError
from evals.written import Asked, read_asked, report, serving, spread


def answer(**changes):
    fields = {
        "id": "q-1",
        "question": "Who <pays>?",
        "standalone_question": "Who <pays>?",
        "answer": "",
        "abstained": False,
        "language": "en",
        "engine": "llm:local",
        "sentences": (
            Sentence("Norland *pays*.", (1,), "supported"),
            Sentence("Sudland pays.", (1,), "contradicted"),
        ),
        "citations": (
            Citation(1, "d", "a.md", "Ports", "2023-05-04", "nl", None, 0, 16, "Norland\nbetaalt."),
        ),
    }
    return Answer(**{**fields, **changes})


QUOTED = answer(id="q-2", engine="extractive", notice="It broke off after 7 s. Quoted instead.")
REFUSED = answer(id="q-3", engine="extractive", abstained=True, sentences=(), citations=())


def test_a_report_has_each_supported_sentence_with_the_words_that_it_cites():
    told = report((answer(), QUOTED, QUOTED, REFUSED), "local")
    assert "## q-1: Who \\<pays\\>?" in told
    assert "- [ ] Norland \\*pays\\*.\n  - [1] “Norland betaalt.” (Ports, 2023-05-04, nl)\n" in told
    assert "Sudland" not in told and "q-2" not in told


def test_a_report_counts_how_often_quotes_stepped_in_and_why():
    told = report((answer(), QUOTED, QUOTED, REFUSED), "local")
    assert "4 questions; 1 were not answered" in told
    assert "wrote 1 answers; in 2 the quoting answer stepped in." in told
    assert "  - 2: It broke off after … s\n" in told
    assert "- 1 sentences were shown as supported." in told


def test_questions_are_read_with_their_history(tmp_path):
    file = tmp_path / "questions.jsonl"
    turns = [{"role": "user", "content": "Who pays?"}]
    lines = [{"id": "a", "question": "Who?"}, {"id": "b", "question": "And?", "history": turns}]
    file.write_text("\n\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert read_asked(file) == (
        Asked("a", "Who?"),
        Asked("b", "And?", (Turn("user", "Who pays?"),)),
    )


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a"}', '{"question": "Who?"}'])
def test_what_is_no_question_is_named(tmp_path, line):
    file = tmp_path / "questions.jsonl"
    file.write_text(f"\n{line}", encoding="utf-8")
    with pytest.raises(QuestionsError, match=r"Line 2 .*questions.jsonl"):
        read_asked(file)
    with pytest.raises(QuestionsError, match="cannot be read"):
        read_asked(tmp_path / "none.jsonl")


def test_questions_are_taken_evenly():
    every = [Asked(str(n), "Who?") for n in range(100)]
    assert [one.id for one in spread(every, 4)] == ["0", "25", "50", "75"]
    assert spread(every, 200) == tuple(every)


def test_without_a_model_it_is_told_how_to_get_one(tmp_path):
    with (
        pytest.raises(RunError, match="make test-llm"),
        serving(tmp_path / "bin" / Path(sys.executable).name),
    ):
        pass
