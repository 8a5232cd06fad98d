"""An embedding model that does not keep others waiting while it embeds a long document."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore import Embedder

__all__ = ["Yielding"]

# Two batches of the default model, about a second on two cores.
AT_ONCE = 32
# A lock that is taken again at once is not had by those who wait for it.
PAUSE_SECONDS = 0.005


class Yielding:
    """An `Embedder` over another one, which several threads share by turns."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._embedder.embed_query(text)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the other does, but some at a time, those of like length together."""
        if not texts:
            return self._embedder.embed_passages(texts)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        made: list[NDArray[np.float32]] = []
        for start in range(0, len(order), AT_ONCE):
            some = [texts[row] for row in order[start : start + AT_ONCE]]
            made.append(self._embedder.embed_passages(some))
            time.sleep(PAUSE_SECONDS)
        whole = np.empty((len(texts), made[0].shape[1]), np.float32)
        whole[order] = np.concatenate(made)
        return whole
