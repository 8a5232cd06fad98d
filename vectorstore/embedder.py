"""What the store asks of an embedding model, whoever provides it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Embedder"]


class Embedder(Protocol):
    """A model that turns texts into vectors of unit length.

    The properties may load the model, so the store reads them only when it needs vectors.
    """

    @property
    def name(self) -> str:
        """The model as the settings name it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hex digest of the weights and the configuration."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts to be searched: `(len(texts), dimension)`, unit length."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: `(dimension,)`, unit length."""
        ...
