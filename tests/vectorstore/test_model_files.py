import hashlib
import json
import os
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import tiny_e5

from vectorstore import e5
from vectorstore.model_files import DEFAULT_MODEL, ModelUnavailable, find, fingerprint, prompts

E5_PROMPTS = ("query: ", "passage: ")


@pytest.fixture
def folder(tmp_path):
    source = tmp_path / "tiny.bin"
    tiny_e5.write(source)
    e5.build(tmp_path / "tiny", source=source, sha256=tiny_e5.digest(source))
    return tmp_path / "tiny"


@pytest.fixture
def hub(folder):
    """A hub on loopback that has the model `someone/tiny`: its URL and what it was asked."""
    commit, asked = "1" * 40, []

    class Hub(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.path)
            body = self.body(self.path.partition("?")[0])
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.send_header("ETag", f'"{hashlib.sha1(body or b"").hexdigest()}"')
            self.send_header("X-Repo-Commit", commit)
            self.end_headers()
            if body and self.command == "GET":
                self.wfile.write(body)

        def do_HEAD(self):
            self.do_GET()

        def body(self, path):
            if path == "/api/models/someone/tiny/revision/main":
                return json.dumps({"id": "someone/tiny", "sha": commit, "siblings": []}).encode()
            if path == f"/api/models/someone/tiny/tree/{commit}":
                return json.dumps([entry(file) for file in sorted(folder.rglob("*.*"))]).encode()
            prefix = f"/someone/tiny/resolve/{commit}/"
            file = folder / path.removeprefix(prefix)
            return file.read_bytes() if path.startswith(prefix) and file.is_file() else None

        def log_message(self, *args):
            pass

    def entry(file):
        oid = hashlib.sha1(file.read_bytes()).hexdigest()
        path = file.relative_to(folder).as_posix()
        return {"type": "file", "path": path, "size": file.stat().st_size, "oid": oid}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def find_elsewhere(tmp_path, name, *, hub="http://127.0.0.1:9", allow_download=False):
    """What `find` says in a process with a hub cache of its own and `tmp_path/cache` for ours."""
    code = (
        "import sys; from pathlib import Path; from vectorstore.model_files import *\n"
        "name, allow_download, cache = sys.argv[1], sys.argv[2] == 'True', Path(sys.argv[3])\n"
        "try: print(find(name, allow_download=allow_download, cache=cache, report=print))\n"
        "except ModelUnavailable as error: print('ModelUnavailable:', error)\n"
        "assert 'torch' not in sys.modules"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, name, str(allow_download), str(tmp_path / "cache")],
        env=os.environ | {"HF_HOME": str(tmp_path / "hub"), "HF_ENDPOINT": hub},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_a_folder_is_found_by_its_path(folder):
    assert find(str(folder), report=print) == folder


def test_a_folder_without_a_model_is_named_with_the_remedy(tmp_path):
    with pytest.raises(ModelUnavailable, match=r"holds no .*model.* SUMMIT_EMBED_MODEL") as caught:
        find(str(tmp_path), report=print)

    assert repr(str(tmp_path)) in str(caught.value)


def test_a_hub_name_is_not_looked_up_on_the_hub_unless_allowed(tmp_path, hub):
    url, asked = hub

    told = find_elsewhere(tmp_path, "someone/tiny", hub=url)

    assert "ModelUnavailable: The embedding model 'someone/tiny'" in told
    assert "set SUMMIT_ALLOW_DOWNLOAD=1" in told
    assert asked == []


def test_a_hub_name_is_downloaded_once_if_allowed(tmp_path, hub, folder):
    url, asked = hub
    (folder / "onnx").mkdir()
    (folder / "onnx" / "config.json").write_bytes(b"of another format")
    (folder / "pytorch_model.bin").write_bytes(b"the older copy")

    told, downloaded = find_elsewhere(
        tmp_path, "someone/tiny", hub=url, allow_download=True
    ).splitlines()
    count = len(asked)
    again = find_elsewhere(tmp_path, "someone/tiny", hub=url, allow_download=True)
    offline = find_elsewhere(tmp_path, "someone/tiny")

    assert told.startswith("Downloading the embedding model 'someone/tiny'")
    assert downloaded == again == offline
    assert len(asked) == count > 0
    assert not any("onnx" in path or "pytorch_model" in path for path in asked)
    assert fingerprint(tmp_path / downloaded, E5_PROMPTS) == fingerprint(folder, E5_PROMPTS)


