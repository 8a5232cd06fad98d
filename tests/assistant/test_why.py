from dataclasses import replace

import pytest
from page_samples import HOSTILE, KNOWN_ATTRIBUTES, KNOWN_TAGS, Page, traced

from assistant.answers import Answer, Seconds
from assistant.why import why

ANSWER = Answer(
    question="And when?",
    standalone_question="And when? (railway)",
    answer="In 2026.",
    abstained=False,
    language="en",
    engine="extractive",
    sentences=(),
    citations=(),
    seconds=Seconds(1.0, 1.26),
    confidence=0.62,
    trace=traced(),
)


def facts(answer):
    page = Page(why(0, answer))
    names = [text for _, _, text in page.of_tag("dt")]
    return dict(zip(names, [text for _, _, text in page.of_tag("dd")], strict=True))


def test_it_tells_what_was_searched_for_how_sure_it_is_and_how_long_it_took():
    assert facts(ANSWER) == {
        "Searched for": "And when? (railway)",
        "Confidence": "0.62, at or above the 0.17 that an answer needs",
        "Passages read": "2",
        "Time": "1.3 s",
    }


def test_an_abstention_tells_that_it_was_not_sure_enough():
    unsure = replace(ANSWER, abstained=True, confidence=0.169, trace=replace(traced(), chosen=()))
    page = Page(why(0, unsure))
    assert page.of_tag("summary")[0][2] == "Why no answer"
    assert "below the 0.17" in facts(unsure)["Confidence"]
    assert [text for _, _, text in page.of_tag("h3")] == ["Passages considered"]


def test_every_passage_has_its_place_its_ranks_and_its_score():
    page = Page(why(0, ANSWER))
    chosen, first, second = [text for _, _, text in page.of_tag("li")]
    assert "10 July 2024" in chosen and "scored 0.88" in chosen
    assert "10 July 2024, page 3" in first
    assert "words rank 2, meaning not found, joined 0.0161" in first
    assert "words not found, meaning rank 1, joined 0.0164" in second


def test_it_says_where_not_all_passages_are_shown():
    many = replace(ANSWER, trace=replace(traced(), read=30))
    headings = [text for _, _, text in Page(why(0, many)).of_tag("h3")]
    assert headings[-1] == "The first 2 passages considered"


def test_an_answer_without_a_trace_has_nothing_to_fold_out():
    assert why(0, replace(ANSWER, trace=None)) == ""


def test_an_engine_that_does_not_know_its_confidence_is_believed():
    assert facts(replace(ANSWER, confidence=None))["Confidence"] == "not known"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_becomes_more_than_text(text):
    page = Page(why(0, replace(ANSWER, standalone_question=text, trace=traced(text))))
    assert {tag for tag, _, _ in page.elements} <= KNOWN_TAGS
    assert {name for _, at, _ in page.elements for name in at} <= KNOWN_ATTRIBUTES
    assert text in page.elements[0][2]
