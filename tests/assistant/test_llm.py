import subprocess
import sys
import traceback

import pytest
from llm_server import KEY, MODEL, Reply, error, serving

from assistant.llm import LanguageModel, Message, ModelFailed
from assistant.settings import SettingsError, read_settings


def ask(reply, *, key=KEY, timeout_seconds=30.0, model=MODEL):
    """What `complete` gives, and what the server was asked."""
    with serving(lambda prompt: reply) as server:
        llm = LanguageModel(server.url, model, key, timeout_seconds=timeout_seconds)
        return llm.complete("Who signed?", max_tokens=7), server.asked


def failure(reply, **how):
    with pytest.raises(ModelFailed) as failed:
        ask(reply, **how)
    told = str(failed.value)
    assert KEY not in "".join(traceback.format_exception(failed.value))
    assert repr(MODEL) in told
    return told


def test_the_model_is_asked_once_with_what_was_given():
    text, [(path, headers, body)] = ask(Reply("\n Poland. "))
    assert text == "Poland."
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["model"] == MODEL
    assert body["temperature"] == 0
    assert body["max_tokens"] == 7
    assert [m["content"] for m in body["messages"]] == ["Who signed?"]


def test_a_key_for_another_server_is_not_sent(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-somebody-else")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    _, [(_, headers, _)] = ask(Reply("Yes."), key=None)
    assert "sk-for-somebody-else" not in str(headers)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (error(401, f"Incorrect API key provided: {KEY}."), ("SUMMIT_LLM_KEY", "401", "Incorrect")),
        (error(403, "Not for you."), ("SUMMIT_LLM_KEY", "403")),
        (error(404, "The model does not exist."), ("SUMMIT_LLM_MODEL", "SUMMIT_LLM_URL", "/v1")),
        (error(400, "The context has 4096 tokens."), ("refused the request", "4096 tokens")),
        (error(429, "Slow down."), ("no more requests", "Slow down.")),
        (error(500, f"Traceback with {KEY}"), ("broke down", "500", "Traceback")),
        (Reply(status=503, body="<html>gateway</html>"), ("broke down", "503")),
    ],
)
def test_a_refusal_says_what_happened_and_the_remedy(reply, told):
    message = failure(reply)
    assert all(part in message for part in told), message


def test_nothing_is_retried():
    with serving(lambda prompt: error(500, "Broken.")) as server:
        with pytest.raises(ModelFailed):
            LanguageModel(server.url, MODEL, KEY).complete("Who?", max_tokens=7)
        assert len(server.asked) == 1


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_answer_is_none(text):
    assert "with nothing" in failure(Reply(text))


@pytest.mark.parametrize(
    "body", ["Hello!", "", "[]", "{}", '{"choices": []}', '{"choices": [{}]}', '"text"', "null"]
)
def test_what_is_not_the_protocol_is_told(body):
    assert "not the OpenAI protocol's" in failure(Reply(body=body))


@pytest.mark.parametrize("reply", [Reply(stall=True), Reply(drip=True)], ids=["stall", "drip"])
def test_a_server_that_does_not_finish_is_not_waited_for(reply):
    assert "within 0.5 seconds" in failure(reply, timeout_seconds=0.5)


def test_a_server_that_is_not_there_is_told_without_the_address_credentials():
    with serving(lambda prompt: Reply()) as server:
        gone = server.url.replace("http://", f"http://reader:{KEY}@") + f"?key={KEY}"
    with pytest.raises(ModelFailed, match="cannot be reached") as failed:
        LanguageModel(gone, MODEL, KEY).complete("Who?", max_tokens=7)
    assert KEY not in str(failed.value)
    assert server.url in str(failed.value)


@pytest.mark.parametrize("key", ["sk-one\nsk-two", "clé"])
def test_a_key_that_cannot_be_sent_is_refused_unseen(key):
    with pytest.raises(ModelFailed, match="SUMMIT_LLM_KEY") as failed:
        LanguageModel("http://127.0.0.1:9/v1", MODEL, key)
    assert key not in str(failed.value)


def test_a_line_break_behind_the_key_does_not_matter():
    _, [(_, headers, _)] = ask(Reply("Yes."), key=f"{KEY}\n")
    assert headers["Authorization"] == f"Bearer {KEY}"


def test_a_model_without_the_chat_protocol_is_refused():
    with pytest.raises(ModelFailed, match="SUMMIT_LLM_MODEL"):
        LanguageModel("http://127.0.0.1:9/v1", "gpt-5.2-pro", KEY)


MESSAGES = (Message("system", "Be short."), Message("user", "Who signed?"))


def streamed(reply, *, seconds=30.0, idle=30.0):
    """The pieces that come, the error that ends them or None, and the server."""
    pieces, failed = [], None
    with serving(lambda prompt: reply) as server:
        llm = LanguageModel(server.url, MODEL, KEY, timeout_seconds=seconds)
        try:
            pieces += llm.stream(MESSAGES, max_tokens=70, idle_seconds=idle)
        except ModelFailed as error:
            assert KEY not in "".join(traceback.format_exception(error))
            failed = str(error)
    return pieces, failed, server


