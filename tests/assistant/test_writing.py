"""Answers that a scripted model writes, over a real store: what becomes of each sentence."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from llm_server import KEY, Reply, error
from model_samples import BOATS, HARBOUR, PORTS, SPENT, assisted, number_of, stored

from assistant import Turn, as_json
from assistant.answers import Seconds

FALSE = "Norland will spend 999 million crowns on the harbour of Alderness."


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    documents = {"ports.md": PORTS, "boten.md": BOATS}
    return stored(tmp_path_factory.mktemp("written"), documents)


def asked(store, answer, question=HARBOUR, **options):
    with assisted(store, answer, **options) as (assistant, server):
        result = assistant.answer(question)
        for citation in result.citations:
            text = assistant.document(citation.document).text
            assert text[citation.start : citation.end] == citation.quote
    numbers = [citation.number for citation in result.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [*dict.fromkeys(map(int, re.findall(r"\[(\d+)\]", result.answer)))] == numbers
    assert KEY not in repr(result)
    return result, server


def quoting(store):
    with assisted(store, "") as (assistant, _):
        return assistant.answer(HARBOUR, write=False)


def assert_quotes_instead(result, store, told):
    assert result.engine == "extractive"
    assert told in result.notice
    expected = quoting(store)
    assert expected.notice is None
    assert (result.answer, result.citations) == (expected.answer, expected.citations)


def test_a_supported_sentence_cites_the_stores_own_words(store):
    written = "Until 2026 Norland will spend 340 million crowns on Alderness harbour [{}]."
    result, server = asked(store, lambda p: written.format(number_of("340 million", p)))
    assert result.engine == "llm:scripted"
    assert result.answer == (
        "Until 2026 Norland will spend 340 million crowns on Alderness harbour. [1]"
    )
    assert [s.verdict for s in result.sentences] == ["supported"]
    assert [c.quote for c in result.citations] == [SPENT]
    assert result.notice is None
    assert len(server.asked) == 1
    assert "notice" not in as_json(result)


def test_a_sentence_that_cites_the_wrong_source_cites_the_right_one(store):
    result, server = asked(store, lambda p: f"{SPENT} [{number_of('lighthouses', p)}]")
    assert [c.quote for c in result.citations] == [SPENT]
    assert len(server.asked) == 1


@pytest.mark.parametrize("marker", ["", " [999]", " [0]", " [x7]", " [99999999999999]"])
def test_numbers_that_do_not_exist_are_neither_shown_nor_needed(store, marker):
    result, _ = asked(store, f"{SPENT}{marker}")
    assert result.answer == f"{SPENT} [1]"


def test_who_cites_everything_cites_what_says_it(store):
    everything = ", ".join(map(str, range(1, 40)))
    result, _ = asked(store, f"{SPENT} [{everything}]")
    assert [c.quote for c in result.citations] == [SPENT]


def test_what_is_not_supported_is_written_again_once(store):
    def answer(prompt):
        if "Write it again" in prompt:
            return f"{SPENT} [{number_of('340 million', prompt)}]" if FALSE in prompt else ""
        return f"{FALSE} [1] Ministers gave 77 boats to Sudland. [2]"

    result, server = asked(store, answer)
    assert [s.text for s in result.sentences] == [SPENT]
    assert len(server.asked) == 3
    assert "left out" in result.notice
    again = server.asked[1][2]["messages"][-1]["content"]
    assert FALSE in again and HARBOUR in again


def test_each_of_several_sentences_is_written_again_once_and_no_more_than_three(store):
    right = (SPENT, "No fee was set for foreign boats.")
    wrong = (FALSE, "A fee was set for foreign boats.", FALSE.replace("9", "8"))
    left = (FALSE.replace("9", "7"), FALSE.replace("9", "6"))

    def answer(prompt):
        if "Write it again" not in prompt:
            return " ".join((*wrong, *left))
        return next((r for w, r in zip(wrong, right, strict=False) if w in prompt), "NO ANSWER")

    result, server = asked(store, answer)
    assert [s.text for s in result.sentences] == list(right)
    again = [body["messages"][-1]["content"] for *_, body in server.asked[1:]]
    assert [sum(w in one for w in (*wrong, *left)) for one in again] == [1, 1, 1]
    assert all(w in one for w, one in zip(wrong, again, strict=True))
    assert "3 sentences were left out" in result.notice


def test_a_server_is_asked_for_one_thing_at_a_time(store):
    ended = []

    def answer(prompt):
        ended.append(prompt)
        if "again" in prompt:
            # who hangs up on the answer before asking anew has not read its end
            assert not server.left.is_set()
            return f"No fee was set for foreign boats. [{number_of('No fee', prompt)}]"
        return f"A fee was set for foreign boats. [1] {SPENT} [1]"

    with assisted(store, answer) as (assistant, server):
        result = assistant.answer(HARBOUR)
    assert [s.text for s in result.sentences] == [SPENT, "No fee was set for foreign boats."]
    assert len(ended) == 2 and result.notice is None


def test_what_stays_unsupported_is_left_out(store):
    result, _ = asked(store, f"{FALSE} [1] {SPENT} [1]")
    assert [(s.text, s.verdict) for s in result.sentences] == [(SPENT, "supported")]
    assert "A sentence was left out" in result.notice
    assert "999" not in result.answer


def test_what_is_unsupported_may_be_shown_as_such(store):
    def answer(prompt):
        false = f"{FALSE} [{number_of('340 million', prompt)}]"
        return f"{false} {SPENT} [1] Sudland paid 120 million crowns for its lighthouses."

    result, _ = asked(store, answer, show_unsupported=True)
    assert [s.verdict for s in result.sentences] == ["supported", "contradicted", "not supported"]
    assert result.sentences[1].text == FALSE
    why = "the cited words say “340 million”, not “999 million”"
    assert result.sentences[1].reasons[0] == why
    assert as_json(result)["sentences"][0]["reasons"] == ()


def test_where_only_unsupported_sentences_are_there_they_are_not_shown(store):
    result, _ = asked(store, f"{FALSE} [1]", show_unsupported=True)
    assert_quotes_instead(result, store, "support nothing")


def test_a_plan_is_not_told_as_done_nor_a_refusal_dropped(store):
    text = (
        f"Sudland will spend 120 million crowns on its lighthouses. A fee was set for foreign "
        f"boats. Westland opened its fishing grounds to all boats. {SPENT}"
    )
    result, _ = asked(store, text)
    assert [s.text for s in result.sentences] == [SPENT]


def test_an_introduction_needs_no_source_but_something_after_it(store):
    intro = "Here is what the documents say:"
    result, _ = asked(store, f"{intro}\n{SPENT} [1]")
    assert [(s.text, s.citations, s.verdict) for s in result.sentences] == [
        (intro, (), None),
        (SPENT, (1,), "supported"),
    ]
    result, _ = asked(store, f"{intro}\n{FALSE}")
    assert result.engine == "extractive"


@pytest.mark.parametrize(
    "claim", ["All of them did:", "Norland paid:", "The boats were sunk:", "It was 7:", "Not so:"]
)
def test_a_claim_is_no_introduction(store, claim):
    result, _ = asked(store, f"{claim}\n{SPENT} [1]")
    assert [s.text for s in result.sentences] == [SPENT]


def test_a_list_is_supported_by_its_items_and_what_introduces_them(store):
    question = "Which places did the ministers choose for new docks?"
    text = "The ministers chose Birkhaven and Corrie Point for new docks."
    result, _ = asked(store, text, question)
    assert [s.text for s in result.sentences] == [text]
    assert [c.quote.split(",")[0] for c in result.citations] == [
        "The ministers chose two places for new docks:",
        "Birkhaven",
        "Corrie Point",
    ]


def test_two_sources_are_not_mixed_into_one_claim(store):
    mixed = "Sudland will spend 340 million crowns on the harbour of Alderness until 2026."
    result, _ = asked(store, f"{mixed} [1, 2, 3, 4, 5]")
    assert_quotes_instead(result, store, "support nothing")


def test_two_claims_may_have_a_source_each(store):
    two = (
        "Norland will spend 340 million crowns on Alderness harbour, and no fee was set for boats."
    )
    result, _ = asked(store, two)
    assert [s.text for s in result.sentences] == [two]
    assert {c.quote for c in result.citations} == {SPENT, "No fee was set for foreign boats."}


def test_figures_and_names_are_compared_across_languages(store):
    question = "How much does Norland pay for the new boats of the coast guard in Westerdam?"
    right = "Norland will pay 1.5 billion crowns for the boats in Westerdam."
    result, _ = asked(store, lambda p: f"{right} [{number_of('1,5 miljard', p)}]", question)
    assert [(s.text, s.verdict) for s in result.sentences] == [(right, "partly")]
    assert "1,5 miljard kronen" in result.citations[0].quote
    assert (result.language, result.citations[0].language) == ("en", "nl")
    for wrong in (right.replace("1.5", "2.5"), right.replace("Norland", "Sudland")):
        result, _ = asked(
            store, lambda p, wrong=wrong: f"{wrong} [{number_of('1,5 miljard', p)}]", question
        )
        assert result.engine == "extractive"


def test_the_model_is_not_asked_where_the_evidence_is_too_weak(store):
    result, server = asked(store, "Bake it.", "How do I bake sourdough bread?")
    assert result.abstained and server.asked == [] and result.notice is None


def test_the_stream_grows_by_sentences_and_ends_as_the_answer(store):
    text = (
        f"{SPENT} [1] No fee was set for foreign boats. [2] {FALSE} The ministers met at Maravel."
    )
    with assisted(store, text) as (assistant, _):
        snapshots = list(assistant.stream(HARBOUR))
        whole = assistant.answer(HARBOUR)
    assert len(whole.sentences) == 3
    assert replace(snapshots[-1], seconds=Seconds(0, 0)) == replace(whole, seconds=Seconds(0, 0))
    for earlier, later in pairwise(snapshots):
        assert later.answer.startswith(earlier.answer)
        assert earlier.citations == later.citations[: len(earlier.citations)]
    assert [len(s.sentences) for s in snapshots] == [1, 2, 3, 3]


def test_a_sentence_is_shown_before_the_next_one_is_written(store):
    with assisted(store, Reply(f"{SPENT} [1] And so", then="drips")) as (assistant, server):
        stream = assistant.stream(HARBOUR)
        assert next(stream).answer == f"{SPENT} [1]"
        stream.close()
        assert server.left.wait(60)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(""), "with nothing"),
        (Reply(stall=True), "within 1 seconds"),
        (Reply(drip=True), "within 1 seconds"),
        (error(401, f"Incorrect API key provided: {KEY}."), "SUMMIT_LLM_KEY"),
        (error(400, "This model's maximum context length is 8192 tokens."), "8192 tokens"),
        (error(500, "Broken."), "broke down"),
        (Reply(body="<html>"), "not the OpenAI protocol's"),
        (Reply("Norland will sp", then="cut"), "broke off"),
        (Reply("Norland will sp", then="broken"), "not the OpenAI protocol's"),
        (Reply("Norland will sp", then="stalls"), "within 1"),
        (Reply("Norland will spend "), "support nothing"),
        (Reply("and on and on ", then="endless"), "did not come to an end"),
        (Reply("Peace. ", then="endless"), "did not come to an end"),
        (Reply("NO ANSWER"), "found no answer"),
        (Reply("**NO ANSWER.**"), "found no answer"),
        (Reply('{"answer": "340 million", "ids": [1]}'), "support nothing"),
        (Reply("[1] [2] [3]"), "support nothing"),
        (Reply("<think>Norland will spend 340 million crowns"), "support nothing"),
    ],
)
def test_a_model_that_misbehaves_is_told_of_and_the_documents_are_quoted(store, reply, told):
    result, _ = asked(store, reply, seconds=1.0 if told.startswith("within") else 30.0)
    assert_quotes_instead(result, store, told)


@pytest.mark.parametrize("then", ["cut", "broken", "error", "stalls", "drips"])
def test_what_was_supported_before_a_break_stands(store, then):
    reply = Reply(f"{SPENT} [1] The ministers met at", then=then)
    result, _ = asked(store, reply, seconds=3.0 if then in ("stalls", "drips") else 30.0)
    assert [s.text for s in result.sentences] == [SPENT]
    assert "stands here" in result.notice


def test_a_server_that_is_gone_is_told_and_the_documents_are_quoted(store):
    with assisted(store, "") as (assistant, server):
        pass
    with assisted(store, "") as (assistant, other):
        assistant._model._url = assistant._model._url.replace(other.url, server.url)
        result = assistant.answer(HARBOUR)
    assert_quotes_instead(result, store, "cannot be reached")


def test_a_repair_that_fails_leaves_the_rest_as_it_is(store):
    def answer(prompt):
        return error(500, "Broken.") if "Write it again" in prompt else f"{FALSE} {SPENT}"

    result, _ = asked(store, answer)
    assert [s.text for s in result.sentences] == [SPENT]


def test_a_sentence_that_comes_again_is_shown_once(store):
    result, _ = asked(store, f"{SPENT} {SPENT} {SPENT}")
    assert len(result.sentences) == 1


def test_control_characters_and_markup_do_not_reach_the_reader(store):
    result, _ = asked(store, f"**{SPENT[:7]}**\x07\u202e{SPENT[7:]} <script>alert(1)</script> [1]")
    assert (
        "\u202e" not in result.answer and "\x07" not in result.answer and "*" not in result.answer
    )


TURNS = (Turn("user", HARBOUR), Turn("assistant", "340 million crowns."))


def test_a_follow_up_is_searched_for_as_the_model_rewrites_it(store):
    rewrite = "Until when will Norland spend 340 million crowns on the harbour of Alderness?"

    def answer(prompt):
        return rewrite if "Last question:" in prompt else SPENT

    with assisted(store, answer) as (assistant, server):
        result = assistant.answer("And until when?", TURNS)
        assert (result.standalone_question, result.answer) == (rewrite, f"{SPENT} [1]")
        assert rewrite in server.asked[1][2]["messages"][-1]["content"]
        # who wants quotes, or says what to search for, waits for no rewrite
        assistant.answer("And until when?", TURNS, write=False)
        assert len(server.asked) == 2
        assistant.answer("And until when?", TURNS, standalone=HARBOUR)
        assert len(server.asked) == 3


def test_a_rewrite_that_changes_the_question_is_not_searched_for(store):
    def answer(prompt):
        return "What does Sudland pay?" if "Last question:" in prompt else SPENT

    with assisted(store, answer) as (assistant, _):
        result = assistant.answer("And until when?", TURNS)
        assert result.standalone_question.startswith("And until when? (")
        assert "Alderness" in result.standalone_question


LATER = """---
title: Harbour decision of Alderness
date: 2024-09-01
---

