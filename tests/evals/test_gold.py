import pytest
from eval_samples import PLEDGES, question, small_library

from evals.gold import locate
from evals.questions import QuestionsError


def test_gold_stands_where_the_document_has_it(tmp_path):
    asked = question("3 billion", evidence=[("pledges.md", "The  Netherlands pledged")])
    with small_library(tmp_path) as library:
        (place,) = locate(asked, library)
        start, end = library.plain(place.document).original(place.span)
        assert PLEDGES[start:end] == "The Netherlands pledged"
        assert library.document(place.document).source == "pledges.md"


def test_every_place_of_the_same_words_is_gold(tmp_path):
    asked = question("summit", evidence=[("pledges.md", "Summit"), ("earlier.md", "The summit")])
    with small_library(tmp_path) as library:
        assert len({place.document for place in locate(asked, library)}) == 2


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (("nowhere.md", "Allies"), "'nowhere.md', which is none of the 2"),
        (("pledges.md", "EUR 50 billion"), "words that 'pledges.md' does not have"),
    ],
)
def test_lost_evidence_is_an_error_not_a_lower_figure(tmp_path, evidence, says):
    with small_library(tmp_path) as library, pytest.raises(QuestionsError, match=says):
        locate(question("x", evidence=[evidence]), library)
