import re
from dataclasses import replace

import pytest
from page_samples import HOSTILE, KNOWN_ATTRIBUTES, KNOWN_TAGS, Page, citation, traced

from assistant import render
from assistant.answers import Answer, Sentence
from assistant.conversations import Kept
from assistant.exchange import Exchange, Mark


def answer(**changes):
    fields = {
        "question": "What did they pledge?",
        "standalone_question": "What did they pledge?",
        "answer": "Allies pledged 2%. [1] In 2014 they aimed at it. [2][1]",
        "abstained": False,
        "language": "en",
        "engine": "extractive",
        "sentences": (
            Sentence("Allies pledged 2%.", (1,)),
            Sentence("In 2014 they aimed at it.", (2, 1)),
        ),
        "citations": (citation(1), citation(2, language="nl", page=None)),
    }
    return Answer(**{**fields, **changes})


def shown(given, *, complete=True):
    return Page(render.conversation((Exchange(given.question, given, complete=complete),)))


def test_every_marker_is_a_link_named_after_its_source():
    markers = shown(answer()).of_class("marker")
    assert [(tag, text, at["data-open"]) for tag, at, text in markers] == [
        ("a", "[1]", "0-c1"),
        ("a", "[2]", "0-c2"),
        ("a", "[1]", "0-c1"),
    ]
    assert [at["aria-label"] for _, at, _ in markers] == [
        "Source 1: Declaration, 10 July 2024, page 3",
        "Source 2: Declaration, 10 July 2024",
        "Source 1: Declaration, 10 July 2024, page 3",
    ]


def test_a_marker_previews_its_quote_in_the_language_of_the_source():
    page = shown(
        answer(citations=(citation(1), citation(2, quote="Ze\n  spraken.", language="nl")))
    )
    previews = {at["id"]: text for _, at, text in page.of_class("preview")}
    described = [previews[at["aria-describedby"]] for _, at, _ in page.of_class("marker")]
    assert len(previews) == 3
    assert "Allies pledged 2%." in described[0]
    assert "Ze spraken." in described[1]
    assert ("q", "nl") in [(tag, at.get("lang")) for tag, at, _ in page.elements]


def test_the_text_is_that_of_the_answer():
    page = shown(answer(citations=(citation(1), citation(2))))
    (text,) = [text for _, _, text in page.of_class("answer")]
    for _, _, unread in (*page.of_class("preview"), *page.of_class("unseen")):
        text = text.replace(unread, "", 1)
    expected = "Allies pledged 2%. [1] In 2014 they aimed at it. [2] [1]"
    assert text.replace("\u00a0", " ") == expected


def test_the_layout_of_the_answer_and_brackets_of_its_own_are_kept():
    given = answer(
        answer="Two things:\n- a [9] note [1]\n- the rest [3] [2]\nEnd.",
        sentences=(Sentence("a [9] note", (1,)), Sentence("the rest [3]", (2,))),
    )
    text = shown(given).of_class("answer")[0][2]
    assert text.startswith("Two things:\n- a [9] note\u00a0[1]")
    assert "\n- the rest [3]\u00a0[2]" in text
    assert text.endswith("\nEnd.")


def test_a_sentence_that_the_text_does_not_hold_is_still_shown():
    given = answer(answer="Something else.")
    assert "Allies pledged 2%." in shown(given).of_class("answer")[0][2]


def test_a_number_without_a_citation_is_no_link():
    page = shown(answer(citations=(citation(1),)))
    assert [text for _, _, text in page.of_class("marker")] == ["[1]", "[1]"]
    assert "[2]" in page.of_class("answer")[0][2]


@pytest.mark.parametrize(
    ("verdict", "reasons", "said"),
    [
        ("partly", (), "(partly supported)"),
        ("partly", ("its word <b>",), "(partly supported: its word <b>)"),
        ("not supported", ("one", "two", "three"), "(not supported: one; two)"),
        ("contradicted", (), "(contradicted)"),
    ],
)
def test_a_sentence_that_does_not_hold_says_so_and_why(verdict, reasons, said):
    sentences = (Sentence("Allies pledged 2%.", (1,), verdict, reasons),)
    page = shown(answer(answer="Allies pledged 2%. [1]", sentences=sentences))
    assert [text for _, _, text in page.of_class("verdict")] == [said]
    assert "(supported)" not in page.of_class("answer")[0][2]


