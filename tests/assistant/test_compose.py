from dataclasses import replace

import pytest

from assistant.compose import compose, nearest, refusal
from assistant.evidence import Candidate, Evidence
from assistant.retrieve import Found
from vectorstore import Document, Passage, Sentence

TEXT = "Allies agreed a plan.\n\n-- 7 --\n\nThey will\nreport in June. “We stand firm,” he said."


def made(text=TEXT, *, id="d1", title="Brief", date="2024-10-18", pages=()):
    return Document(id, (f"{id}.txt",), title, date, None, "en", None, pages, text)


def found(document, sentences):
    start, end = sentences[0].start, sentences[-1].end
    passage = Passage(
        "p", document.id, start, end, document.text[start:end], (), None, tuple(sentences)
    )
    return Found(passage, document, 1, 1, 0.03, 0.9)


def evidence(document, *sentences):
    item = found(document, sentences)
    return [Evidence(sentence, item, 0.5) for sentence in sentences]


def test_a_citation_is_the_exact_slice_and_the_text_is_tidied():
    document = made()
    start = TEXT.index("They")
    sentence = Sentence(((start, start + 25),), "They will report in June.")
    sentences, citations = compose(evidence(document, sentence))
    assert citations[0].quote == TEXT[start : start + 25] == "They will\nreport in June."
    assert sentences[0].text == "They will report in June."
    assert sentences[0].citations == (1,)


def test_a_sentence_that_is_interrupted_has_a_citation_for_each_piece():
    document = made()
    spans = ((0, 21), (TEXT.index("They"), TEXT.index("They") + 9))
    sentences, citations = compose(evidence(document, Sentence(spans, "Allies agreed. They will")))
    assert sentences[0].citations == (1, 2)
    assert [c.quote for c in citations] == ["Allies agreed a plan.", "They will"]


def test_sentences_that_follow_each_other_are_one_quotation():
    text = "He came. He saw.\nHe left.\n\nIt rained."
    spans = [(0, 8), (9, 16), (17, 25), (27, 37)]
    lines = [Sentence((span,), text[slice(*span)]) for span in spans]
    sentences, citations = compose(evidence(made(text), *lines))
    assert [s.text for s in sentences] == ["He came. He saw. He left.", "It rained."]
    assert [c.quote for c in citations] == ["He came. He saw.\nHe left.", "It rained."]
    assert [s.citations for s in sentences] == [(1,), (2,)]
    apart, _ = compose(evidence(made(text), lines[0], lines[2]))
    assert [s.text for s in apart] == ["He came.", "He left."]


TURNS = """PRIME MINISTER KISHIDA:\u00a0 We came to Hiroshima. We promise five billion.

PRESIDENT  NIINISTÖ: So do we."""


def turn(words, speaker):
    start = TURNS.index(words)
    return Sentence(((start, start + len(words)),), words, speaker=speaker)


def test_the_name_of_a_speaker_is_cited_where_a_person_is_asked_for():
    promise = turn("We promise five billion.", "Prime Minister Kishida")
    asked, cited = compose(evidence(made(TURNS), promise), who=True)
    assert [c.quote for c in cited] == ["PRIME MINISTER KISHIDA:", "We promise five billion."]
    assert asked[0].text == "Prime Minister Kishida: We promise five billion."
    assert asked[0].citations == (1, 2)
    _, plain = compose(evidence(made(TURNS), promise))
    assert [c.quote for c in plain] == ["We promise five billion."]


def test_a_name_right_before_the_words_is_cited_with_them():
    _, cited = compose(evidence(made(TURNS), turn("So do we.", "President Niinistö")))
    assert [c.quote for c in cited] == ["PRESIDENT  NIINISTÖ: So do we."]


def test_a_list_is_quoted_with_what_introduces_it_from_its_first_item_on():
    text = "They chose:\n\n- Oslo;\n- Bergen.\n\nThen:\n\n-- 7 --\n\n1. Turku;"
    words = ("They chose:", "Oslo;", "Bergen.", "Then:", "Turku;")
    at = [text.index(word) for word in words]
    spans = [((start, start + len(word)),) for start, word in zip(at, words, strict=True)]
    kinds = ({}, *({"kind": "item", "lead": at[0]},) * 2, {}, {"kind": "item", "lead": at[3]})
    chose, oslo, bergen, then, turku = (
        Sentence(span, word, **kind) for span, word, kind in zip(spans, words, kinds, strict=True)
    )
    sentences, citations = compose(evidence(made(text), chose, oslo, bergen, then, turku))
    assert [s.text for s in sentences] == ["They chose: Oslo;", "Bergen.", "Then:", "Turku;"]
    assert [c.quote for c in citations] == ["They chose:\n\n- Oslo;", *words[2:]]
    apart, _ = compose(evidence(made(text), chose, bergen))
    assert [s.text for s in apart] == ["They chose:", "Bergen."]


def test_list_items_and_what_another_says_are_quoted_apart():
    text = "He came. He saw."
    first, second = ((0, 8),), ((9, 16),)
    item = Sentence(second, "He saw.", kind="item")
    other = Sentence(second, "He saw.", speaker="Rutte")
    for after in (item, other):
        sentences, _ = compose(evidence(made(text), Sentence(first, "He came."), after))
        assert len(sentences) == 2


def test_numbers_run_in_the_order_of_first_use_and_each_span_has_one():
    document = made()
    first, second = Sentence(((0, 21),), "A"), Sentence(((31, 40),), "B")
    sentences, citations = compose(evidence(document, first, second, first))
    assert [s.citations for s in sentences] == [(1,), (2,), (1,)]
    assert [c.number for c in citations] == [1, 2]


