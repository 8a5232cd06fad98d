"""What all rewordings have in common."""

import random

from pair_samples import claim

from evals.mutation.variations import VARIATIONS


def test_a_variation_is_true_and_touches_only_the_sentence():
    before = claim("They met on 3 May 2024 with 23 leaders of all countries.")
    for kind, variation in VARIATIONS.items():
        after = variation(before, random.Random(0))
        if after is not None:
            assert (after.kind, after.supported, after.quote) == (kind, True, before.quote)
            assert after.origin == before.sentence != after.sentence
