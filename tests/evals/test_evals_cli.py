import json
import os
import subprocess
import sys

import pytest

from assistant.feedback import Feedback, append
from assistant.verify import Cited
from evals.cli import main
from evals.workbench import BUNDLED_QUESTIONS

FEEDBACK = Feedback(
    question="How many destroyers will be at Rota?",
    standalone_question="How many destroyers will be at Rota?",
    answer="six destroyers at Rota in Spain instead of four; [1]",
    abstained=False,
    verdict="right",
    language="en",
    engine="extractive",
    when="2026-11-22T09:30:00Z",
    citations=(
        Cited(
            document="a1",
            source="nato-madrid-2022.md",
            start=0,
            end=48,
            quote="six destroyers at Rota in Spain instead of four;",
        ),
    ),
)


@pytest.fixture
def run(bundled_store, tmp_path, capsys):
    """Runs the evals over the bundled store; gives exit code, standard output and error."""

    def call(*arguments, store=bundled_store):
        code = main([*arguments, *(["--store", str(store)] if store else [])])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def fast(tmp_path, *more):
    return ("--engine", "bm25", "--runs", str(tmp_path / "runs"), *more)


def the_run(tmp_path):
    return max((tmp_path / "runs").iterdir())


def test_a_run_is_a_folder_a_table_and_a_report(run, tmp_path):
    code, out, err = run(*fast(tmp_path, "--only", "kind=list"))
    assert code == 0
    folder = the_run(tmp_path)
    assert {"run.json", "bm25.jsonl", "report.html"} == {f.name for f in folder.iterdir()}
    made = json.loads((folder / "run.json").read_text())
    assert made["questions"]["split"] == "dev"
    assert made["questions"]["only"] == {"kind": "list"}
    assert made["questions"]["count"] == made["engines"]["bm25"]["figures"]["right"]["n"]
    assert set(made["engines"]["bm25"]["by"]["kind"]) == {"list"}
    assert made["models"]["embedding"]["fingerprint"]
    assert made["commit"]["id"] is None or len(made["commit"]["id"]) == 40
    assert "citation precision" in out and "right, by kind" in out
    assert str(folder) in err


def test_a_run_is_compared_with_an_earlier_one(run, tmp_path):
    some = ("--only", "kind=date")
    assert run(*fast(tmp_path, *some))[0] == 0
    code, out, _ = run(*fast(tmp_path, *some, "--compare", str(the_run(tmp_path))))
    assert code == 0
    lines = [line for line in out.splitlines() if "no difference shown" in line]
    assert any(line.startswith("right") for line in lines)
    code, _, err = run(*fast(tmp_path, "--compare", str(tmp_path)))
    assert code == 1 and "is no run" in err


def test_json_is_what_run_json_holds(run, tmp_path):
    code, out, _ = run(*fast(tmp_path, "--only", "kind=date", "--json"))
    assert code == 0
    assert json.loads(out) == json.loads((the_run(tmp_path) / "run.json").read_text())


def test_answers_are_written_for_alce(run, tmp_path):
    assert run(*fast(tmp_path, "--only", "kind=date", "--alce"))[0] == 0
    made = json.loads((the_run(tmp_path) / "bm25.alce.json").read_text())
    assert made["data"][0]["docs"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--only", "kind=nothing"), 2, "kind=nothing"),
        (("--only", "kind"), 2, "not of the form"),
        (("--questions", "nowhere.jsonl"), 2, "nowhere.jsonl"),
        (("--judge",), 2, "SUMMIT_LLM_URL"),
        (("draft", "nowhere.jsonl"), 2, "nowhere.jsonl"),
    ],
)
def test_a_wrong_command_is_said_and_makes_no_run(
    run, tmp_path, monkeypatch, arguments, code, says
):
    monkeypatch.delenv("SUMMIT_LLM_URL", raising=False)
    command = arguments if arguments[0] == "draft" else fast(tmp_path, *arguments)
    got, _, err = run(*command, store=None) if arguments[0] == "draft" else run(*command)
    assert got == code
    assert says in err
    assert not (tmp_path / "runs").exists()


def test_own_questions_need_their_store(run, tmp_path):
    code, _, err = run(*fast(tmp_path, "--questions", str(BUNDLED_QUESTIONS)), store=None)
    assert code == 2 and "--store" in err


def test_evidence_that_the_store_does_not_have_is_told_before_any_answer(run, tmp_path):
    first = BUNDLED_QUESTIONS.read_text(encoding="utf-8").split("\n")[0]
    lost = json.loads(first) | {"evidence": [{"doc": "other.md", "quote": "words"}]}
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(lost))
    code, _, err = run(*fast(tmp_path, "--questions", str(file), "--split", "all"))
    assert code == 2
    assert "'other.md'" in err
    assert not (tmp_path / "runs").exists()


def test_a_store_that_is_not_there_is_named(run, tmp_path):
    code, _, err = run(*fast(tmp_path), store=tmp_path / "none")
    assert code == 1 and "none" in err


def test_the_bundled_questions_are_valid(run):
    code, out, _ = run("validate")
    assert code == 0, out
    assert "148 questions, 0 problems." in out


def test_a_problem_with_the_questions_fails(run, tmp_path):
    first = BUNDLED_QUESTIONS.read_text(encoding="utf-8").split("\n")[0]
    broken = json.loads(first) | {"facts": [["nowhere to be found"]]}
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(broken))
    code, out, _ = run("validate", str(file))
    assert code == 1
    assert "nowhere to be found" in out


def test_a_checker_is_measured(run):
    code, out, _ = run("mutations", "--per-kind", "5", "--json")
    assert code == 0
    rates = {rate["kind"]: rate for rate in json.loads(out)}
    assert rates["unchanged"]["share"]["value"] == 0
    assert rates["another number"]["total"] == 5
    code, out, _ = run("mutations", "--per-kind", "2", "--checker", "builtins:bool")
    assert code == 0 and "false alarms" in out
    code, out, _ = run("mutations", "--per-kind", "1", "--pairs")
    assert code == 0
    assert {"sentence", "quote", "supported"} <= set(json.loads(out.splitlines()[0]))


def test_a_checker_that_does_not_exist_is_named(run, capsys):
    with pytest.raises(SystemExit):
        run("mutations", "--checker", "nowhere:nothing")
    assert "nowhere" in capsys.readouterr().err


def test_feedback_becomes_drafts_that_the_validator_calls_unfinished(run, tmp_path):
    file = tmp_path / "feedback.jsonl"
    append(file, FEEDBACK)
    code, out, _ = run("draft", str(file), store=None)
    assert code == 0
    assert json.loads(out.splitlines()[0])["facts"] == []
    drafts = tmp_path / "drafts.jsonl"
    assert run("draft", str(file), "--to", str(drafts), store=None)[0] == 0
    assert drafts.read_text(encoding="utf-8") == out
    code, _, err = run("draft", str(file), "--to", str(drafts), store=None)
    assert code == 2 and "new file" in err
    code, out, _ = run("validate", str(drafts))
    assert code == 1 and "unfinished" in out


def test_python_dash_m_evals_says_what_it_can_do():
    command = [sys.executable, "-m", "evals", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    for word in ("--questions", "validate", "mutations", "draft", "scorecard"):
        assert word in done.stdout