# Harbour decision of Alderness

Norland will spend 410 million crowns on the harbour of Alderness until 2026.
"""


@pytest.fixture(scope="module")
def disagreeing(tmp_path_factory):
    documents = {"ports.md": PORTS, "later.md": LATER}
    return stored(tmp_path_factory.mktemp("disagreeing"), documents)


def test_what_a_later_document_says_otherwise_is_shown_with_it(disagreeing):
    result, _ = asked(disagreeing, SPENT)
    assert [s.text for s in result.sentences] == [
        SPENT,
        "A later document, Harbour decision of Alderness (2024-09-01), says otherwise: "
        "“Norland will spend 410 million crowns on the harbour of Alderness until 2026.”",
    ]
    assert [s.citations for s in result.sentences] == [(1,), (2,)]
    assert [c.date for c in result.citations] == ["2023-05-04", "2024-09-01"]


def test_who_tells_both_is_not_told_again(disagreeing):
    both = f"{SPENT} {SPENT.replace('340', '410')}"
    result, _ = asked(disagreeing, both)
    assert result.answer == f"{SPENT} [1] {SPENT.replace('340', '410')} [2]"


def test_two_figures_are_not_made_one(disagreeing):
    result, _ = asked(disagreeing, SPENT.replace("340", "750"))
    assert_quotes_instead(result, disagreeing, "support nothing")