def test_two_documents_are_named_and_dated_and_one_is_not():
    one = evidence(made(), Sentence(((0, 21),), "Allies agreed a plan."))
    other = evidence(made(id="d2", title="Letter", date=None), Sentence(((0, 21),), "Plan."))
    alone, _ = compose(one)
    both, _ = compose([*one, *other])
    assert alone[0].text == "Allies agreed a plan."
    assert both[0].text == "Brief, 2024-10-18: Allies agreed a plan."
    assert both[1].text == "Letter: Plan."


def test_a_twin_is_cited_after_the_document_that_is_quoted():
    twin = Sentence(((0, 21),), "Allies agreed a plan.")
    other = found(made(id="d2"), [twin])
    (one,) = evidence(made(), twin)
    sentences, citations = compose([replace(one, twins=(Candidate(twin, other),))])
    assert [s.citations for s in sentences] == [(1, 2)]
    assert [c.document for c in citations] == ["d1", "d2"]
    assert sentences[0].text == "Allies agreed a plan."


@pytest.mark.parametrize(
    ("asked_in", "opening"),
    [("nl", "Brief, 2024-10-18, Engels: "), ("de", "Brief, 2024-10-18, Englisch: "), ("en", "")],
)
def test_a_quotation_in_another_language_than_the_question_names_it(asked_in, opening):
    one = evidence(made(), Sentence(((0, 21),), "Allies agreed a plan."))
    sentences, citations = compose(one, language=asked_in)
    assert sentences[0].text == f"{opening}Allies agreed a plan."
    assert citations[0].quote == "Allies agreed a plan."


def test_a_speaker_in_another_language_is_placed():
    start = TEXT.index("“")
    quoted = Sentence(((start, len(TEXT)),), "“We stand firm,” he said.", speaker="Mark Rutte")
    sentences, _ = compose(evidence(made(), quoted), language="fr")
    assert sentences[0].text.startswith("Mark Rutte (Brief, 2024-10-18, anglais): “We")


def test_the_speaker_is_named_unless_the_sentence_does():
    start = TEXT.index("“")
    quoted = Sentence(((start, len(TEXT)),), "“We stand firm,” he said.", speaker="Mark Rutte")
    named = Sentence(((start, len(TEXT)),), "“We stand firm,” Rutte said.", speaker="Mark Rutte")
    assert compose(evidence(made(), quoted))[0][0].text.startswith("Mark Rutte: “We")
    assert compose(evidence(made(), named))[0][0].text.startswith("“We")


SPEECH = (
    "MR. RUTTE:  A nurse wrote to me, “We are tired.  We will hold on.”  And I said, “Allies will "
    "pay.  They promised.”  They did.  We’re saying, “Pay now.  Pay all.”\n"
    "\nMR. RUTTE:  “Thank you all.  Good night.”\n"
)


@pytest.mark.parametrize(
    ("words", "language", "opening"),
    [
        ("We will hold on.”", "en", "Mr. Rutte quotes: "),
        ("We will hold on.”", "nl", "Mr. Rutte citeert (Brief, 2024-10-18, Engels): "),
        ("They promised.”", "en", "Mr. Rutte: "),
        ("They did.", "en", "Mr. Rutte: "),
        ("Pay all.”", "en", "Mr. Rutte: "),
        ("Good night.”", "en", "Mr. Rutte: "),
    ],
)
def test_what_a_speaker_quotes_is_not_given_as_his_own(words, language, opening):
    start = SPEECH.index(words)
    sentence = Sentence(((start, start + len(words)),), words, speaker="Mr. Rutte")
    sentences, _ = compose(evidence(made(SPEECH), sentence), language=language)
    assert sentences[0].text == f"{opening}{words}"


def test_his_own_words_after_a_quotation_are_his_again():
    words = ("We will hold on.”", "And I said, “Allies will pay.", "They did.")
    spans = [(SPEECH.index(one), SPEECH.index(one) + len(one)) for one in words]
    lines = [Sentence((s,), w, speaker="Mr. Rutte") for s, w in zip(spans, words, strict=True)]
    apart, _ = compose(evidence(made(SPEECH), lines[0], lines[2]), language="en")
    assert [s.text for s in apart] == [f"Mr. Rutte quotes: {words[0]}", f"Mr. Rutte: {words[2]}"]
    joined, _ = compose(evidence(made(SPEECH), *lines[:2]), language="en")
    assert [s.text for s in joined] == [f"Mr. Rutte: {words[0]} {words[1]}"]


def test_the_page_is_that_of_the_citation():
    document = made(pages=(0, TEXT.index("They")))
    start = TEXT.index("They")
    _, citations = compose(evidence(document, Sentence(((start, start + 9),), "They will")))
    assert citations[0].page == 2


def test_nearest_passages_are_whole_and_without_a_number():
    document = made()
    item = found(document, [Sentence(((0, 21),), "A"), Sentence(((31, 40),), "B")])
    (passage,) = nearest([item])
    assert (passage.number, passage.quote) == (0, TEXT[0:40])


@pytest.mark.parametrize(("language", "word"), [("en", "do not"), ("nl", "geen"), ("fr", "pas")])
def test_a_refusal_speaks_the_questions_language_and_says_what_was_searched(language, word):
    told = refusal("Who signed?", language)
    assert word in told
    assert "Who signed?" in told
