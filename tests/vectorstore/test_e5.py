import json
import subprocess
import sys

import numpy as np
import pytest
import tiny_e5

from vectorstore import e5
from vectorstore.e5_file import E5FileError


@pytest.fixture
def source(tmp_path):
    tiny_e5.write(tmp_path / "tiny.bin")
    return tmp_path / "tiny.bin"


@pytest.fixture
def folder(tmp_path, source):
    e5.build(tmp_path / "models" / "tiny", source=source, sha256=tiny_e5.digest(source))
    return tmp_path / "models" / "tiny"


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_weights_are_those_of_the_file_rounded_to_bfloat16(tmp_path, folder):
    import torch
    from safetensors.torch import load_file

    tensors = tiny_e5.write(tmp_path / "again.bin")

    written = load_file(folder / "model.safetensors")

    def expected(name, *shape):
        return torch.from_numpy(tensors[name]).reshape(shape).to(torch.bfloat16)

    for name, tensor in {
        "embeddings.word_embeddings.weight": expected("emb.word", 16, 8),
        "embeddings.position_embeddings.weight": expected("emb.pos", 16, 8),
        "embeddings.LayerNorm.weight": expected("emb.ln.w", 8),
        "encoder.layer.0.attention.self.query.weight": expected("l0.q.w", 8, 8),
        "encoder.layer.0.attention.self.key.bias": expected("l0.k.b", 8),
        "encoder.layer.0.attention.output.LayerNorm.bias": expected("l0.aln.b", 8),
        "encoder.layer.0.intermediate.dense.weight": expected("l0.fi.w", 16, 8),
        "encoder.layer.0.output.dense.weight": expected("l0.fo.w", 8, 16),
    }.items():
        assert torch.equal(written[name], tensor), name
    assert len(written) == 3 + 2 * (1 + 8) + 2


def test_transformers_finds_every_weight_in_its_place(tmp_path, folder):
    import torch
    from transformers import BertModel

    tensors = tiny_e5.write(tmp_path / "again.bin")

    model, report = BertModel.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True, local_files_only=True
    )

    assert not any(report.values()), report
    query = model.encoder.layer[0].attention.self.query.weight.detach().numpy().ravel()
    np.testing.assert_allclose(query, tensors["l0.q.w"], rtol=2**-8)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("peace", ["<s>", "▁peace", "</s>"]),
        ("  peace \n\t pact  ", ["<s>", "▁peace", "▁pact", "</s>"]),
        ("tea", ["<s>", "▁", "t", "e", "a", "</s>"]),
        ("ｐｅａｃｅ", ["<s>", "▁peace", "</s>"]),
        ("peace!", ["<s>", "▁peace", "<unk>", "</s>"]),
    ],
)
def test_the_tokenizer_normalises_as_sentencepiece_does(folder, text, pieces):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    ids = tokenizer.encode(text).ids

    assert [tiny_e5.PIECES[number] for number in ids] == pieces


def test_two_builds_are_the_same_byte_for_byte(tmp_path, source, folder):
    e5.build(tmp_path / "other", source=source, sha256=tiny_e5.digest(source))

    assert files(tmp_path / "other") == files(folder)


def test_a_complete_folder_is_left_alone(folder, source):
    before = (folder / "model.safetensors").stat().st_mtime_ns

    e5.build(folder, source=source, sha256=tiny_e5.digest(source))

    assert (folder / "model.safetensors").stat().st_mtime_ns == before


def test_a_folder_of_another_layout_is_built_anew(folder, source):
    sha256 = tiny_e5.digest(source)
    origin = json.loads((folder / "origin.json").read_text())
    (folder / "origin.json").write_text(json.dumps(origin | {"layout": 0}))
    (folder / "left-over").touch()
    assert not e5.is_built(folder, sha256=sha256)

    e5.build(folder, source=source, sha256=sha256)

    assert e5.is_built(folder, sha256=sha256)
    assert not (folder / "left-over").exists()


def test_a_wrong_file_leaves_nothing_behind(tmp_path, source):
    folder = tmp_path / "models" / "tiny"

    with pytest.raises(E5FileError, match="SHA-256"):
        e5.build(folder, source=source, sha256="0" * 64)

    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == []


def test_what_a_killed_build_left_is_cleared(tmp_path, source):
    part = tmp_path / "models" / "tiny.part"
    part.mkdir(parents=True)
    (part / "stray").touch()

    e5.build(part.with_name("tiny"), source=source, sha256=tiny_e5.digest(source))

    assert not part.exists()
    assert not (part.with_name("tiny") / "stray").exists()


def test_processes_that_build_at_once_do_not_disturb_each_other(tmp_path, source, folder):
    targets = [tmp_path / "models" / f"shared{number}" for number in range(20)]
    code = (
        "import sys; from pathlib import Path; from vectorstore import e5\n"
        "source, sha256, *targets = sys.argv[1:]\n"
        "print('ready', flush=True); input()\n"
        "for target in targets: e5.build(Path(target), source=Path(source), sha256=sha256)\n"
    )
    command = [sys.executable, "-c", code, source, tiny_e5.digest(source), *targets]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}

    builders = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for builder in builders:
        builder.stdout.readline()
    for builder in builders:
        builder.stdin.write("go\n")
        builder.stdin.flush()
    for builder in builders:
        builder.communicate(timeout=60)

    assert [builder.returncode for builder in builders] == [0, 0, 0]
    for target in targets:
        assert files(target) == files(folder)
        assert not target.with_name(f"{target.name}.part").exists()
