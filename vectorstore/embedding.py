"""Embeds text: the one door to sentence-transformers and torch."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .model_files import DEFAULT_MODEL, ModelUnavailable, Report, find, fingerprint, prompts

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

__all__ = ["DEFAULT_MODEL", "ModelUnavailable", "SentenceTransformerEmbedder"]

# Of 8, 16, 32 and 64 passages of 271 tokens: 36, 40, 25 and 28 passages a second (two cores).
BATCH_SIZE = 16


class SentenceTransformerEmbedder:
    """Embeds text with a sentence-transformers model; an `Embedder`.

    `name` is the default model, a folder, or a name on the Hugging Face hub. Making one
    is cheap: the model is looked for when `fingerprint` is first asked for and loaded
    when the first text is embedded (both may raise ModelUnavailable). A hub name is
    looked up in the hub's local cache; the hub itself is asked only with
    `allow_download`. The default model is looked for in `cache` first (a folder; the
    user's cache folder by default) and is rebuilt there from an installed wheel where
    the hub's copy is not to be had. `report` is told before anything that takes long.

    May be used from several threads; they take turns.
    """

    def __init__(
        self,
        name: str = DEFAULT_MODEL,
        *,
        allow_download: bool = False,
        cache: Path | None = None,
        report: Report | None = None,
    ) -> None:
        self._name = name
        self._allow_download = allow_download
        self._cache = cache
        self._report = report or (lambda message: None)
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._fingerprint: str | None = None
        self._model: SentenceTransformer | None = None
        self._prompts = ("", "")

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        """Hex digest of the weights and the configuration. Does not load the model."""
        with self._lock:
            if self._fingerprint is None:
                folder = self._found()
                self._fingerprint = fingerprint(folder, self._prompts)
            return self._fingerprint

    @property
    def dimension(self) -> int:
        """The length of a vector. Loads the model."""
        return int(self.embed_query("").shape[0])

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """`(n, dimension)`, each row of unit length, in the order of `texts`.

        Text beyond the model's limit (512 tokens for the default) is not seen. The more
        texts at once the better: they are batched by length.
        """
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._lock:
            model = self._loaded()
            vectors = model.encode_document(
                list(texts),
                prompt=self._prompts[1],
                batch_size=BATCH_SIZE,
                show_progress_bar=False,
            )
        return _unit(vectors)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """`(dimension,)`, of unit length."""
        with self._lock:
            model = self._loaded()
            vector = model.encode_query(text, prompt=self._prompts[0], show_progress_bar=False)
        return _unit(vector)

    def _found(self) -> Path:
        if self._folder is None:
            folder = find(
                self._name,
                allow_download=self._allow_download,
                cache=self._cache,
                report=self._report,
            )
            self._prompts = prompts(folder, self._name)
            self._folder = folder
        return self._folder

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            self._model = _load(self._found())
        return self._model


def _load(folder: Path) -> SentenceTransformer:
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    had_progress_bar = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": _dtype()}
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        raise ModelUnavailable(
            f"The embedding model in {str(folder)!r} cannot be loaded ({error}): delete "
            "the folder to have the model fetched anew, or name another in SUMMIT_EMBED_MODEL."
        ) from error
    finally:
        if had_progress_bar:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _dtype() -> torch.dtype:
    """bfloat16 where the CPU computes in it (three times faster), else float32."""
    import torch

    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return torch.bfloat16 if capabilities.get("avx512_bf16") else torch.float32


def _unit(vectors: Any) -> NDArray[np.float32]:
    """Float32 rows of unit length; the model's own are so only to bfloat16's three digits."""
    rows: NDArray[np.float32] = np.asarray(vectors, np.float32)
    rows /= np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows
