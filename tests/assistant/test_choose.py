import re
from dataclasses import replace

import numpy as np
import pytest
from store_samples import BagEmbedder, document, put

from assistant.choose import (
    ADDS,
    AGAIN,
    FEATURES,
    GAP,
    NEXT,
    THRESHOLD,
    choose,
    evidence_logits,
    features,
)
from assistant.evidence import candidates
from assistant.question import read_question
from assistant.ranker import Reading, reading
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


class Told:
    """A ranker that says what it was told to: in order, and after what was said by `adding`."""

    def __init__(self, logits, adding=None):
        self.logits = logits
        self.adding = adding or {}

    def score(self, question, readings, said=()):
        if said:
            adds = self.adding.get(tuple(one.sentences[0] for one in said), {})
            return [np.array([adds.get(s, -5) for s in r.sentences], np.float32) for r in readings]
        given = iter(self.logits)
        return [np.array([next(given) for _ in r.sentences], np.float32) for r in readings]


def chosen(question, found, logits, adding=None):
    """What is chosen when the evidence model gives the sentences these logits."""
    choice = choose(question, found, ranker=Told(logits, adding))
    return choice, [evidence.sentence.text for evidence in choice.evidence]


def test_features_are_one_column_each_and_words_count_with_their_heading(ask):
    every = candidates([passage(line(0, "Allies pledged money."), line(20, "Rain fell."))])
    rows = features(
        ask("What money was pledged on spending in Wales?"), every, np.zeros(2, np.float32)
    )
    assert rows.shape == (2, len(FEATURES))
    words = list(FEATURES).index("context words")
    assert rows[0, words] == pytest.approx(1.0)
    assert 0 < rows[1, words] < 1  # the title and heading alone


def test_the_likeliest_sentence_is_chosen_and_an_unlikely_one_is_not(ask):
    found = [passage(line(0, "Rain fell."), line(20, "Allies pledged money."))]
    choice, texts = chosen(ask("What money was pledged?"), found, [-8, 4])
    assert texts == ["Allies pledged money."]
    assert choice.confidence > 0.5


def test_a_line_that_only_refers_to_a_source_comes_after_what_tells(ask):
    reference = line(0, "Harbour board, remarks, https://harbour.example/a.htm", kind="note")
    found = [passage(reference, line(20, "Ships sailed."))]
    question = ask("Who spoke for the harbour board?")
    assert chosen(question, found, [3, 1])[1] == ["Ships sailed."]
    assert chosen(question, found, [8, 1])[1] == [reference.text]


def test_weak_evidence_is_no_answer(ask):
    choice, texts = chosen(ask("What about whales?"), [passage(line(0, "Rain fell."))], [-7])
    assert texts == []
    assert choice.confidence < THRESHOLD


def test_without_an_answer_the_passages_with_the_likeliest_sentences_are_named(ask):
    found = [
        replace(one, passage=replace(one.passage, id=str(number)))
        for number, one in enumerate([passage(line(40 * n, f"Ship {n} sailed.")) for n in range(5)])
    ]
    choice = choose(ask("What was pledged?"), found, ranker=Told([-5, -3.5, -5, -3, -4]))
    assert [one.passage.id for one in choice.nearest] == ["3", "1", "4"]
    assert choice.evidence == ()


def test_nothing_found_is_no_answer(ask):
    choice, texts = chosen(ask("What money was pledged?"), [], [])
    assert (texts, choice.confidence) == ([], 0.0)


def test_the_same_said_twice_is_given_once(ask):
    found = [passage(line(0, "Allies pledged money."), line(20, "The Allies pledged money."))]
    _, texts = chosen(ask("What money was pledged?"), found, [4, 4])
    assert len(texts) == 1


def test_what_other_documents_say_alike_is_a_twin_unless_a_figure_differs(ask):
    text = "The Allies pledged {} million euros for the fund in Oslo{}."
    said = (text.format(3, ""), text.format(3, " today"), text.format(4, ""))
    found = []
    for at, words in enumerate(said):
        of = document("xyz"[at] * 400)
        lines = (line(0, words),)
        made = Passage(f"p{at}", of.id, 0, 400, of.text, (), None, lines)
        found.append(Found(made, of, 1, 1, 2 / 61, 0.9))
    choice, texts = chosen(ask("What was pledged?"), found, [4, 2, 1])
    assert texts == [said[0]]
    assert [twin.sentence.text for twin in choice.evidence[0].twins] == [said[1]]
    # where the passages were folded into one
    folded = [replace(found[0], twins=(found[1],)), found[2]]
    choice, _ = chosen(ask("What was pledged?"), folded, [4, 1])
    assert [twin.sentence.text for twin in choice.evidence[0].twins] == [said[1]]


