"""Writes a trained network as the files that the assistant reads: int8 ONNX and a tokenizer.

    pip install -c constraints.txt -e '.[train]'
    python -m evals.training.export WEIGHTS.pt… --to FOLDER --examples FILE --texts PATH…
    python -m evals.training.export WEIGHTS.pt… --to FOLDER --claims FILE

The first writes the evidence model; the second the entailment model, which reads with the tokenizer
that is in the folder. Of several weights the mean is written.

Word pieces that neither the texts nor Latin script in general need are left out, so that
the whole stays below 40 MB: the pieces of the texts are kept, then the most frequent ones
in Latin script (multilingual-e5-small has 250,002 for a hundred languages).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from assistant.entailment import encode_claim
from assistant.ranker import Encoded, encode
from evals.training.claims import pairs
from evals.training.claims import read as read_claims
from evals.training.network import HEADS, WIDTH, Network, load, tokenize_with
from evals.training.shapes import read
from vectorstore.model_files import DEFAULT_MODEL, find

__all__ = [
    "Graph",
    "cut_tokenizer",
    "export",
    "kept_pieces",
    "pieces_of",
    "smooth",
    "write_tokenizer",
]

PIECES = 36_000
SPECIAL = 4  # start, padding, end, unknown: the first ids
SPACE = "\u2581"
# How far the range of a layer's inputs is moved into its weights (Xiao et al. 2023, SmoothQuant,
# eq. 4). Of 0, 0.5 and 0.7 the largest difference to float32 over 42 passages was 1.4, 1.7, 0.8.
MOVED = 0.7
CALIBRATION = 40  # examples


class Smoothed(nn.Module):
    """A linear layer whose input channels are scaled to like ranges before it."""

    def __init__(self, layer: nn.Linear, highest: Tensor) -> None:
        super().__init__()
        weight = layer.weight.detach()
        widest = weight.abs().amax(0).clamp(min=1e-5)
        scale = highest.clamp(min=1e-5) ** MOVED / widest ** (1 - MOVED)
        self.inverse = nn.Parameter(1 / scale)
        self.weight = nn.Parameter((weight * scale).t().contiguous())
        self.bias = layer.bias

    def forward(self, states: Tensor) -> Tensor:
        return (states * self.inverse) @ self.weight + self.bias


def smooth(network: Network, encoded: Iterable[Encoded]) -> None:
    """Replaces the encoder's linear layers by `Smoothed` ones, with ranges from what is encoded."""
    highest: dict[nn.Module, Tensor] = {}

    def note(layer: nn.Module, given: tuple[Tensor, ...], _: Tensor) -> None:
        top = given[0].detach().abs().amax(0)
        highest[layer] = torch.maximum(highest[layer], top) if layer in highest else top

    linear = [m for m in network.bert.encoder.modules() if isinstance(m, nn.Linear)]
    hooks = [layer.register_forward_hook(note) for layer in linear]
    with torch.no_grad():
        for one in encoded:
            network([one])
    for hook in hooks:
        hook.remove()
    for parent in list(network.bert.encoder.modules()):
        for name, child in list(parent.named_children()):
            if child in highest:
                setattr(parent, name, Smoothed(child, highest[child]))


