import re
import threading
from itertools import pairwise

import pytest

from assistant import Assistant, Filter, Turn, answer, as_json

QUESTIONS = (
    "What did Allies pledge in The Hague to spend on defence by 2035?",
    "Which five air defence systems were promised to Ukraine at the Washington summit?",
    "How many Allies spent two percent of GDP on defence in 2024?",
    "Welke landen leiden een battlegroup op de oostflank?",
    "Combien le G7 a-t-il promis pour la sécurité alimentaire à Elmau ?",
    "What changed between the Vilnius and the Washington summit in support for Ukraine?",
)


@pytest.fixture(scope="module")
def assistant(bundled_store):
    with Assistant.open(bundled_store) as opened:
        yield opened


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_is_the_documents_own_words_and_every_marker_resolves(assistant, question):
    result = assistant.answer(question)
    assert not result.abstained
    for citation in result.citations:
        text = assistant.document(citation.document).text
        assert text[citation.start : citation.end] == citation.quote
    numbers = [citation.number for citation in result.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    marked = [int(number) for number in re.findall(r"\[(\d+)\]", result.answer)]
    assert list(dict.fromkeys(marked)) == numbers
    assert {n for sentence in result.sentences for n in sentence.citations} == set(numbers)


def test_the_last_snapshot_of_the_stream_is_the_answer(assistant):
    question = QUESTIONS[3]
    snapshots = list(assistant.stream(question))
    whole = assistant.answer(question)
    assert snapshots[-1].answer == whole.answer
    assert snapshots[-1].citations == whole.citations
    assert len(snapshots) == len(whole.sentences) > 1
    for earlier, later in pairwise(snapshots):
        assert later.answer.startswith(earlier.answer)


def test_what_the_documents_do_not_say_is_refused_with_the_nearest_passages(assistant):
    result = assistant.answer("How do I bake sourdough bread?")
    assert result.abstained
    assert result.citations == result.sentences == ()
    assert "sourdough" in result.answer
    assert result.nearest
    for passage in result.nearest:
        text = assistant.document(passage.document).text
        assert text[passage.start : passage.end] == passage.quote


def test_a_follow_up_is_searched_with_its_topic_and_shown_so(assistant):
    history = (
        Turn("user", "What did the G7 lend to Ukraine on frozen Russian assets?"),
        Turn("assistant", "USD 50 billion."),
    )
    result = assistant.answer("And how much of it came from Canada?", history)
    assert result.question == "And how much of it came from Canada?"
    assert "frozen" in result.standalone_question
    assert any(c.source == "g7-ukraine-era-loans.pdf" for c in result.citations)


def test_the_askers_own_words_are_searched_for_as_they_are(assistant):
    history = (Turn("user", "What did the G7 lend to Ukraine?"), Turn("assistant", "Money."))
    alone = "How many Allies spent two percent of GDP on defence in 2024?"
    result = assistant.answer("And how much was it?", history, standalone=f" {alone} ")
    assert (result.question, result.standalone_question) == ("And how much was it?", alone)
    expected = assistant.answer(alone)
    assert (result.answer, result.citations) == (expected.answer, expected.citations)
    *_, streamed = assistant.stream("And how much was it?", history, standalone=alone)
    assert (streamed.question, streamed.citations) == (result.question, expected.citations)
    with pytest.raises(ValueError, match="no words"):
        assistant.answer("And how much?", history, standalone="?")


def test_an_answer_tells_how_it_came_about_and_its_json_does_not(assistant):
    result = assistant.answer(QUESTIONS[2])
    trace = result.trace
    assert trace.read >= len(trace.considered) > 3
    assert trace.chosen and result.confidence >= trace.threshold
    quoted = " ".join(citation.quote for citation in result.citations)
    assert all(" ".join(one.text.split())[:40] in " ".join(quoted.split()) for one in trace.chosen)
    assert "trace" not in as_json(result)
    refused = assistant.answer("How do I bake sourdough bread?")
    assert refused.trace.considered and not refused.trace.chosen
    assert refused.confidence < refused.trace.threshold


def test_a_filter_keeps_other_documents_out(assistant):
    only = Filter(documents=("nato-madrid-2022.md",))
    result = assistant.answer("How many troops did NATO announce at high readiness?", filter=only)
    assert {citation.source for citation in result.citations} == {"nato-madrid-2022.md"}


def test_a_page_is_given_where_the_format_has_pages(assistant):
    result = assistant.answer("How many personnel will NSATU have?")
    pages = {c.page for c in result.citations if c.source == "nato-washington-2024.pdf"}
    assert pages
    assert pages <= {1, 2, 3}


@pytest.mark.parametrize("question", ["", "  ", "?!", "\n"])
def test_a_question_without_words_is_an_error_that_names_it(assistant, question):
    with pytest.raises(ValueError, match="no words"):
        assistant.answer(question)


@pytest.mark.parametrize(
    "question", ['"; DROP TABLE documents; --', "NEAR(a b) AND *", "<script>x</script>", "a" * 3000]
)
def test_hostile_questions_are_only_questions(assistant, question):
    assert assistant.answer(question).question == question


def test_many_at_once_get_the_same_answers_as_alone(assistant):
    alone = {question: assistant.answer(question).answer for question in QUESTIONS}
    together: dict[str, str] = {}

    def ask(question):
        together[question] = assistant.answer(question).answer

    threads = [threading.Thread(target=ask, args=(question,)) for question in QUESTIONS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_the_one_call_way_in(bundled_store):
    assert answer(QUESTIONS[0], store=bundled_store).citations


def test_a_short_follow_up_is_searched_with_the_topic_of_a_question_in_another_language(assistant):
    asked = "Hoeveel militairen van de brigade in Litouwen komen uit Nederland?"
    result = assistant.answer("And by when?", (Turn("user", asked),))
    assert "brigade" in result.standalone_question
