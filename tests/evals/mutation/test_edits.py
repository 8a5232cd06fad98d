"""A change to a claim: one place of its sentence, and its head stays a head."""

import random

from pair_samples import claim

from evals.mutation.edits import falsified, in_quotation, one_line, reworded


def test_a_place_within_quotation_marks_is_known():
    text = "He said “we will” and ‘so’ it’s."
    assert [in_quotation(text, text.index(word)) for word in ("we", "so", "and", "it")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_reworded_claim_is_true_and_begins_as_before():
    before = claim("Two of them met in Oslo.")
    after = reworded(before, "synonym", [(0, 3, "both")], random.Random(0))
    assert (after.sentence, after.supported) == ("Both of them met in Oslo.", True)
    assert (after.kind, after.origin) == ("synonym", before.sentence)
    assert reworded(before, "synonym", [], random.Random(0)) is None


def test_a_falsified_claim_is_another_one():
    before = claim("Two of them met in Oslo.")
    after = falsified(before, "another number", (0, 3), "Six")
    assert (after.sentence, after.supported) == ("Six of them met in Oslo.", False)
    assert falsified(before, "another number", (0, 3), "Two") is None


def test_a_quote_on_one_line_has_no_marks_of_emphasis():
    assert one_line("**1.5\n  billion** <u>or</u> _more_ of snake_case") == (
        "1.5 billion or more of snake_case"
    )
