"""Rebuilds multilingual-e5-small as a sentence-transformers folder, from the wheel's file.

The folder is plain JSON and safetensors without any library's version in it, so that
every machine builds the same bytes.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .e5_file import (
    FILE,
    SHA256,
    E5File,
    E5FileError,
    Geometry,
    Tensor,
    read,
    verify,
    wheel_file,
)
from .lock import FolderLock

__all__ = ["build", "is_built"]

# Raise it whenever the folder's content changes: folders built before are then built anew.
LAYOUT = 1
ORIGIN = "origin.json"

PATIENCE_SECONDS = 300

# The file's names → BertModel's. Every module has a weight (`.w`) and a bias (`.b`).
ROWS = {
    "emb.word": "embeddings.word_embeddings",
    "emb.pos": "embeddings.position_embeddings",
    "emb.type": "embeddings.token_type_embeddings",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}

METASPACE = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
# As SentencePiece does: its normalisation (nmt_nfkc), then no spaces at the ends or in runs.
NORMALISERS = [
    {"type": "Nmt"},
    {"type": "NFKC"},
    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
    {"type": "Strip", "strip_left": True, "strip_right": True},
]
SPECIAL = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "pad": "<pad>"}
SPECIAL |= {"unk": "<unk>", "mask": "<mask>"}


def is_built(folder: Path, *, sha256: str = SHA256) -> bool:
    """Whether `folder` was completed by `build`, in this layout, from the file so digested."""
    try:
        return (folder / ORIGIN).read_text(encoding="utf-8") == _origin(sha256)
    except OSError:
        return False


def build(folder: Path, *, source: Path | None = None, sha256: str = SHA256) -> None:
    """Make `folder` the rebuilt model, unless it is already.

    `source` is the model file, by default the installed wheel's; it must have the
    SHA-256 digest `sha256` (hexadecimal), else E5FileError. The folder appears at once
    and complete; of several processes one builds and the others wait. Takes about three
    seconds and 600 MB of memory. OSError where the disk refuses.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(folder.with_name(f"{folder.name}.lock"))
    if not lock.acquire(timeout_seconds=PATIENCE_SECONDS):
        raise E5FileError(
            f"Another process has been building {str(folder)!r} for {PATIENCE_SECONDS} seconds: "
            "try again when it is done, or end it."
        )
    try:
        if not is_built(folder, sha256=sha256):
            _build(folder, source or wheel_file(), sha256)
    finally:
        lock.release()


def _build(folder: Path, source: Path, sha256: str) -> None:
    verify(source, sha256)
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # left by a process that was killed
    try:
        part.mkdir()
        _write_folder(read(source), part)
        (part / ORIGIN).write_text(_origin(sha256), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)  # of another layout
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _origin(sha256: str) -> str:
    return json.dumps({"file": FILE, "sha256": sha256, "layout": LAYOUT}, indent=2) + "\n"


def _write_folder(model: E5File, folder: Path) -> None:
    for name, content in _settings(model.geometry, model.epsilon).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    tokenizer = json.dumps(_tokenizer(model), ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    _write_safetensors(dict(_published(model)), folder / "model.safetensors")


def _published(model: E5File) -> Iterator[tuple[str, Tensor]]:
    """The tensors under the names and in the shapes that transformers' BertModel reads."""
    hidden = model.geometry.hidden
    for ours, theirs in ROWS.items():
        yield f"{theirs}.weight", model.tensors[ours].reshape(-1, hidden)
    modules = {"emb.ln": "embeddings.LayerNorm"}
    for layer in range(model.geometry.layers):
        for ours, theirs in LAYER.items():
            modules[f"l{layer}.{ours}"] = f"encoder.layer.{layer}.{theirs}"
    for ours, theirs in modules.items():
        weight, bias = model.tensors[f"{ours}.w"], model.tensors[f"{ours}.b"]
        is_vector = weight.size == bias.size
        yield f"{theirs}.weight", weight if is_vector else weight.reshape(bias.size, -1)
        yield f"{theirs}.bias", bias
    # Mean pooling never uses BertModel's pooler; without it, loading warns and draws lots.
    yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float32)
    yield "pooler.dense.bias", np.zeros(hidden, np.float32)


def _write_safetensors(tensors: Mapping[str, Tensor], path: Path) -> None:
    """Write the tensors as bfloat16 (format: https://github.com/huggingface/safetensors).

    Half of float32's disk, and loads as it lies where the CPU computes in bfloat16. The
    rounding leaves a cosine of at least 0.99998 (20 passages, both computed in float32).
    """
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, tensor in tensors.items():
        start, end = end, end + 2 * tensor.size
        header[name] = {"dtype": "BF16", "shape": tensor.shape, "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            for rows in np.array_split(tensor, tensor.size // 2**20 + 1):  # bounds the memory
                file.write(_bfloat16(rows))


def _bfloat16(tensor: Tensor) -> bytes:
    """The upper halves of the float32 words, rounded to nearest, ties to even."""
    words = np.ascontiguousarray(tensor, "<f4").view("<u4")
    rounded = (words + (0x7FFF + ((words >> 16) & 1))) >> 16
    return bytes(rounded.astype("<u2").data)


def _settings(sizes: Geometry, epsilon: float) -> dict[str, Any]:
    """The small JSON files by name; the prompts are those of the published model card."""
    modules = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "vocab_size": sizes.vocabulary,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.token_types,
            "layer_norm_eps": float(f"{epsilon:.6g}"),
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "dtype": "bfloat16",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{modules}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{modules}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{modules}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            **{f"{role}_token": piece for role, piece in SPECIAL.items()},
        },
    }


def _tokenizer(model: E5File) -> dict[str, Any]:
    """`tokenizer.json`: a unigram model with `<s> … </s>` around the text."""
    ids = {piece: model.pieces.index(piece) for piece in dict.fromkeys(SPECIAL.values())}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    begin, finish = ({"SpecialToken": {"id": piece, "type_id": 0}} for piece in ("<s>", "</s>"))
    first, second = ({"Sequence": {"id": text, "type_id": 0}} for text in ("A", "B"))
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": place, "content": piece, **flags, "special": True}
            for piece, place in sorted(ids.items(), key=lambda item: item[1])
        ],
        "normalizer": {"type": "Sequence", "normalizers": NORMALISERS},
        "pre_tokenizer": METASPACE,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, first, finish],
            "pair": [begin, first, finish, second, finish],
            "special_tokens": {
                piece: {"id": piece, "ids": [ids[piece]], "tokens": [piece]}
                for piece in ("<s>", "</s>")
            },
        },
        "decoder": METASPACE,
        "model": {
            "type": "Unigram",
            "unk_id": model.unknown,
            "vocab": list(zip(model.pieces, model.scores, strict=True)),
            "byte_fallback": False,
        },
    }
