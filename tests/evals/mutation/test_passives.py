"""A simple active clause becomes passive, and no other."""

import pytest
from pair_samples import varied

from evals.mutation.passives import passive


@pytest.mark.parametrize(
    ("active", "changed"),
    [
        (
            "The leaders will strengthen the common fund in Oslo.",
            "The common fund will be strengthened by the leaders in Oslo.",
        ),
        (
            "NATO has created three new battlegroups in the east.",
            "Three new battlegroups have been created by NATO in the east.",
        ),
        (
            "We have launched a new platform on coercion.",
            "A new platform has been launched by us on coercion.",
        ),
        (
            "On 10 July 2024 leaders endorsed the Capacity Pledge.",
            "On 10 July 2024 the Capacity Pledge was endorsed by leaders.",
        ),
    ],
)
def test_a_simple_active_clause_becomes_passive(active, changed):
    assert varied(passive, active) == {changed}


@pytest.mark.parametrize(
    "sentence",
    [
        "The leaders will support Ukraine and continue to meet in Oslo.",
        "The leaders, who met here, will support the common fund.",
        "The leaders said that they will support the common fund.",
        "The plan announced the year before will support the fund.",
        "The leaders will not support the common fund in Oslo.",
        "The leaders will meet the press again in Oslo.",
        "The leaders will support each other in the fight.",
        "The leaders will provide Ukraine with more air defence.",
        "De leiders will support the common fund in Oslo, zeggen zij.",
    ],
)
def test_what_is_not_simple_stays_active(sentence):
    assert varied(passive, sentence) == set()
