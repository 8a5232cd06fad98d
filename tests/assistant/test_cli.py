import json
import sys

import pytest

from assistant.cli import main


@pytest.fixture(autouse=True)
def no_store_by_chance(monkeypatch, tmp_path):
    monkeypatch.delenv("SUMMIT_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def run(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_ingest_says_what_happened_to_each_and_one_bad_file_fails_alone(capsys, tmp_path):
    folder, store = tmp_path / "docs", tmp_path / "store"
    folder.mkdir()
    (folder / "good.txt").write_text("Ministers agreed to send forty tanks in May 2023.")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    code, out, _ = run(capsys, "ingest", folder, "--store", store)
    assert code == 1
    assert "added        good.txt: 1 passages" in out
    assert "failed       bad.pdf: " in out
    (folder / "bad.pdf").unlink()
    (folder / "good.txt").write_text("Ministers agreed to send fifty tanks in June 2023.")
    code, out, _ = run(capsys, "ingest", folder, "--store", store)
    assert (code, out.splitlines()[0]) == (0, "changed      good.txt: 1 passages")
    code, out, _ = run(capsys, "ingest", folder, "--store", store)
    assert (code, out.splitlines()[0]) == (0, "unchanged    good.txt")


def test_documents_are_tab_separated_when_not_on_a_terminal(capsys, bundled_store):
    code, out, _ = run(capsys, "documents", "--store", bundled_store)
    rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert len(rows) == 20
    assert {len(row) for row in rows} == {6}
    wales = next(row for row in rows if row[1] == "nato-wales-2014.md")
    assert wales[2:5] == ["Summit note: NATO in Wales, September 2014", "2014-09-06", "en"]


def test_documents_as_json_agree_with_the_lines(capsys, bundled_store):
    _, out, _ = run(capsys, "documents", "--json", "--store", bundled_store)
    listed = json.loads(out)
    _, lines, _ = run(capsys, "documents", "--store", bundled_store)
    assert [entry["id"] for entry in listed] == [line.split("\t")[0] for line in lines.splitlines()]


def test_an_answer_as_json_has_the_promised_fields(capsys, bundled_store):
    question = "How many Allies spent two per cent of GDP on defence in 2024?"
    code, out, _ = run(capsys, "ask", question, "--json", "--store", bundled_store)
    answer = json.loads(out)
    assert code == 0
    assert list(answer) == [
        *("id", "question", "standalone_question", "answer", "abstained", "language", "engine"),
        *("sentences", "citations", "nearest", "seconds"),
    ]
    assert (answer["id"], answer["engine"], answer["abstained"]) == (None, "extractive", False)
    assert list(answer["citations"][0]) == [
        *("number", "document", "source", "title", "date", "language", "page", "start", "end"),
        "quote",
    ]
    assert "Twenty-three" in answer["answer"]


def test_a_batch_gives_a_line_for_a_line_in_order_and_verifies(capsys, bundled_store, tmp_path):
    asked = tmp_path / "asked.jsonl"
    history = [
        {"role": "user", "content": "Which fund did Allies set up for new technology?"},
        {"role": "assistant", "content": "The NATO Innovation Fund."},
    ]
    rows = [
        {"id": "one", "question": "When did the NATO Innovation Fund start?"},
        {"id": "two", "question": "And how many Allies take part in it?", "history": history},
        {"id": "three", "question": "How do I bake sourdough bread?"},
    ]
    asked.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    code, out, _ = run(capsys, "ask", "--batch", asked, "--store", bundled_store)
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer["id"] for answer in answers] == ["one", "two", "three"]
    assert answers[1]["standalone_question"] != answers[1]["question"]
    assert answers[2]["abstained"]
    assert answers[2]["citations"] == []
    export = tmp_path / "answers.jsonl"
    export.write_text(out, encoding="utf-8")
    code, told, _ = run(capsys, "verify", export, "--store", bundled_store)
    assert code == 0
    quote = answers[0]["citations"][0]["quote"]
    export.write_text(out.replace(quote[:20], "Never said this at all"), encoding="utf-8")
    code, told, _ = run(capsys, "verify", export, "--store", bundled_store)
    assert code == 1
    assert answers[0]["citations"][0]["source"] in told


