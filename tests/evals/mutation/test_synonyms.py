"""A synonym stands where the word did, in its form."""

import pytest
from pair_samples import varied

from evals.mutation.synonyms import synonym


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("They announced a fund.", "They unveiled a fund."),
        ("They announced that it is so.", None),
        ("They increased the budget.", "They raised the budget."),
        ("An increase of the budget.", None),
        ("It is a crucial step.", "It is an essential step."),
        ("They strengthened ties.", "They reinforced ties."),
        ("The United Nations met.", None),
        ("They said: “we will strengthen it”.", None),
    ],
)
def test_a_synonym_is_inflected_alike(old, new):
    assert varied(synonym, old) == ({new} if new else set())