def test_a_sentence_that_holds_says_so_to_a_screen_reader_alone():
    page = shown(answer())
    assert page.of_class("verdict") == []
    said = [text for _, _, text in page.of_class("unseen") if "supported" in text]
    assert said == [" (supported)", " (supported)"]
    claimless = answer(answer="Two things:", sentences=(Sentence("Two things:", (), None),))
    assert "supported" not in shown(claimless).of_class("answer")[0][2]


def written(**changes):
    sentences = (
        Sentence("The Allies pledged 2 %.", (1,), "supported"),
        Sentence("They pledged 3 %.", (1,), "contradicted"),
    )
    fields = {
        "answer": "The Allies pledged 2 %. [1] They pledged 3 %. [1]",
        "engine": "llm:<b>qwen",
        "sentences": sentences,
        "citations": (citation(1, language="nl"),),
    }
    return answer(**{**fields, **changes})


def test_who_wrote_an_answer_is_told_and_who_quotes_is_nobody():
    (told,) = shown(written()).of_class("engine")
    assert told[2] == "Written by <b>qwen. Each sentence was checked against its sources."
    assert shown(answer()).of_class("engine") == []


def test_a_written_sentence_without_support_is_struck_and_a_quoted_one_is_not():
    page = shown(written())
    assert [text for tag, _, text in page.elements if tag == "s"] == ["They pledged 3 %."]
    assert [text for _, _, text in page.of_class("verdict")] == ["(contradicted)"]
    quoted = shown(written(engine="extractive"))
    assert [text for tag, _, text in quoted.elements if tag == "s"] == []


def test_a_written_sentence_is_in_the_language_of_the_answer_and_a_quoted_one_in_its_own():
    def languages(given):
        spans = shown(given).elements
        return [at.get("lang") for _, at, text in spans if text == "The Allies pledged 2 %."]

    assert languages(written()) == ["en"]
    assert languages(written(engine="extractive")) == ["nl"]


def test_why_there_are_quotes_instead_is_told_as_text():
    notice = "The language model '<i>' broke off. Instead, the documents are quoted."
    page = shown(answer(notice=notice))
    assert [text for _, _, text in page.of_class("notice")] == [notice]
    assert {tag for tag, _, _ in page.elements} <= KNOWN_TAGS
    assert shown(answer()).of_class("notice") == []


def test_sources_are_listed_once_the_answer_is_complete():
    assert shown(answer(), complete=False).of_class("sources") == []
    page = shown(answer())
    assert [at["data-open"] for _, at, _ in page.of_class("source")] == ["0-c1", "0-c2"]
    assert page.of_class("source")[0][2] == "1 Declaration, 10 July 2024, page 3"


def test_an_answer_that_grows_is_busy():
    for complete, busy in ((False, "true"), (True, "false")):
        (article,) = shown(answer(), complete=complete).of_class("exchange")
        assert article[1]["aria-busy"] == busy
    waiting = Page(render.conversation((Exchange("Why?"),)))
    assert waiting.of_class("waiting")


def test_a_follow_up_shows_what_was_searched_for():
    given = answer(standalone_question="What did they pledge? (Wales 2014)")
    page = shown(given)
    (searched,) = page.of_class("searched")
    assert searched[2].startswith("Searched for: What did they pledge? (Wales 2014)")
    assert shown(answer()).of_class("searched") == []
    # it can be corrected, as soon as the answer is there
    (form,) = page.having("data-correct")
    assert form[1]["data-correct"] == "0"
    (field,) = [e for e in page.of_tag("textarea") if e[2].endswith("(Wales 2014)")]
    assert "required" in field[1]
    assert not shown(given, complete=False).having("data-correct")


def test_a_search_in_the_readers_words_can_be_corrected_again():
    same = Exchange("What?", answer(), complete=True, searched="What did they pledge?")
    page = Page(render.conversation((same,)))
    assert page.of_class("searched")[0][2].startswith("Searched for: What did they pledge?")
    assert page.having("data-correct")


def abstention(**changes):
    nearest = (citation(0, quote="A whole passage."), citation(0, title="Other"))
    fields = {"abstained": True, "citations": (), "sentences": (), "nearest": nearest}
    return answer(**{**fields, "answer": "They do not say. Searched for: “pancakes”", **changes})


