"""Scores sentences with a cross-encoder that the user names, in place of the evidence model."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.ranker import UNREAD, Reading
from vectorstore.model_files import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["CrossEncoderRanker", "RankerUnavailable"]


class RankerUnavailable(ModelUnavailable):
    """The cross-encoder cannot be loaded or used; the message says which and what to do."""


class CrossEncoderRanker:
    """A sentence-transformers cross-encoder, by name or folder; a `Ranker`.

    It is shown one sentence at a time, under its title, date and headings, and its raw
    score is taken as the logit. Making one is cheap; it is loaded when first asked
    (RankerUnavailable). The hub is asked only with `allow_download`.
    """

    def __init__(self, name: str, *, allow_download: bool = False) -> None:
        self._name = name
        self._allow_download = allow_download
        self._lock = threading.Lock()
        self._model: CrossEncoder | None = None

    def score(
        self, question: str, readings: Sequence[Reading], said: Sequence[Reading] = ()
    ) -> list[NDArray[np.float32]]:
        """For each reading a logit for each of its sentences.

        It cannot tell what a sentence adds to others: with `said`, none does (`UNREAD`).
        """
        if said:
            return [np.full(len(shown.sentences), UNREAD, np.float32) for shown in readings]
        pairs = [
            (question, f"{shown.heading}\n{sentence}")
            for shown in readings
            for sentence in shown.sentences
        ]
        with self._lock:
            scores = self._predict(pairs) if pairs else np.empty(0, np.float32)
        ends = np.cumsum([len(shown.sentences) for shown in readings])
        return np.split(scores, ends[:-1]) if readings else []

    def _predict(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        from torch.nn import Identity

        scores = np.asarray(
            self._loaded().predict(list(pairs), activation_fn=Identity(), show_progress_bar=False),
            np.float32,
        )
        if scores.shape != (len(pairs),):
            raise RankerUnavailable(
                f"The model {self._name!r} gives {scores.shape[-1]} scores a pair; name a "
                "cross-encoder that gives one (SUMMIT_RANK_MODEL)."
            )
        return scores

    def _loaded(self) -> CrossEncoder:
        if self._model is None:
            from sentence_transformers import CrossEncoder

            try:
                self._model = CrossEncoder(
                    self._name, device="cpu", local_files_only=not self._allow_download
                )
            except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
                raise RankerUnavailable(
                    f"The cross-encoder {self._name!r} cannot be loaded ({error}): name another "
                    "in SUMMIT_RANK_MODEL, or set SUMMIT_ALLOW_DOWNLOAD=1 to fetch it."
                ) from error
        return self._model
