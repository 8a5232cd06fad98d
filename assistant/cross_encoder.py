"""Cross-encoders that the user names, in place of the evidence and the entailment model."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.check import Cited
from assistant.entailment import belongs_to, told
from assistant.ranker import UNREAD, Reading
from vectorstore.model_files import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

__all__ = ["CrossEncoderEntailment", "CrossEncoderRanker", "CrossEncoderUnavailable"]


class CrossEncoderUnavailable(ModelUnavailable):
    """The cross-encoder cannot be loaded or used; the message says which and what to do."""


class CrossEncoderRanker:
    """A sentence-transformers cross-encoder, by name or folder; a `Ranker`.

    It is shown one sentence at a time, under its title, date and headings, and its raw
    score is taken as the logit. Making one is cheap; it is loaded when first asked
    (CrossEncoderUnavailable). The hub is asked only with `allow_download`.
    """

    def __init__(self, name: str, *, allow_download: bool = False) -> None:
        self._model = _Model(name, "SUMMIT_RANK_MODEL", allow_download=allow_download)

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
        scores = self._model.predict(pairs) if pairs else np.empty((0, 1), np.float32)
        if scores.shape[1:] != (1,):
            raise self._model.unfit("gives one score a pair", scores)
        ends = np.cumsum([len(shown.sentences) for shown in readings])
        return np.split(scores[:, 0], ends[:-1]) if readings else []


class CrossEncoderEntailment:
    """A cross-encoder for natural language inference, by name or folder; an `Entailment`.

    Of its labels one is called "entailment"; the others count as not entailed. It is loaded when
    first asked (CrossEncoderUnavailable). The hub is asked only with `allow_download`.
    """

    # Probabilities of 0.9, 0.5 and 0.1.
    sure, likely, unlikely = 2.2, 0.0, -2.2

    def __init__(self, name: str, *, allow_download: bool = False) -> None:
        self._model = _Model(name, "SUMMIT_NLI_MODEL", allow_download=allow_download)

    def score(self, claim: str, sources: Sequence[Cited]) -> float:
        """The logit that the sources, under what they belong to, entail the claim."""
        premise = "\n".join(
            dict.fromkeys(line for one in sources for line in (belongs_to(one), told(one)))
        )
        scores = self._model.predict([(premise, claim)])
        place = self._model.place_of("entailment")
        if place is None or scores.shape[1:] == (1,):
            raise self._model.unfit('has a label "entailment" beside others', scores)
        others = np.delete(scores[0], place)
        return float(scores[0, place] - np.logaddexp.reduce(others))


class _Model:
    """A cross-encoder by name or folder, for which `variable` is set."""

    def __init__(self, name: str, variable: str, *, allow_download: bool) -> None:
        self._name = name
        self._variable = variable
        self._allow_download = allow_download
        self._lock = threading.Lock()
        self._loaded: CrossEncoder | None = None

    def predict(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The raw scores `(pairs, labels)`."""
        from torch.nn import Identity

        with self._lock:
            scores = self._load().predict(
                list(pairs), activation_fn=Identity(), show_progress_bar=False
            )
        return np.asarray(scores, np.float32).reshape(len(pairs), -1)

    def place_of(self, label: str) -> int | None:
        """Which score is of a label; None where it has no such label."""
        with self._lock:
            config: Any = getattr(self._load().model, "config", None)
        labels = getattr(config, "id2label", None) or {}
        return next((int(i) for i, name in labels.items() if name.casefold() == label), None)

    def unfit(self, wanted: str, scores: NDArray[np.float32]) -> CrossEncoderUnavailable:
        """The error for a model of another kind than wanted."""
        return CrossEncoderUnavailable(
            f"The model {self._name!r} gives {scores.shape[-1]} scores a pair; name a "
            f"cross-encoder that {wanted} ({self._variable})."
        )

    def _load(self) -> CrossEncoder:
        if self._loaded is None:
            from sentence_transformers import CrossEncoder

            try:
                self._loaded = CrossEncoder(
                    self._name, device="cpu", local_files_only=not self._allow_download
                )
            except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
                raise CrossEncoderUnavailable(
                    f"The cross-encoder {self._name!r} cannot be loaded ({error}): name another "
                    f"in {self._variable}, or set SUMMIT_ALLOW_DOWNLOAD=1 to fetch it."
                ) from error
        return self._loaded
