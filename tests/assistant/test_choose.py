import numpy as np
import pytest
from store_samples import BagEmbedder, document, put

from assistant.choose import FEATURES, THRESHOLD, candidates, choose, features
from assistant.question import read_question
from assistant.retrieve import Found
from vectorstore import Passage, Sentence, Store

DOCUMENT = document("x" * 400, title="Summit note: Wales")


def passage(*sentences, language="en"):
    of = document("x" * 400, title="Summit note: Wales", language=language)
    made = Passage("p", of.id, 0, 400, of.text, ("Spending",), None, tuple(sentences))
    return Found(made, of, 1, 1, 2 / 61, 0.9)


def line(at, text, **more):
    return Sentence(((at, at + 10),), text, **more)


@pytest.fixture
def ask(tmp_path):
    with Store.open(tmp_path / "store", embedder=BagEmbedder(), mode="write") as store:
        put(store, document("Allies pledged money. Ships sailed. Rain fell."), "/docs/a")
        yield lambda text: read_question(text, language="en", store=store)


def chosen(question, found, cosines):
    """What is chosen when the sentences have these cosines with the question."""
    choice = choose(
        question,
        found,
        vector=np.ones(1, np.float32),
        embed=lambda texts: np.array(cosines, np.float32).reshape(-1, 1),
    )
    return choice, [evidence.sentence.text for evidence in choice.evidence]


def test_features_are_one_column_each_and_words_count_with_their_heading(ask):
    every = candidates([passage(line(0, "Allies pledged money."), line(20, "Rain fell?"))])
    rows = features(ask("What money was pledged on spending in Wales?"), every, np.zeros(2))
    assert rows.shape == (2, len(FEATURES))
    words = list(FEATURES).index("context words")
    asks = list(FEATURES).index("question")
    assert rows[0, words] == pytest.approx(1.0)
    assert 0 < rows[1, words] < 1  # the title and heading alone
    assert list(rows[:, asks]) == [0.0, 1.0]


def test_the_likeliest_sentence_is_chosen_and_an_unlikely_one_is_not(ask):
    found = [passage(line(0, "Rain fell."), line(20, "Allies pledged money."))]
    choice, texts = chosen(ask("What money was pledged?"), found, [0.7, 0.95])
    assert texts == ["Allies pledged money."]
    assert choice.confidence > 0.2


def test_weak_evidence_is_no_answer(ask):
    choice, texts = chosen(ask("What about whales?"), [passage(line(0, "Rain fell."))], [0.7])
    assert texts == []
    assert choice.confidence < THRESHOLD


def test_nothing_found_is_no_answer(ask):
    choice, texts = chosen(ask("What money was pledged?"), [], [])
    assert (texts, choice.confidence) == ([], 0.0)


def test_the_same_said_twice_is_given_once(ask):
    found = [passage(line(0, "Allies pledged money."), line(20, "The Allies pledged money."))]
    _, texts = chosen(ask("What money was pledged?"), found, [0.95, 0.95])
    assert len(texts) == 1


LIST = (
    line(0, "Allies pledged:"),
    line(20, "money", kind="item", lead=0),
    line(40, "ships", kind="item", lead=0),
    line(60, "men", kind="item", lead=0),
    line(80, "Rain fell."),
)


def test_a_lead_in_brings_its_whole_list_in_reading_order(ask):
    _, texts = chosen(ask("What was pledged?"), [passage(*LIST)], [0.97, 0.8, 0.8, 0.8, 0.7])
    assert texts == ["Allies pledged:", "money", "ships", "men"]


def test_an_item_brings_its_siblings_only_where_several_are_asked(ask):
    cosines = [0.7, 0.97, 0.7, 0.7, 0.7]
    _, several = chosen(ask("Which things were pledged, all of them?"), [passage(*LIST)], cosines)
    _, one = chosen(ask("How much money?"), [passage(*LIST)], cosines)
    assert several == ["money", "ships", "men"]
    assert one == ["money"]


def test_across_languages_only_names_and_figures_count_as_words(ask):
    question = ask("How much money did Norway pledge?")
    words = list(FEATURES).index("context words")
    dutch = candidates([passage(line(0, "Norway beloofde money."), language="nl")])
    english = candidates([passage(line(0, "Norway gave."))])
    row = features(question, dutch, np.zeros(1))[0, words]
    assert row == pytest.approx(1.0)
    assert features(question, english, np.zeros(1))[0, words] < 1