def test_forget_takes_a_document_out_by_its_name(capsys, tmp_path):
    file = tmp_path / "one.txt"
    file.write_text("Leaders met in Kananaskis in June 2025 and agreed on wildfires.")
    store = tmp_path / "store"
    run(capsys, "ingest", file, "--store", store)
    code, out, _ = run(capsys, "forget", "one.txt", "--store", store)
    assert (code, "one.txt" in out) == (0, True)
    assert run(capsys, "documents", "--store", store)[1] == ""
    code, _, err = run(capsys, "forget", "one.txt", "--store", store)
    assert code == 1
    assert "one.txt" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], "question"),
        (["ask", "a question", "--batch", "b"], "question"),
        (["ingest", "/no/such/folder"], "/no/such/folder"),
        (["ask", "--batch", "/no/such/file"], "/no/such/file"),
        (["verify", "/no/such/file"], "/no/such/file"),
        (["documents", "--chroma-url", "nonsense"], "nonsense"),
    ],
)
def test_a_command_that_cannot_be_understood_is_2_and_names_what(capsys, arguments, told):
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert told in err


def test_reading_a_store_that_is_not_there_names_the_remedy(capsys, tmp_path):
    code, _, err = run(capsys, "ask", "Who signed?", "--store", tmp_path / "none")
    assert code == 1
    assert "summit ingest" in err


def test_help_of_every_command(capsys):
    for command in ("ingest", "ask", "chat", "documents", "forget", "verify"):
        with pytest.raises(SystemExit) as left:
            main([command, "--help"])
        assert left.value.code == 0
        assert "--store" in capsys.readouterr().out


def test_what_was_added_in_the_page_goes_with_forget(capsys, tmp_path):
    docs, store = tmp_path / "docs", tmp_path / "store"
    kept = store / "uploads" / ("0" * 16) / "letter.txt"
    docs.mkdir()
    kept.parent.mkdir(parents=True)
    for file in (docs / "report.txt", kept):
        file.write_text(f"Ministers agreed to send forty tanks in May 2023, said {file.name}.")
    assert run(capsys, "ingest", docs, kept, "--store", store)[0] == 0
    for name in ("letter.txt", "report.txt"):
        assert run(capsys, "forget", name, "--store", store)[0] == 0
    assert not kept.exists() and (docs / "report.txt").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org"])
def test_another_host_needs_a_password_and_makes_no_store_without(capsys, tmp_path, host):
    store = tmp_path / "store"
    code, _, err = run(capsys, "chat", "--host", host, "--store", store)
    assert code == 1
    assert repr(host) in err and "SUMMIT_AUTH" in err
    assert not store.exists()


@pytest.mark.parametrize("written", ["hunter2", "hunter2:", ":hunter2"])
def test_half_a_password_is_refused_and_not_repeated(capsys, tmp_path, monkeypatch, written):
    code, out, err = run(capsys, "chat", "--auth", written, "--store", tmp_path)
    assert code == 2 and "hunter2" not in out + err
    monkeypatch.setenv("SUMMIT_AUTH", written)
    code, out, err = run(capsys, "chat", "--store", tmp_path)
    assert code == 2 and "SUMMIT_AUTH" in err and "hunter2" not in out + err


def test_the_command_is_installed():
    from importlib.metadata import entry_points

    (entry,) = entry_points(group="console_scripts", name="summit")
    assert entry.load() is main
    assert sys.version_info >= (3, 11)


def test_a_ranking_model_that_is_not_there_is_named(capsys, bundled_store, monkeypatch):
    monkeypatch.setenv("SUMMIT_RANK_MODEL", "/no/such/model")
    code, _, told = run(capsys, "ask", "How many Allies spent 2%?", "--store", bundled_store)
    assert code == 1
    assert "/no/such/model" in told
    assert "SUMMIT_RANK_MODEL" in told