def test_older_weights_are_downloaded_where_there_are_no_others(tmp_path, hub, folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")

    found = find_elsewhere(tmp_path, "someone/tiny", hub=hub[0], allow_download=True)

    assert (tmp_path / found.splitlines()[-1] / "pytorch_model.bin").is_file()


def test_a_hub_that_cannot_be_reached_is_told(tmp_path):
    told = find_elsewhere(tmp_path, "someone/tiny", allow_download=True)

    assert "It could not be downloaded" in told
    assert "check the name and the connection" in told


def test_a_name_that_the_hub_does_not_know_is_told(tmp_path, hub):
    told = find_elsewhere(tmp_path, "someone/else", hub=hub[0], allow_download=True)

    assert "It could not be downloaded" in told
    assert "404" in told


def test_what_can_be_no_name_on_the_hub_is_told(tmp_path):
    told = find_elsewhere(tmp_path, "no/such/folder")

    assert "'no/such/folder' is not a folder, and no model of the hub can have that name" in told


def test_the_default_model_tells_all_that_was_tried(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")

    told = find_elsewhere(tmp_path, DEFAULT_MODEL)

    assert "neither a folder nor in the hub's local cache" in told
    assert "set SUMMIT_ALLOW_DOWNLOAD=1" in told
    assert "Nor can it be rebuilt here: " in told
    assert repr(str(tmp_path / "cache")) in told


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"query": "Q: ", "document": "D: "}, ("Q: ", "D: ")),
        ({"query": "Q: ", "document": "", "passage": "P: "}, ("Q: ", "P: ")),
        ({"query": "", "document": ""}, ("", "")),
        (None, ("", "")),
    ],
)
def test_prompts_are_the_models_own(folder, own, expected):
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": own}))

    assert prompts(folder, "someone/model") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("intfloat/multilingual-e5-small", E5_PROMPTS),
        ("intfloat/e5-base-v2", E5_PROMPTS),
        ("/models/multilingual-e5-large/", E5_PROMPTS),
        ("intfloat/multilingual-e5-large-instruct", ("", "")),
        ("someone/tone5-small", ("", "")),
    ],
)
def test_e5_models_without_prompts_of_their_own_get_their_prefixes(folder, name, expected):
    (folder / "config_sentence_transformers.json").unlink()

    assert prompts(folder, name) == expected


def test_a_broken_configuration_is_named(folder):
    (folder / "config_sentence_transformers.json").write_text("{")

    with pytest.raises(ModelUnavailable, match=r"config_sentence_transformers\.json.* no JSON"):
        prompts(folder, "someone/model")


def test_the_fingerprint_is_that_of_the_content_wherever_it_lies(tmp_path, folder):
    before = fingerprint(folder, E5_PROMPTS)
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "README.md").write_text("About the model")

    assert fingerprint(tmp_path / "copy", E5_PROMPTS) == before
    assert len(before) == 64


@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "tokenizer.json", "1_Pooling/config.json"]
)
def test_the_fingerprint_changes_with_each_part_of_the_model(folder, name):
    before = fingerprint(folder, E5_PROMPTS)
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)

    assert fingerprint(folder, E5_PROMPTS) != before


def test_the_fingerprint_changes_with_the_prompts(folder):
    assert fingerprint(folder, E5_PROMPTS) != fingerprint(folder, ("", ""))


def test_the_fingerprint_sees_a_change_anywhere_in_large_weights(folder):
    weights = folder / "model.safetensors"
    megabyte = 2**20
    weights.write_bytes(bytes(128 * megabyte))
    before = fingerprint(folder, E5_PROMPTS)

    for place in (0, 64, 127):
        changed = bytearray(128 * megabyte)
        changed[place * megabyte : (place + 1) * megabyte] = b"\x01" * megabyte
        weights.write_bytes(changed)
        assert fingerprint(folder, E5_PROMPTS) != before, place
