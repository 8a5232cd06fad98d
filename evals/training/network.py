"""The evidence model as a torch network: an encoder over a whole passage, a score a sentence.

The encoder is that of multilingual-e5-small (BERT, 12 layers, 384 wide; its word embeddings
stay as they are). A sentence's logit comes from the mean of its tokens beside the first
token. Passages are laid end to end: nothing is padded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from assistant.ranker import Encoded
from vectorstore.model_files import DEFAULT_MODEL, find

__all__ = ["Network", "load", "save", "tokenize_with"]

HEADS, WIDTH = 12, 384


class Network(nn.Module):
    """`forward(encoded)` gives, for each passage, `(n_sentences,)` logits."""

    def __init__(self, base: Path | None = None) -> None:
        super().__init__()
        from transformers import BertModel

        folder = base or find(DEFAULT_MODEL, report=print)
        self.bert: Any = BertModel.from_pretrained(
            folder, add_pooling_layer=False, dtype=torch.float32
        )
        self.bert.embeddings.word_embeddings.weight.requires_grad = False
        last = nn.Linear(WIDTH, 1)
        # at first no sentence answers: most do not
        nn.init.zeros_(last.weight)
        nn.init.constant_(last.bias, -2.0)
        self.head = nn.Sequential(nn.Linear(2 * WIDTH, WIDTH), nn.GELU(), last)

    def forward(self, encoded: Sequence[Encoded]) -> tuple[Tensor, ...]:
        lengths = [len(one.ids) for one in encoded]
        states = self._embed(encoded)
        for layer in self.bert.encoder.layer:
            attended = _attend(layer.attention.self, states, lengths)
            attended = layer.attention.output.dense(attended)
            states = layer.attention.output.LayerNorm(attended + states)
            inner = functional.gelu(layer.intermediate.dense(states))
            states = layer.output.LayerNorm(layer.output.dense(inner) + states)
        return self._score(states.float(), encoded)

    def _embed(self, encoded: Sequence[Encoded]) -> Tensor:
        tables = self.bert.embeddings
        ids = torch.tensor([token for one in encoded for token in one.ids])
        places = torch.tensor([place for one in encoded for place in range(len(one.ids))])
        words = tables.word_embeddings(ids) + tables.position_embeddings(places)
        embedded: Tensor = tables.LayerNorm(words + tables.token_type_embeddings.weight[0])
        if torch.is_autocast_enabled("cpu"):
            # autocast leaves sums as they come: from here on they are as narrow as products
            embedded = embedded.to(torch.get_autocast_dtype("cpu"))
        return embedded

    def _score(self, states: Tensor, encoded: Sequence[Encoded]) -> tuple[Tensor, ...]:
        pooled, counts, base = [], [], 0
        for one in encoded:
            inside = states[base : base + len(one.ids)]
            owners = torch.tensor(one.owners)
            read = int(owners.max()) + 1
            share = torch.stack([(owners == n).float() for n in range(read)])
            means = share @ inside / share.sum(1, keepdim=True).clamp(min=1)
            pooled.append(torch.cat([means, inside[:1].expand(read, -1)], 1))
            counts.append(read)
            base += len(one.ids)
        logits = self.head(torch.cat(pooled)).squeeze(-1).float()
        return torch.split(logits, counts)


def _attend(attention: Any, states: Tensor, lengths: Sequence[int]) -> Tensor:
    """Attention within each passage. Faster on two cores than torch's own on padded rows."""
    scale = (WIDTH // HEADS) ** -0.5
    split = [list(lengths)] * 3
    parts = (attention.query(states) * scale, attention.key(states), attention.value(states))
    outs = []
    pieces = [part.split(sizes) for part, sizes in zip(parts, split, strict=True)]
    for query, key, value in zip(*pieces, strict=True):
        size = query.shape[0]
        heads = [x.view(size, HEADS, -1).transpose(0, 1) for x in (query, key, value)]
        weights = torch.bmm(heads[0], heads[1].transpose(1, 2))
        with torch.autocast("cpu", enabled=False):
            weights = weights.softmax(-1)
        outs.append(torch.bmm(weights, heads[2]).transpose(0, 1).reshape(size, WIDTH))
    return torch.cat(outs)


def tokenize_with(base: Path) -> Callable[[str], list[int]]:
    """The base model's tokenizer as a function from text to ids, without start and end."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)


def save(network: Network, path: Path) -> None:
    """Everything but the word embeddings, which are the base model's."""
    kept = {k: v for k, v in network.state_dict().items() if "word_embeddings" not in k}
    torch.save(kept, path)


def load(path: Path, *more: Path, base: Path | None = None) -> Network:
    """The network with the weights of `save`; of several files, with their mean.

    The mean of stages of one training is often better than each (Izmailov et al. 2018).
    """
    network = Network(base)
    kept = [torch.load(file, weights_only=True) for file in (path, *more)]
    mean = {name: sum(one[name] for one in kept) / len(kept) for name in kept[0]}
    network.load_state_dict(mean, strict=False)
    return network
