"""A model of a few hundred weights in the wheel's format, written here from its description."""

import hashlib
import struct
from pathlib import Path

import numpy as np

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁pact", "▁peace", "s", "a", "e", "t", "<mask>")
SCORES = (0.0, 0.0, 0.0, 0.0, -2.5, -1.5, -1.25, -3.0, -3.25, -3.5, -3.75, 0.0)
HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS, TYPES = 8, 1, 2, 16, 16, 16, 2

FOUR_BIT_SIZES = {"emb.word": VOCABULARY * HIDDEN} | {
    f"l0.{name}.w": HIDDEN * HIDDEN for name in ("q", "k", "v", "ao")
}
FOUR_BIT_SIZES |= {f"l0.{name}.w": HIDDEN * FEED_FORWARD for name in ("fi", "fo")}
FLOAT_SIZES = {"emb.pos": POSITIONS * HIDDEN, "emb.type": TYPES * HIDDEN, "l0.fi.b": FEED_FORWARD}
FLOAT_SIZES |= {f"l0.{name}.b": HIDDEN for name in ("q", "k", "v", "ao", "fo")}
FLOAT_SIZES |= {
    f"{norm}.{part}": HIDDEN for norm in ("emb.ln", "l0.aln", "l0.oln") for part in ("w", "b")
}


def write(path: Path, *, seed: int = 0, block: int = 32) -> dict[str, np.ndarray]:
    """Write the file; returns the tensors that it stands for, reckoned weight by weight."""
    random = np.random.default_rng(seed)
    tensors, stored = {}, {}
    for name, size in FOUR_BIT_SIZES.items():
        tensors[name], stored[name] = _four_bit(random, size)
    for name, size in FLOAT_SIZES.items():
        tensors[name] = random.normal(size=size).astype("<f4")
        stored[name] = tensors[name].tobytes()
    text = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS, TYPES)
    head += struct.pack("<fi", 1e-12, block)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text))
    head += offsets.tobytes() + np.array(SCORES, "<f4").tobytes() + text
    head += struct.pack("<iI", 1, 8) + b"\xff" * 8
    head += struct.pack("<i", len(stored))
    offset = len(head) + sum(2 + len(name) + 21 for name in stored)
    for name, data in stored.items():
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", name in FOUR_BIT_SIZES, tensors[name].size, offset, len(data))
        offset += len(data)
    path.write_bytes(head + b"".join(stored.values()))
    return tensors


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _four_bit(random: np.random.Generator, size: int) -> tuple[np.ndarray, bytes]:
    weights, data = [], b""
    for _ in range(size // 32):
        scale = np.float16(random.uniform(0.01, 0.2))
        codes = [int(code) for code in random.integers(0, 16, 32)]
        weights += [np.float32(scale) * np.float32(code - 8) for code in codes]
        low, high = codes[:16], codes[16:]
        data += scale.tobytes() + bytes(a | b << 4 for a, b in zip(low, high, strict=True))
    return np.array(weights, np.float32), data
