import sys
from pathlib import Path

import pytest

from assistant.answers import Answer, Citation, Sentence
from assistant.batch import Asked
from evals.cli import main
from evals.run import RunError
from evals.written import report, serving, spread


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
    assert "- 1 sentences were shown as supported, 0 as partly." in told


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


def test_a_file_that_holds_no_questions_is_named_before_any_model_is_asked(tmp_path, capsys):
    file = tmp_path / "questions.jsonl"
    file.write_text('\n{"id": "a"}', encoding="utf-8")
    assert main(["written", "--questions", str(file), "--server", "none"]) == 2
    assert "questions.jsonl, line 2 needs" in capsys.readouterr().err
