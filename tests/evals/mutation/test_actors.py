"""Another actor: a name of the same kind, from the documents and not in the quote."""

import pytest
from pair_samples import claim, mutated, swapped

from evals.mutation.actors import another_actor, names_of
from evals.mutation.context import Context

NAMES = Context(
    {},
    (),
    {
        ("en", "country", ""): ("France", "Norway", "Japan"),
        ("en", "country", "the"): ("Netherlands", "United States"),
        ("en", "person", "President"): ("Joe Biden", "Biden", "Emmanuel Macron"),
        ("en", "body", "the"): ("IMF", "WHO"),
    },
    (),
)


def test_another_actor_is_of_the_same_kind_and_not_in_the_quote():
    def swap(sentence, quote=None):
        return swapped(another_actor, sentence, context=NAMES, quote=quote)

    assert swap("Then <France> agreed to it.") == {"Norway", "Japan"}
    assert swap("Then the <United States> agreed to it.") == {"Netherlands"}
    assert swap("Then President <Biden> agreed to it.") == {"Emmanuel Macron"}
    spelt = Context({}, (), {("en", "person", "President"): ("Zelenskiy", "Macron")}, ())
    assert mutated(another_actor, "Then President Zelenskyy agreed.", context=spelt) == {
        "Then President Macron agreed."
    }
    assert swap("Then the <IMF> agreed to it.") == {"WHO"}
    assert swap("Then <France> agreed to it.", "France and Norway agreed.") == {"Japan"}


@pytest.mark.parametrize(
    "sentence", ["The Bank of France agreed to it.", "They met in Paris, France, for it."]
)
def test_a_country_within_a_longer_name_stays(sentence):
    assert mutated(another_actor, sentence, context=NAMES) == set()


def test_a_name_is_known_by_the_word_before_it_and_never_written_small():
    mixed = ("Then Canada agreed.", "Then Canada paid.", "Then the Canada plan was made.")
    actors = names_of([claim(text) for text in mixed])
    assert actors["en", "country", ""] == ("Canada",)
    assert actors["en", "country", "the"] == ()
    small = ("Then Chad agreed.", "Then Canada agreed.", "A hanging chad was found.")
    assert names_of([claim(text) for text in small])["en", "country", ""] == ("Canada",)