def test_an_abstention_has_nearest_passages_and_no_sources():
    page = shown(abstention())
    assert page.of_class("abstention") and not page.of_class("marker")
    headings = [text for tag, _, text in page.elements if tag == "h3"]
    assert headings == ["Nearest passages (they do not answer the question)"]
    assert [at["data-open"] for _, at, _ in page.of_class("source")] == ["0-n1", "0-n2"]
    assert shown(abstention(nearest=())).of_class("source") == []


def test_an_abstention_says_once_what_was_searched_for():
    told = abstention(standalone_question="pancakes")
    untold = abstention(standalone_question="waffles")
    assert "Searched for:" not in shown(told).of_class("searched")[0][2]
    assert shown(untold).of_class("searched")[0][2].startswith("Searched for: waffles")
    assert shown(told).having("data-correct") and shown(untold).having("data-correct")
    assert shown(abstention()).of_class("searched") == []


def test_what_was_stopped_says_so_and_whether_something_was_found():
    stopped = Exchange("Why?", complete=True, stopped=True)
    page = Page(render.conversation((stopped, replace(stopped, answer=answer()))))
    assert [text for _, _, text in page.of_class("stopped")] == [
        "Stopped. Nothing was found yet.",
        "Stopped. What was found so far may be incomplete.",
    ]
    assert page.of_class("waiting") == [] and shown(answer()).of_class("stopped") == []


def test_only_the_last_question_can_be_tried_again_and_only_once_it_is_complete():
    problem = Exchange("Why?", problem="The store is locked.", complete=True)
    done = Exchange("Why?", answer(), complete=True)
    for last in (problem, done, Exchange("Why?", complete=True, stopped=True)):
        (button,) = Page(render.conversation((done, last))).having("data-again")
        assert button[1]["data-again"] == "1"
    assert not Page(render.conversation((done, Exchange("Why?")))).having("data-again")


def test_every_complete_question_can_be_edited_in_place():
    done = Exchange("Who <b>?", answer(), complete=True)
    page = Page(render.conversation((done, done, Exchange("Who?"))))
    forms = page.having("data-edit")
    assert [form[1]["data-edit"] for form in forms] == ["0", "1"]
    assert "Who <b>?" in forms[0][2]
    assert "the 2 questions after it" in forms[0][2] and "the question after it" in forms[1][2]
    names = [text for tag, _, text in page.elements if tag == "summary"]
    assert names.count("Edit question 1") == names.count("Edit question 2") == 1


def test_an_answer_and_each_of_its_sources_can_be_rated():
    given = Exchange("Why?", answer(), complete=True, marks=(Mark(2, "wrong", 'a "note"'),))
    page = Page(render.conversation((given,)))
    pressed = [
        (at["data-rate"], at["data-verdict"])
        for _, at, _ in page.having("data-rate")
        if at["aria-pressed"] == "true"
    ]
    assert pressed == [("0-2", "wrong")]
    offered = {at["data-rate"] for _, at, _ in page.having("data-rate")}
    assert offered == {"0-0", "0-1", "0-2"}
    # a note can be left where something is said already
    (note,) = page.having("data-note")
    assert (note[1]["data-note"], note[1]["data-verdict"]) == ("0-2", "wrong")
    assert [at["value"] for _, at, _ in page.of_tag("input")] == ['a "note"']
    names = {text for tag, _, text in page.elements if tag == "summary"}
    assert {"Rate this answer", "Rate source 1", "Rated wrong: source 2"} <= names
    assert not shown(answer(), complete=False).having("data-rate")


def test_a_refusal_is_right_or_wrong():
    offered = [at["data-verdict"] for _, at, _ in shown(abstention()).having("data-rate")]
    assert offered == ["right", "wrong"]


def test_a_follow_up_is_offered_after_the_answer_it_follows():
    done = Exchange("Who?", answer(), complete=True)
    follow_ups = {"Who?": "And <when>?"}
    (button,) = Page(render.conversation((done,), follow_ups)).having("data-ask")
    assert button[1]["data-ask"] == button[2] == "And <when>?"
    for talk in ((done, Exchange("And?", answer(), complete=True)), (Exchange("Who?"),), ()):
        assert not Page(render.conversation(talk, follow_ups)).having("data-ask")


