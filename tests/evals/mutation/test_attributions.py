"""Another summit, and a citation one sentence off: neither says what is claimed."""

import random
from dataclasses import replace

from pair_samples import claim, swapped

from evals.mutation.attributions import another_summit, neighbouring_sentence, summits_of
from evals.mutation.context import Context, Event
from evals.mutation.pairs import attribution


def test_another_summit_takes_an_event_that_does_not_say_so_too():
    def event(title, date, *sentences):
        return Event(title, date, "en", sentences)

    statement = "the leaders promised three brigades to Lithuania."
    made = replace(claim(attribution("A note", "2024-07-12", "en") + statement), quote=statement)
    same_month = event("Summit in Oslo", "2024-07-20", "Nothing was said.")
    says_so = event("Summit in Rome", "2019-07-12", "Leaders promised Lithuania three brigades.")
    other = event("Summit in Bonn", "2019-07-12", "Nothing was said.")
    context = Context({}, (same_month, says_so, other), {}, ())
    found = another_summit(made, context, random.Random(0))
    assert found.sentence == attribution("Summit in Bonn", "2019-07-12", "en") + statement
    context = Context({}, (same_month, says_so), {}, ())
    assert another_summit(made, context, random.Random(0)) is None


def test_a_summit_that_the_sentence_names_is_another_of_its_sort():
    context = Context({}, (), {}, ("Warsaw", "Madrid", "G20", "NATO"))
    sentence = "They did so at the <Madrid> summit of that year."
    assert swapped(another_summit, sentence, context=context) == {"Warsaw"}
    context = Context({}, (), {}, ("Warsaw", "The Hague"))
    quote = "The Madrid summit, not the The\nHague summit."
    assert swapped(another_summit, sentence, context=context, quote=quote) == {"Warsaw"}


def test_the_neighbour_cited_does_not_carry_the_claim():
    made = claim("The leaders promised three brigades to Lithuania.")
    repeats = "Three brigades for Lithuania were promised by leaders."
    near = {("note.md", made.quote): (repeats, "Mr Rutte took the chair.")}
    for seed in range(20):
        moved = neighbouring_sentence(made, Context(near, (), {}, ()), random.Random(seed))
        assert (moved.quote, moved.sentence) == ("Mr Rutte took the chair.", made.sentence)
    figure = claim("The leaders promised 3 brigades, or 1,500 million euros, to Lithuania.")
    less = "Leaders promised three brigades to Lithuania and 2 billion euros."
    same = "Leaders promised three brigades to Lithuania and **1.5\n  billion** euros."
    near = {("note.md", figure.quote): (less, same)}
    for seed in range(20):
        moved = neighbouring_sentence(figure, Context(near, (), {}, ()), random.Random(seed))
        assert moved.quote == less
    only = {("note.md", made.quote): (repeats,)}
    assert neighbouring_sentence(made, Context(only, (), {}, ()), random.Random(0)) is None


def test_summits_are_known_that_come_twice():
    said = ("At the Madrid summit.", "Then the Madrid summit ended.", "Not at the Oslo summit.")
    assert summits_of([claim(one) for one in said]) == ("Madrid",)