class Graph(nn.Module):
    """One passage: `ids` (tokens,) and `share` (sentences, tokens) to logits (sentences,)."""

    def __init__(self, network: Network, kept: Sequence[int]) -> None:
        super().__init__()
        self.network = network
        words = network.bert.embeddings.word_embeddings.weight.detach()[torch.tensor(kept)]
        scale = words.abs().amax(1, keepdim=True) / 127
        self.register_buffer("words", torch.round(words / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor, share: Tensor) -> Tensor:
        tables = self.network.bert.embeddings
        places = torch.arange(ids.shape[0])
        words = self.get_buffer("words")[ids].float() * self.get_buffer("scale")[ids]
        states = words + tables.position_embeddings.weight[places]
        states = tables.LayerNorm(states + tables.token_type_embeddings.weight[0])
        for layer in self.network.bert.encoder.layer:
            attended = layer.attention.output.dense(_attend(layer.attention.self, states))
            states = layer.attention.output.LayerNorm(attended + states)
            inner = nn.functional.gelu(layer.intermediate.dense(states))
            states = layer.output.LayerNorm(layer.output.dense(inner) + states)
        means = share @ states
        first = states[:1].expand(means.shape[0], -1)
        logits: Tensor = self.network.head(torch.cat([means, first], 1)).squeeze(-1)
        return logits


def _attend(attention: Any, states: Tensor) -> Tensor:
    def heads(layer: nn.Module) -> Tensor:
        projected: Tensor = layer(states)
        return projected.reshape(-1, HEADS, WIDTH // HEADS).transpose(0, 1)

    weights = heads(attention.query) @ heads(attention.key).transpose(1, 2)
    weights = (weights * (WIDTH // HEADS) ** -0.5).softmax(-1)
    attended: Tensor = (weights @ heads(attention.value)).transpose(0, 1).reshape(-1, WIDTH)
    return attended


def kept_pieces(tokenizer: dict[str, Any], texts: Iterable[str], wanted: int = PIECES) -> list[int]:
    """Ids of the pieces to keep, ascending: special, used in `texts`, frequent Latin ones."""
    pieces = [piece for piece, _ in tokenizer["model"]["vocab"]]
    whole = Tokenizer.from_str(json.dumps(tokenizer))
    whole.no_truncation()
    used = set(range(SPECIAL))
    for text in texts:
        used.update(whole.encode(text, add_special_tokens=False).ids)
    latin = [i for i, piece in enumerate(pieces) if _is_latin(piece)]
    used.update(i for i in latin if len(pieces[i].strip(SPACE)) <= 1)
    # pieces stand in order of frequency
    rest = (i for i in latin if i not in used)
    return sorted(used | set(islice(rest, max(0, wanted - len(used)))))


def _is_latin(piece: str) -> bool:
    letters = [unicodedata.name(c, "") for c in piece if c.isalpha()]
    return all("LATIN" in name for name in letters)


def cut_tokenizer(tokenizer: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """The tokenizer with only these pieces, renumbered."""
    pieces = tokenizer["model"]["vocab"]
    numbers = {old: new for new, old in enumerate(kept)}
    added = [
        dict(token, id=numbers[token["id"]])
        for token in tokenizer.get("added_tokens", [])
        if token["id"] in numbers
    ]
    model = dict(tokenizer["model"], vocab=[pieces[i] for i in kept])
    changed = {"truncation": None, "padding": None, "post_processor": None}
    return tokenizer | changed | {"model": model, "added_tokens": added}


def pieces_of(cut: dict[str, Any], whole: dict[str, Any]) -> list[int]:
    """Ids in the whole tokenizer of the pieces that `cut_tokenizer` has kept, in their order."""
    numbers = {piece: number for number, (piece, _) in enumerate(whole["model"]["vocab"])}
    return [numbers[piece] for piece, _ in cut["model"]["vocab"]]


def write_tokenizer(to: Path, texts: Iterable[str]) -> None:
    """Writes `tokenizer.json` with the pieces that the texts, and Latin script, need."""
    whole = _whole_tokenizer()
    to.mkdir(parents=True, exist_ok=True)
    cut = json.dumps(cut_tokenizer(whole, kept_pieces(whole, texts)), ensure_ascii=False)
    (to / "tokenizer.json").write_text(cut, encoding="utf-8")


def export(weights: Sequence[Path], to: Path, *, calibration: Iterable[Encoded]) -> None:
    """Writes the network as the file `to`, for the tokenizer that is beside it."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    cut = json.loads((to.parent / "tokenizer.json").read_text(encoding="utf-8"))
    kept = pieces_of(cut, _whole_tokenizer())
    network = load(*weights).eval()
    smooth(network, calibration)
    with tempfile.TemporaryDirectory() as folder:
        whole = str(Path(folder) / "whole.onnx")
        torch.onnx.export(
            Graph(network, kept).eval(),
            (torch.arange(9), torch.full((3, 9), 1 / 9)),
            whole,
            input_names=["ids", "share"],
            output_names=["logits"],
            dynamic_axes={"ids": {0: "tokens"}, "share": {0: "sentences", 1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole,
            to,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )


def _whole_tokenizer() -> dict[str, Any]:
    base = find(DEFAULT_MODEL, report=print)
    whole: dict[str, Any] = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Exports the weights of a file, or the mean of several."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.export")
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--examples", type=Path, help="the evidence model; int8 is fitted to them")
    what.add_argument("--claims", type=Path, help="the entailment model, likewise")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="files or folders")
    given = parser.parse_args(argv)
    tokenize = tokenize_with(find(DEFAULT_MODEL, report=print))
    if given.examples:
        files = [f for path in given.texts for f in (path.rglob("*") if path.is_dir() else [path])]
        texts = (f.read_text("utf-8", errors="replace") for f in files if f.is_file())
        write_tokenizer(given.to, texts)
        some = islice(read(given.examples), CALIBRATION)
        encoded = [encode(e.question, p.shown, tokenize) for e in some for p in e.passages]
        export(given.weights, given.to / "evidence.onnx", calibration=encoded)
    else:
        every = pairs(tuple(read_claims(given.claims)), random.Random(0))
        encoded = [encode_claim(p.text, p.sources, tokenize) for p in every[: 3 * CALIBRATION]]
        export(given.weights, given.to / "entailment.onnx", calibration=encoded)
    return 0


if __name__ == "__main__":
    sys.exit(main())
