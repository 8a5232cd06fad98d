"""Rates of checkers whose results are known beforehand, and how a checker is named."""

import math
import sys

import pytest

from evals.mutation.checkers import (
    ALL_FALSE,
    ALL_TRUE,
    Rate,
    as_shown,
    fact_by_fact,
    load_checker,
    measure,
    word_overlap,
)
from evals.mutation.pairs import Pair

QUOTE = "Allies intend to provide a minimum baseline funding of €40 billion within the year."


def pair(kind, *, supported, sentence=QUOTE, quote=QUOTE):
    return Pair(kind, supported, sentence, quote, "A note", "2024-07-12", "en", "n.md", QUOTE)


PAIRS = [
    *[pair("negation", supported=False)] * 3,
    *[pair("unchanged", supported=True)] * 5,
    *[pair("modality", supported=False)] * 2,
]


def shares(checker):
    return {rate.kind: rate.share.value for rate in measure(checker, PAIRS)}


def test_a_perfect_checker_catches_all_and_alarms_never():
    assert shares(lambda p: p.supported) == {
        "unchanged": 0.0,
        "negation": 1.0,
        "modality": 1.0,
        ALL_TRUE: 0.0,
        ALL_FALSE: 1.0,
    }


def test_one_that_says_yes_or_no_to_all():
    assert set(shares(lambda p: True).values()) == {0.0}
    assert set(shares(lambda p: False).values()) == {1.0}


def test_rates_count_by_kind_with_both_sums_last():
    rates = measure(lambda p: p.kind != "modality", iter(PAIRS))
    assert rates == (
        Rate("unchanged", True, 0, 5),
        Rate("negation", False, 0, 3),
        Rate("modality", False, 2, 2),
        Rate(ALL_TRUE, True, 0, 5),
        Rate(ALL_FALSE, False, 2, 5),
    )


def test_a_share_has_an_interval_around_it():
    figure = Rate("negation", False, 30, 100).share
    assert figure.value == pytest.approx(0.3)
    assert 0.2 < figure.low < 0.3 < figure.high < 0.4
    assert figure.n == 100


def test_without_pairs_a_share_is_undefined():
    rates = measure(lambda p: True, [])
    assert [(rate.kind, rate.total) for rate in rates] == [(ALL_TRUE, 0), (ALL_FALSE, 0)]
    assert all(math.isnan(rate.share.value) for rate in rates)


def test_each_pair_is_judged_once():
    seen = []
    measure(lambda p: bool(seen.append(p)), PAIRS)
    assert len(seen) == len(PAIRS)


@pytest.mark.parametrize(
    ("sentence", "accepted"),
    [
        (QUOTE, True),
        ("According to a note (2024-07-12), " + QUOTE, True),
        ("Allies do not intend to provide a minimum baseline funding of €40 billion.", True),
        ("Norway sent four hundred soldiers to the border of Finland.", False),
    ],
)
def test_word_overlap_sees_other_words_but_no_negation(sentence, accepted):
    assert word_overlap(pair("any", supported=True, sentence=sentence)) is accepted


def test_a_checker_is_loaded_by_its_name():
    assert load_checker("evals.mutation.checkers:word_overlap") is word_overlap


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("evals.mutation.checkers", "package.module:function"),
        ("evals.mutation.checkers:", "package.module:function"),
        (":word_overlap", "package.module:function"),
        ("evals.nowhere:check", "no module 'evals.nowhere'"),
        ("nowhere.at.all:check", "no module 'nowhere'"),
        ("evals.mutation.checkers:nothing", "'nothing' does not exist"),
        ("evals.mutation.checkers:ALL_TRUE", "'ALL_TRUE' is no function"),
    ],
)
def test_a_name_that_leads_nowhere_is_explained(name, says):
    with pytest.raises(ValueError, match=says):
        load_checker(name)


def test_an_error_within_the_module_is_not_taken_for_its_absence(tmp_path):
    (tmp_path / "broken_checker.py").write_text("import a_package_that_is_not_there\n")
    sys.path.insert(0, str(tmp_path))
    try:
        with pytest.raises(ModuleNotFoundError, match="a_package_that_is_not_there"):
            load_checker("broken_checker:check")
    finally:
        sys.path.remove(str(tmp_path))


def test_the_assistants_check_sees_the_change_that_word_overlap_does_not():
    changed = pair("negation", supported=False, sentence=QUOTE.replace("€40", "€30"))
    assert fact_by_fact(pair("unchanged", supported=True))
    assert word_overlap(changed)
    assert not fact_by_fact(changed)


def test_what_is_shown_as_supported_has_no_word_beyond_its_source():
    assert as_shown(pair("unchanged", supported=True))
    more = pair("another word", supported=False, sentence=f"{QUOTE[:-1]} reluctantly.")
    assert fact_by_fact(more)
    assert not as_shown(more)


def test_the_assistants_check_knows_the_title_and_the_date_of_a_pair():
    true = 'According to "A note" (2024-07-12), '
    assert fact_by_fact(pair("unchanged", supported=True, sentence=true + QUOTE))
    for false in (true.replace("2024", "2023"), true.replace("A note", "A Vilnius note")):
        assert not fact_by_fact(pair("another summit", supported=False, sentence=false + QUOTE))
