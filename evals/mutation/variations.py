"""Harmless rewordings of a true claim, by kind; a checker should accept what each of them gives."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

from evals.mutation.notations import date_reworded, figure_reworded, figure_translated
from evals.mutation.pairs import Pair
from evals.mutation.passives import passive
from evals.mutation.synonyms import synonym

__all__ = ["VARIATIONS", "Variation"]

Variation = Callable[[Pair, random.Random], "Pair | None"]
VARIATIONS: Mapping[str, Variation] = MappingProxyType(
    {
        "date reworded": date_reworded,
        "figure reworded": figure_reworded,
        "passive": passive,
        "synonym": synonym,
        "figure translated": figure_translated,
    }
)