def test_a_streamed_answer_comes_in_pieces_that_are_its_text():
    pieces, failed, server = streamed(Reply("Poland and Norway signed."))
    assert failed is None
    assert "".join(pieces) == "Poland and Norway signed."
    assert len(pieces) == 4
    [(_, headers, body)] = server.asked
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["stream"] is True and body["max_tokens"] == 70 and body["temperature"] == 0
    assert body["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "Who signed?"},
    ]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply("Poland signed.", then="cut"), "broke off"),
        (Reply("Poland signed.", then="broken"), "not the OpenAI protocol's"),
        (Reply("Poland signed.", then="error"), "broke off (Out of memory for …)"),
        (Reply("Poland signed.", finish="length"), "within 70 tokens"),
        (Reply("Poland signed.", then="stalls"), "paused for 2 seconds"),
        (Reply("Poland signed.", then="drips"), "paused for 2 seconds"),
    ],
)
def test_what_came_before_a_break_is_kept_and_the_break_told(reply, told):
    pieces, failed, _ = streamed(reply, idle=2.0)
    assert "".join(pieces) == "Poland signed."
    assert told in failed


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(""), "with nothing"),
        (Reply(" \n  "), "with nothing"),
        (Reply(body="<html>Welcome</html>"), "not the OpenAI protocol's"),
        (Reply(body="data: {}\n\n"), "not the OpenAI protocol's"),
        (Reply(body="data: 7\n\n"), "not the OpenAI protocol's"),
        (error(401, f"Incorrect API key provided: {KEY}."), "SUMMIT_LLM_KEY"),
        (error(400, "The context has 4096 tokens."), "4096 tokens"),
        (error(500, f"Traceback with {KEY}"), "broke down"),
    ],
)
def test_where_nothing_is_said_there_is_only_the_reason(reply, told):
    pieces, failed, _ = streamed(reply)
    assert "".join(pieces).strip() == ""
    assert told in failed


@pytest.mark.parametrize("reply", [Reply(stall=True), Reply(drip=True)], ids=["stall", "drip"])
def test_a_stream_that_does_not_begin_is_not_waited_for(reply):
    pieces, failed, _ = streamed(reply, seconds=0.5)
    assert (pieces, "within 0.5 seconds" in failed) == ([], True)


def test_a_stream_without_end_ends_at_the_limit_for_the_whole():
    pieces, failed, _ = streamed(Reply("and on ", then="endless"), seconds=2.0)
    assert "within 2" in failed
    assert len(pieces) > 10


@pytest.mark.parametrize("then", ["stalls", "drips", "endless"])
def test_who_stops_reading_ends_the_request(then):
    with serving(lambda prompt: Reply("Poland signed. ", then=then)) as server:
        pieces = LanguageModel(server.url, MODEL, KEY).stream(MESSAGES, max_tokens=70)
        next(pieces)
        pieces.close()
        assert server.left.wait(60)


def test_a_server_that_is_gone_is_told_before_anything_comes():
    with serving(lambda prompt: Reply()) as server:
        url = server.url
    with pytest.raises(ModelFailed, match="cannot be reached"):
        list(LanguageModel(url, MODEL, KEY).stream(MESSAGES, max_tokens=70))


def test_importing_the_door_loads_no_vendor():
    code = (
        "import sys, assistant.llm\n"
        "sys.exit(', '.join({'openai', 'llama_index'} & set(sys.modules)) or None)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def llm_settings(tmp_path, environment):
    given = {f"SUMMIT_LLM_{name}": value for name, value in environment.items()}
    return read_settings({}, given, file=tmp_path / "config.toml")


def test_the_settings_name_the_model_and_hide_the_key(tmp_path):
    given = {"URL": "http://localhost:11434/v1", "MODEL": "qwen3", "KEY": KEY}
    settings = llm_settings(tmp_path, given)
    assert (settings.llm_url, settings.llm_model) == (given["URL"], "qwen3")
    assert settings.llm_key == KEY
    assert KEY not in repr(settings)
    without = llm_settings(tmp_path, {})
    assert (without.llm_url, without.llm_model, without.llm_key) == (None, None, None)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"URL": "http://localhost/v1"}, ("SUMMIT_LLM_URL", "SUMMIT_LLM_MODEL", "not given")),
        ({"MODEL": "qwen3"}, ("'qwen3'", "SUMMIT_LLM_URL", "not given")),
        ({"URL": "localhost:11434", "MODEL": "qwen3"}, ("SUMMIT_LLM_URL", "http://")),
    ],
)
def test_half_of_the_settings_is_an_error(tmp_path, environment, told):
    with pytest.raises(SettingsError) as failed:
        llm_settings(tmp_path, {**environment, "KEY": KEY})
    assert all(part in str(failed.value) for part in told)
    assert KEY not in str(failed.value)
