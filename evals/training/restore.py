"""Takes the weights back out of a model as it is shipped, to train on from them.

    pip install -c constraints.txt -e '.[train]'
    python -m evals.training.restore assistant/model/evidence.onnx --to START.pt

They are those that were trained but for the rounding to int8.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from evals.training.network import Network, save

__all__ = ["restored"]

# What `export.Graph` calls the network, and the table of which it adds one row to every token.
OWNER, TYPES = "network.", "bert.embeddings.token_type_embeddings.weight"


def restored(file: Path) -> Network:
    """The network whose export the file is."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(file)).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    network = Network()
    known = network.state_dict()
    for name in known:
        if name == TYPES:
            # The one vector beside the named ones.
            (row,) = (
                v for k, v in held.items() if not k.startswith(OWNER) and v.ndim == 1 and v.size > 1
            )
            known[name][0] = torch.tensor(row)
        elif "word_embeddings" not in name:
            known[name] = torch.tensor(_weights(held, f"{OWNER}{name}"))
    network.load_state_dict(known)
    return network


def _weights(held: Mapping[str, NDArray[np.float32]], name: str) -> NDArray[np.float32]:
    """A tensor as it was before it was smoothed, transposed and made int8."""
    if f"{name}_quantized" not in held:
        return held[name]
    shifted = held[f"{name}_quantized"].astype(np.float32) - held[f"{name}_zero_point"]
    weight = shifted * held[f"{name}_scale"]
    inverse = held.get(f"{name.removesuffix('weight')}inverse")
    if inverse is not None:
        weight = inverse[:, None] * weight
    return np.ascontiguousarray(weight.T)


def main(argv: Sequence[str] | None = None) -> int:
    """Restores the weights of a file."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.restore")
    parser.add_argument("model", type=Path)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args(argv)
    save(restored(given.model), given.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