def test_the_highest_logit_counts_where_passages_overlap(ask):
    found = [
        passage(line(0, "Rain fell."), line(20, "Allies paid.")),
        passage(line(20, "Allies paid.")),
    ]
    every = candidates(found)
    logits = evidence_logits(ask("Who paid?"), found, every, Told([-3, 1, 2]))
    assert [c.sentence.text for c in every] == ["Rain fell.", "Allies paid."]
    assert list(logits) == [-3, 2]


LIST = (
    line(0, "Allies pledged:"),
    line(20, "money", kind="item", lead=0),
    line(40, "ships", kind="item", lead=0),
    line(60, "men", kind="item", lead=0),
    line(80, "Rain fell."),
)


def test_a_lead_in_brings_the_items_that_may_answer_in_reading_order(ask):
    _, texts = chosen(ask("What was pledged?"), [passage(*LIST)], [4, 3, 3, -6, -8])
    assert texts == ["Allies pledged:", "money", "ships"]


def test_an_item_brings_the_items_beside_it_that_may_answer_and_no_others(ask):
    _, all_of_them = chosen(ask("What was pledged?"), [passage(*LIST)], [-8, 4, 3, 3, -8])
    _, one = chosen(ask("How much money?"), [passage(*LIST)], [-8, 4, -6, -6, -8])
    assert all_of_them == ["money", "ships", "men"]
    assert one == ["money"]


def test_several_items_from_the_first_on_bring_what_introduces_them(ask):
    text = "Allies pledged:\n\n- money;\n- ships;\n- men."
    of = document(text, title="Summit note: Wales")
    opening = Sentence(((0, 15),), "Allies pledged:")
    items = [
        Sentence(((text.index(word), text.index(word) + len(word)),), word, kind="item", lead=0)
        for word in ("money;", "ships;", "men.")
    ]
    made = Passage("p", of.id, 0, len(text), text, (), None, (opening, *items))
    found = [Found(made, of, 1, 1, 2 / 61, 0.9)]
    question = ask("What was pledged?")
    assert chosen(question, found, [-9, 4, 3, -9])[1] == ["Allies pledged:", "money;", "ships;"]
    # apart from it they would be a citation more
    assert chosen(question, found, [-9, -9, 4, 3])[1] == ["ships;", "men."]
    assert chosen(question, found, [-9, 4, -9, -9])[1] == ["money;"]


def test_a_lead_in_alone_brings_its_whole_list(ask):
    _, texts = chosen(ask("What was pledged?"), [passage(*LIST)], [4, -9, -9, -9, -9])
    assert texts == ["Allies pledged:", "money", "ships", "men"]


@pytest.mark.parametrize("between", ["\n\n", "\n\nBy whom:\n\n"])
def test_a_lead_in_alone_brings_the_table_right_after_it(ask, between):
    texts = ("Allies pledged:", "What | How much", "money | 2%", "ships | 9", "Rain fell.")
    text = texts[0] + between + "\n".join(texts[1:])
    of = document(text, title="Summit note: Wales")
    places = [(text.index(one), text.index(one) + len(one)) for one in texts]
    kinds = ("sentence", "row", "row", "row", "sentence")
    leads = (None, None, places[1][0], places[1][0], None)
    sentences = tuple(
        Sentence((place,), one, kind=kind, lead=lead)
        for place, one, kind, lead in zip(places, texts, kinds, leads, strict=True)
    )
    made = Passage("p", of.id, 0, len(text), text, (), None, sentences)
    found = [Found(made, of, 1, 1, 2 / 61, 0.9)]
    question = ask("What was pledged?")
    alone = list(texts[:4]) if between == "\n\n" else ["Allies pledged:"]
    assert chosen(question, found, [4, -9, -9, -9, -9])[1] == alone
    # a row that is chosen beside it says what it introduces
    adding = {(texts[0],): {texts[2]: 9}}
    assert chosen(question, found, [4, -9, -9, -9, -9], adding)[1] == [texts[0], texts[2]]


FAR = (
    line(0, "Norway paid money."),
    line(20, "It rained."),
    line(40, "Ships sailed."),
    line(60, "Men came."),
    line(80, "Women came later."),
)


def test_one_sentence_is_added_that_adds_to_the_best(ask):
    # alike but for what they add
    logits = [4.0, 1.0, 1.0, 1.0, 1.0]
    paid, rained, _, came, later = (one.text for one in FAR)

    def after(adds):
        return chosen(ask("What was pledged?"), [passage(*FAR)], logits, {(paid,): adds})[1]

    gap = 3.0 * FEATURES["evidence"] * GAP
    assert after({}) == [paid]
    assert after({came: ADDS + gap - 0.1}) == [paid]
    assert after({came: ADDS + gap + 0.1}) == [paid, came]
    # one and no more, and not what is there
    assert after({later: ADDS + gap + 2, came: ADDS + gap + 1, paid: 9}) == [paid, later]
    # what stands beside the best needs less
    assert after({rained: ADDS + gap - NEXT + 0.1}) == [paid, rained]
    assert after({came: ADDS + gap - NEXT + 0.1}) == [paid]