def test_a_problem_is_shown_in_its_words():
    page = Page(render.conversation((Exchange("Why?", problem="The store is locked."),)))
    assert [text for _, _, text in page.of_class("problem")] == ["The store is locked."]


def test_the_first_view_says_what_there_is_and_what_one_could_ask():
    page = Page(render.welcome(1_420, ["Who?", 'What is "it"?']))
    assert "1,420 documents" in page.of_class("welcome")[0][2]
    asked = [(at["data-ask"], text) for tag, at, text in page.elements if tag == "button"]
    assert asked == [("Who?", "Who?"), ('What is "it"?', 'What is "it"?')]
    assert "1 document " in Page(render.welcome(1)).of_class("welcome")[0][2]
    assert "summit ingest FOLDER" in Page(render.welcome(0, ["Who?"])).of_class("welcome")[0][2]


def test_the_first_view_says_who_writes():
    (welcome,) = Page(render.welcome(3, writer="<b>qwen")).of_class("welcome")
    assert "Answers are written by <b>qwen, and each sentence is checked" in welcome[2]
    assert "Answers are quoted" in Page(render.welcome(3)).of_class("welcome")[0][2]


def test_an_empty_store_invites_to_add_where_that_can_be_done():
    page = Page(render.welcome(0, ["Who?"], adding=True))
    assert "summit ingest FOLDER" in page.of_class("welcome")[0][2]
    (button,) = [e for e in page.elements if e[0] == "button"]
    assert (button[1]["data-library"], button[2]) == ("add", "Add documents")
    for other in (render.welcome(0), render.welcome(3, adding=True)):
        assert "data-library" not in other


def test_what_a_question_was_asked_within_stands_above_its_answer():
    within = ("Language: Dutch", "Publisher: <b>")
    for exchange in (
        Exchange("Why?", abstention(), complete=True, within=within),
        Exchange("Why?", answer(), complete=True, within=within),
        Exchange("Why?", problem="No document.", complete=True, within=within),
        Exchange("Why?", within=within),
    ):
        (told,) = Page(render.conversation((exchange,))).of_class("within")
        assert told[2] == "Within: Language: Dutch; Publisher: <b>"
    assert shown(abstention()).of_class("within") == []


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_becomes_more_than_text(text):
    cited = citation(1, title=text, source=text, quote=text, date=text, language=text)
    given = answer(
        question=text,
        standalone_question=text + "?",
        answer=text + " [1]",
        language=text,
        sentences=(Sentence(text, (1,)),),
        citations=(cited,),
        trace=traced(text),
        confidence=0.5,
    )
    refused = abstention(question=text, answer=text, nearest=(cited,))
    for html in (
        render.conversation((Exchange(text, given, complete=True), Exchange(text, refused))),
        render.conversation(
            (Exchange(text, given, complete=True, marks=(Mark(0, "wrong", text),)),), {text: text}
        ),
        render.conversation((Exchange(text, problem=text, within=(text,)),)),
        render.welcome(3, [text]),
    ):
        page = Page(html)
        assert {tag for tag, _, _ in page.elements} <= KNOWN_TAGS
        assert {name for _, at, _ in page.elements for name in at} <= KNOWN_ATTRIBUTES
        assert {at["href"] for _, at, _ in page.elements if "href" in at} <= {"#source"}
        assert text in page.elements[0][2] or text in page.elements[-1][1].get("data-ask", "")
        for _, given_attributes, _ in page.having("data-fold"):
            assert re.fullmatch(r"[a-z]+-[\d-]+", given_attributes["data-fold"])


@pytest.mark.parametrize("text", HOSTILE)
def test_the_title_of_an_earlier_conversation_is_only_text(text):
    page = Page(render.earlier([Kept("0" * 32, text, "2024-07-10T09:30:05+00:00", 2)]))
    assert {tag for tag, _, _ in page.elements} <= KNOWN_TAGS
    assert {key for _, at, _ in page.elements for key in at} <= KNOWN_ATTRIBUTES
    (recall,) = page.of_class("recall")
    assert "10 July 2024, 2 questions" in recall[2]
    assert render.earlier([]) == ""
