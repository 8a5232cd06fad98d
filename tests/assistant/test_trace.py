from dataclasses import replace

from store_samples import document

from assistant.choose import THRESHOLD
from assistant.evidence import Choice, Evidence
from assistant.retrieve import Found
from assistant.trace import Chosen, Considered, Trace, trace_of
from vectorstore import Passage, Sentence

TEXT = "Allies  pledged\nmoney. " + "Ships sailed. " * 40
DOCUMENT = document(TEXT, title="Wales")


def found(number, *, fused, lexical=1, dense=None):
    passage = Passage(
        f"p{number}", DOCUMENT.id, 0, len(TEXT), TEXT, ("Wales", "Money", "Shares"), None, ()
    )
    return Found(passage, DOCUMENT, lexical, dense, fused, None)


def test_passages_come_with_their_ranks_best_first():
    first, second = found(1, fused=0.016), found(2, fused=0.032, lexical=None, dense=4)
    made = trace_of([first, second], Choice((), 0.05))
    assert [(one.fused, one.lexical, one.dense) for one in made.considered] == [
        (0.032, None, 4),
        (0.016, 1, None),
    ]
    one = made.considered[0]
    assert (one.title, one.heading, one.language) == ("Wales", "Money › Shares", "en")
    assert one.preview.startswith("Allies pledged money. Ships") and len(one.preview) <= 160
    assert one.preview.endswith("…")
    assert (made.read, made.chosen, made.threshold) == (2, (), THRESHOLD)


def test_no_more_passages_are_kept_than_can_be_read():
    made = trace_of([found(n, fused=n / 1000) for n in range(1, 41)], Choice((), 0.05))
    assert (made.read, len(made.considered)) == (40, 24)
    assert made.considered[-1].fused == 17 / 1000


def test_the_chosen_sentences_come_with_their_probability_in_the_order_of_the_answer():
    item = found(1, fused=0.03)
    evidence = tuple(
        Evidence(Sentence(((0, 5),), text), item, probability)
        for text, probability in (("Ships sailed.", 0.25), ("Allies  paid.", 0.75))
    )
    assert trace_of([item], Choice(evidence, 0.9)).chosen == (
        Chosen("Wales", DOCUMENT.date, "en", "Ships sailed.", 0.25),
        Chosen("Wales", DOCUMENT.date, "en", "Allies paid.", 0.75),
    )


def test_a_document_without_a_title_is_named_by_its_source():
    item = found(1, fused=0.03)
    untitled = replace(item, document=replace(DOCUMENT, title=""))
    (one,) = trace_of([untitled], Choice((), 0.0)).considered
    assert one.title == DOCUMENT.source


def test_a_trace_is_small_enough_to_be_kept_with_every_answer():
    made = trace_of([found(n, fused=n / 1000) for n in range(1, 41)], Choice((), 0.05))
    assert isinstance(made, Trace) and isinstance(made.considered[0], Considered)
    assert len(repr(made)) < 24 * 500