def test_what_was_likelier_from_the_first_needs_to_add_less(ask):
    paid, _, sailed, came, _ = (one.text for one in FAR)
    adds = {(paid,): {sailed: ADDS + 1, came: ADDS + 1}}
    _, texts = chosen(ask("What?"), [passage(*FAR)], [4.0, -9.0, 3.0, -4.0, -9.0], adds)
    assert texts == [paid, sailed]
    _, texts = chosen(ask("What?"), [passage(*FAR)], [4.0, -9.0, -4.0, -4.0, -9.0], adds)
    assert texts == [paid]


def test_a_sentence_that_points_back_brings_the_one_before_it(ask):
    text = "Rain fell. Ms Ward chairs the board. She leaves in May.\n\nIt holds. Ships sailed."
    of = document(text, title="Harbour")
    places = [(m.start(), m.end()) for m in re.finditer(r"[A-Z][^.]*\.", text)]
    lines = [Sentence((place,), text[slice(*place)]) for place in places]
    found = [Found(Passage("p", of.id, 0, len(text), text, (), None, tuple(lines)), of, 1, 1, 1, 1)]
    leaving = ask("Who leaves the harbour board in May?")
    assert chosen(leaving, found, [-9, -9, 5, -9, -9])[1] == [
        "Ms Ward chairs the board.",
        "She leaves in May.",
    ]
    assert chosen(leaving, found, [-9, -9, -9, 5, -9])[1] == ["It holds."]
    assert chosen(leaving, found, [-9, 5, -9, -9, -9])[1] == ["Ms Ward chairs the board."]


def test_logits_beyond_what_a_probability_can_hold_are_borne(ask):
    _, texts = chosen(ask("What?"), [passage(*FAR)], [900.0, -900.0, 800.0, -900.0, -900.0])
    assert texts == [FAR[0].text]


def test_what_is_chosen_is_shown_again_with_its_heading_and_speaker(ask):
    told = []

    class Listening(Told):
        def score(self, question, readings, said=()):
            told.extend(said)
            return super().score(question, readings, said)

    spoken = passage(line(0, "We pay.", speaker="Rutte"), line(20, "It rained."))
    choose(ask("What was pledged?"), [spoken], ranker=Listening([4.0, -9.0]))
    shown = reading(spoken.document, spoken.passage)
    assert told == [Reading(shown.heading, ("Rutte: We pay.",))]


def test_only_the_likeliest_passages_are_read_again(ask):
    seen = []

    class Watching(Told):
        def score(self, question, readings, said=()):
            if said:
                seen.append([r.sentences[0] for r in readings])
            return super().score(question, readings, said)

    many = []
    for n in range(AGAIN + 4):
        one = passage(line(20 * n, f"Country {n} paid."))
        many.append(replace(one, passage=replace(one.passage, id=f"p{n}")))
    logits = [float(n) / 4 for n in range(AGAIN + 4)]
    choose(ask("What was pledged?"), many, ranker=Watching(logits))
    assert seen == [[f"Country {n} paid." for n in reversed(range(4, AGAIN + 4))]]


@pytest.mark.parametrize(
    ("text", "language", "who"),
    [
        ("Who pledged money?", "en", True),
        ("Which Baltic minister spoke for it?", "en", True),
        ("Which fund pays?", "en", False),
        ("Wie betaalt het fonds?", "nl", True),
        ("Wie groß ist der Fonds?", "de", False),
        ("Wer zahlt?", "de", True),
        ("Quel ministre a parlé ?", "fr", True),
    ],
)
def test_a_question_tells_whether_a_person_is_asked_for(tmp_path, text, language, who):
    with Store.open(tmp_path / "store", embedder=BagEmbedder(), mode="write") as store:
        assert read_question(text, language=language, store=store).who is who


def test_across_languages_only_names_and_figures_count_as_words(ask):
    question = ask("How much money did Norway pledge?")
    words = list(FEATURES).index("context words")
    dutch = candidates([passage(line(0, "Norway beloofde money."), language="nl")])
    english = candidates([passage(line(0, "Norway gave."))])
    row = features(question, dutch, np.zeros(1, np.float32))[0, words]
    assert row == pytest.approx(1.0)
    assert features(question, english, np.zeros(1, np.float32))[0, words] < 1
