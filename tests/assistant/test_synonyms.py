import pytest

from assistant.synonyms import GROUPS, same_meaning
from vectorstore import stems


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("bought", "acquired", "en"),
        ("purchases", "buying", "en"),
        ("Nations", "countries", "en"),
        ("started", "began", "en"),
        ("soldaten", "militairen", "nl"),
    ],
)
def test_words_of_one_meaning_are_known_in_their_forms(one, other, language):
    (stem,) = stems(other, language)
    assert stem in same_meaning(one, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bought", "sold"),
        ("joined", "left"),
        ("rose", "fell"),
        ("increase", "reduce"),
        ("pledged", "paid"),
        ("planned", "built"),
        ("began", "ended"),
        ("concluded", "ended"),  # an agreement
        ("welcomed", "condemned"),
        ("strengthen", "weaken"),
        ("lighthouse", "harbour"),
    ],
)
def test_words_of_another_direction_or_certainty_are_not(one, other):
    assert not set(stems(other, "en")) & same_meaning(one, "en")
    assert not set(stems(one, "en")) & same_meaning(other, "en")


@pytest.mark.parametrize("language", GROUPS)
def test_every_word_of_a_group_has_another(language):
    for group in GROUPS[language]:
        every = {stem for word in group.split() for stem in stems(word, language)}
        assert len(every) > 1, group
        for word in group.split():
            assert every <= same_meaning(word, language)


def test_a_language_without_groups_has_no_synonyms():
    assert same_meaning("köpa", "sv") == frozenset()


@pytest.mark.parametrize("word", ["U.S.", "§", "the"])
def test_what_has_no_stem_of_its_own_has_no_synonyms(word):
    assert same_meaning(word, "en") == frozenset()
