"""Writes the trained network as the files that the assistant reads: int8 ONNX and a tokenizer.

    pip install -c constraints.txt -e '.[train]'
    python -m evals.training.export WEIGHTS.pt… --to FOLDER --examples FILE --texts PATH…

Of several weights the mean is written.

Word pieces that neither the texts nor Latin script in general need are left out, so that
the whole stays below 40 MB: the pieces of the texts are kept, then the most frequent ones
in Latin script (multilingual-e5-small has 250,002 for a hundred languages).
"""

from __future__ import annotations

import argparse
import json
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

from assistant.ranker import encode
from evals.training.network import HEADS, WIDTH, Network, load, tokenize_with
from evals.training.shapes import Example, read
from vectorstore.model_files import DEFAULT_MODEL, find

__all__ = ["Graph", "cut_tokenizer", "export", "kept_pieces", "smooth"]

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


def smooth(network: Network, examples: Iterable[Example]) -> None:
    """Replaces the encoder's linear layers by `Smoothed` ones, with ranges from `examples`."""
    highest: dict[nn.Module, Tensor] = {}

    def note(layer: nn.Module, given: tuple[Tensor, ...], _: Tensor) -> None:
        top = given[0].detach().abs().amax(0)
        highest[layer] = torch.maximum(highest[layer], top) if layer in highest else top

    linear = [m for m in network.bert.encoder.modules() if isinstance(m, nn.Linear)]
    hooks = [layer.register_forward_hook(note) for layer in linear]
    tokenize = tokenize_with(find(DEFAULT_MODEL, report=print))
    with torch.no_grad():
        for example in examples:
            network([encode(example.question, p.shown, tokenize) for p in example.passages])
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


def export(
    weights: Sequence[Path], to: Path, *, examples: Iterable[Example], texts: Iterable[str]
) -> None:
    """Writes `evidence.onnx` and `tokenizer.json` into the folder `to`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    base = find(DEFAULT_MODEL, report=print)
    tokenizer = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    kept = kept_pieces(tokenizer, texts)
    network = load(*weights, base=base).eval()
    smooth(network, examples)
    to.mkdir(parents=True, exist_ok=True)
    cut = json.dumps(cut_tokenizer(tokenizer, kept), ensure_ascii=False)
    (to / "tokenizer.json").write_text(cut, encoding="utf-8")
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
            to / "evidence.onnx",
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Exports the weights of a file, or the mean of several."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.export")
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--examples", type=Path, required=True, help="to calibrate int8 on")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="files or folders")
    given = parser.parse_args(argv)
    files = [f for path in given.texts for f in (path.rglob("*") if path.is_dir() else [path])]
    texts = (f.read_text("utf-8", errors="replace") for f in files if f.is_file())
    export(given.weights, given.to, examples=islice(read(given.examples), CALIBRATION), texts=texts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
