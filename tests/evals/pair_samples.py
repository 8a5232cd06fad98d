"""Short ways from a sentence to a pair, and to all sentences that a change of it gives."""

import random
import re

from evals.mutation.context import Context
from evals.mutation.pairs import Pair

EMPTY = Context({}, (), {}, ())


def claim(sentence, language="en", quote=None, title="A note"):
    quote = sentence if quote is None else quote
    date = "2024-07-12"
    return Pair("unchanged", True, sentence, quote, title, date, language, "note.md", sentence)


def varied(variation, sentence, language="en"):
    """Every sentence that a variation gives, over many draws."""
    made = [variation(claim(sentence, language), random.Random(seed)) for seed in range(60)]
    return {pair.sentence for pair in made if pair}


def mutated(mutation, sentence, language="en", *, context=EMPTY, quote=None):
    """Every sentence that a mutation gives, over many draws."""
    before = claim(sentence, language, quote)
    made = [mutation(before, context, random.Random(seed)) for seed in range(80)]
    return {pair.sentence for pair in made if pair}


def swapped(mutation, sentence, language="en", **given):
    """What stands in place of the words in "<>", and nothing else may differ."""
    head, tail = sentence.split("<")[0], sentence.split(">")[1]
    found = mutated(mutation, re.sub(r"[<>]", "", sentence), language, **given)
    assert all(one.startswith(head) and one.endswith(tail) for one in found)
    return {one[len(head) : len(one) - len(tail)] for one in found}
