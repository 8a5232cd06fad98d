"""What a reader does with questions and answers, in a real browser over a real store."""

import re
import threading

import pytest
from page_site import MONEY, NOWHERE, PATIENCE, STATIONS, WHEN, Aloof, hesitating, overflows
from playwright.sync_api import expect

from assistant import handlers, serving
from assistant.assistant import Assistant
from assistant.choose import THRESHOLD
from assistant.conversations import Conversations
from assistant.feedback import read_feedback
from assistant.serving import ChatPage
from evals.draft import drafts
from vectorstore import Store, StoreError
from vectorstore.embedding import SentenceTransformerEmbedder


def questions(reader):
    return reader.page.locator(".question").all_text_contents()


def box(reader):
    return reader.page.locator("#question textarea")


def test_an_answer_is_stopped_and_what_was_found_and_what_was_typed_stay(visit, folder):
    with hesitating(folder) as (hesitant, site):
        hesitant.go.set()
        reader = visit(site)
        reader.ask(MONEY)
        hesitant.go.clear()
        reader.page.fill("#question textarea", STATIONS)
        reader.button("Ask").click()
        reader.see(".exchange:nth-of-type(2) .marker")
        expect(reader.button("Stop")).to_be_visible()
        expect(reader.button("Ask")).to_be_hidden()
        # not lost with the button that is hidden: on "Stop", or in the box, which Gradio may prefer
        expect(reader.page.locator("#stop:focus, #question textarea:focus")).to_have_count(1)
        box(reader).fill(WHEN)
        box(reader).press("Enter")  # has to wait
        reader.button("Stop").press("Enter")
        stopped = reader.end(2)
        expect(stopped.locator(".stopped")).to_have_text(
            "Stopped. What was found so far may be incomplete."
        )
        assert stopped.locator(".marker").count() >= 1
        expect(reader.button("Ask")).to_be_focused()
        expect(box(reader)).to_have_value(WHEN)
        hesitant.go.set()
        box(reader).press("Enter")
        assert reader.end(3).locator(".stopped").count() == 0
        assert questions(reader) == [MONEY, STATIONS, WHEN]
        assert reader.page.locator(".stopped").count() == 1


def test_what_was_stopped_before_anything_was_found_is_tried_again(visit, folder):
    with hesitating(folder) as (hesitant, site):
        hesitant.before = True
        reader = visit(site)
        reader.begin(MONEY)
        reader.button("Stop").click()
        expect(reader.see(".stopped")).to_have_text("Stopped. Nothing was found yet.")
        hesitant.go.set()
        reader.button("Try again").press("Enter")
        exchange = reader.see(".exchange:has(.marker)")
        assert questions(reader) == [MONEY]
        expect(exchange.locator(".stopped")).to_have_count(0)


def test_a_question_that_is_asked_before_the_page_is_loaded_stays(visit, folder):
    with hesitating(folder) as (hesitant, site):
        hesitant.before = True
        reader = visit(site)
        loading, asking = [], threading.Event()

        def sent(route):
            if asking.is_set():
                route.continue_()
            else:
                loading.append(route)

        reader.page.route("**/queue/join**", sent)
        reader.page.reload()
        while not loading:
            reader.page.wait_for_timeout(50)
        hesitant.documents = lambda *_: ()  # so that the first view is another one now
        asking.set()
        reader.begin(MONEY)
        reader.see(".waiting")
        expect(reader.page.locator("#filters").get_by_text("English")).to_have_count(1)
        for route in loading:
            route.continue_()
        expect(reader.page.locator("#filters").get_by_text("English")).to_have_count(0)
        assert questions(reader) == [MONEY]
        expect(reader.button("Stop")).to_be_visible()


def test_an_answer_does_not_come_back_into_a_new_conversation(visit, folder):
    with hesitating(folder) as (hesitant, site):
        reader = visit(site)
        reader.begin(STATIONS)
        reader.see(".marker")
        reader.button("New conversation").click()
        reader.see(".welcome")
        hesitant.go.set()
        assert reader.ask(MONEY).locator(".marker").count() >= 1
        assert questions(reader) == [MONEY]


def test_a_question_that_comes_right_after_an_answer_is_not_lost(reader, monkeypatch):
    answering, go = handlers.answering, threading.Event()

    def lingering(*arguments, **named):
        """Complete on the page, but not yet over for Gradio, as on a busy machine."""
        yield from answering(*arguments, **named)
        assert go.wait(PATIENCE / 1_000)

    monkeypatch.setattr(handlers, "answering", lingering)
    try:
        reader.ask(MONEY)
        reader.ask(STATIONS)
        reader.ask(WHEN)
        assert questions(reader) == [MONEY, STATIONS, WHEN]
    finally:
        go.set()


def test_nothing_is_asked_while_another_question_is_asked_anew(visit, folder):
    with hesitating(folder) as (hesitant, site):
        hesitant.go.set()
        reader = visit(site)
        reader.ask(MONEY)
        hesitant.go.clear()
        reader.button("Try again").click()
        expect(reader.button("Stop")).to_be_visible()
        box(reader).fill(STATIONS)
        sent = len(reader.requests)
        box(reader).press("Enter")
        reader.page.wait_for_timeout(200)
        assert not any("queue/join" in url for url in reader.requests[sent:])
        hesitant.go.set()
        reader.end(1)
        expect(box(reader)).to_have_value(STATIONS)
        assert questions(reader) == [MONEY]
        box(reader).press("Enter")
        reader.end(2)
        assert questions(reader) == [MONEY, STATIONS]


def test_a_tab_that_is_closed_makes_room_for_others(visit, folder, monkeypatch):
    monkeypatch.setattr(serving, "AT_ONCE", 1)
    with hesitating(folder) as (hesitant, site):
        hesitant.before = True
        gone = visit(site)
        gone.begin(MONEY)
        gone.see(".waiting")
        hesitant.before = False
        gone.page.close()
        other = visit(site)
        other.begin(STATIONS)
        # the step that the closed tab was at lasts longer than this
        other.page.locator(".marker").first.wait_for(timeout=PATIENCE / 2)


def test_a_stopped_answer_is_kept(visit, folder, tmp_path):
    kept = Conversations(tmp_path)
    with hesitating(folder, conversations=kept) as (_, site):
        reader = visit(site)
        reader.begin(STATIONS)
        reader.see(".marker")
        reader.button("Stop").click()
        reader.end(1)
        reader.page.reload()
        reader.recall(STATIONS)
        expect(reader.page.locator(".stopped")).to_contain_text("may be incomplete")


class Moody(SentenceTransformerEmbedder):
    """The real model, but the next question meets the error that it is given."""

    mood = None

    def embed_query(self, text):
        error, self.mood = self.mood, None
        if error is not None:
            raise error
        return super().embed_query(text)


def test_a_question_that_met_a_problem_is_tried_again_in_its_place(visit, folder):
    model = Moody()
    with (
        Store.open(folder, embedder=model) as store,
        ChatPage(Assistant(store, model), host="127.0.0.1", port=0) as site,
    ):
        reader = visit(site)
        reader.ask(STATIONS)
        model.mood = StoreError("The store has moved.")
        reader.ask(MONEY)
        expect(reader.page.locator(".problem")).to_have_text("The store has moved.")
        reader.button("Try again").click()
        expect(reader.page.locator(".exchange").nth(1).locator(".marker").first).to_be_visible()
        assert questions(reader) == [STATIONS, MONEY]
        assert reader.page.locator(".problem").count() == 0


def test_a_question_is_edited_in_place_and_what_came_after_it_goes(reader):
    for question in (MONEY, STATIONS, NOWHERE):
        reader.ask(question)
    edit = reader.unfold(".exchange:nth-of-type(2) .edit")
    field = edit.get_by_label("Question 2")
    expect(field).to_be_focused()
    expect(field).to_have_value(STATIONS)
    expect(edit).to_contain_text("its answer and the question after it")
    field.fill("something else")
    field.press("Escape")
    expect(field).to_be_hidden()
    assert "Edit" in reader.focused()
    edit = reader.unfold(".exchange:nth-of-type(2) .edit")
    expect(field).to_have_value(STATIONS)
    field.fill(WHEN)
    field.press("Enter")
    expect(reader.page.locator(".searched")).to_contain_text("railway")
    reader.end(2)
    assert questions(reader) == [MONEY, WHEN]
    expect(field).to_be_hidden()
    # what stands before it is still there, and a new question goes on from it
    assert reader.ask(STATIONS).locator(".question").text_content() == STATIONS
    assert reader.page.locator(".exchange").count() == 3


def test_the_source_of_an_answer_that_is_replaced_is_closed(reader):
    reader.open(reader.ask(MONEY).locator(".marker").first)
    reader.button("Try again").click()
    expect(reader.see("#source .hint")).to_contain_text("Choose a number")


def test_what_is_typed_into_a_form_stays_while_an_answer_is_made(visit, folder):
    with hesitating(folder) as (hesitant, site):
        hesitant.go.set()
        reader = visit(site)
        reader.ask(MONEY)
        field = reader.unfold(".edit").get_by_label("Question 1")
        field.fill("How many crowns, and whose?")
        hesitant.go.clear()
        reader.begin(STATIONS)
        reader.see(".exchange:nth-of-type(2) .marker")
        send = reader.button("Ask anew")
        expect(send).to_be_disabled()
        field.press("Enter")  # has to wait
        hesitant.go.set()
        reader.end(2)
        expect(send).to_be_enabled()
        assert questions(reader) == [MONEY, STATIONS]
        expect(field).to_have_value("How many crowns, and whose?")


def test_a_form_is_opened_and_filled_in_while_an_answer_is_made(visit, folder):
    with hesitating(folder) as (hesitant, site):
        hesitant.go.set()
        reader = visit(site)
        reader.ask(MONEY)
        hesitant.go.clear()
        reader.begin(STATIONS)
        reader.see(".exchange:nth-of-type(2) .marker")
        reader.page.locator(".edit summary").click()
        field = reader.page.get_by_label("Question 1")
        expect(field).to_be_focused()
        field.fill("How many crowns, and whose?")
        hesitant.go.set()
        reader.end(2)
        expect(field).to_be_focused()
        expect(field).to_have_value("How many crowns, and whose?")


def test_what_was_searched_for_is_corrected_and_the_question_stays(reader, assistant):
    reader.ask(MONEY)
    searched = reader.ask(WHEN).locator(".searched")
    alone = re.search(r"Searched for: (.+\))", searched.inner_text())[1]
    field = reader.unfold(".correct").get_by_label("Search for")
    expect(field).to_have_value(alone)
    field.fill(STATIONS)
    reader.button("Search").click()
    expect(searched).to_contain_text(f"Searched for: {STATIONS}")
    last = reader.end(2)
    assert questions(reader) == [MONEY, WHEN]
    expected = assistant.answer(STATIONS)
    assert [reader.open(link) for link in last.locator(".source").all()] == [
        citation.quote for citation in expected.citations
    ]
    # tried again, it is searched for in the same words
    reader.button("Try again").click()
    reader.see(".exchange:nth-of-type(2)[aria-busy=false]")
    expect(searched).to_contain_text(f"Searched for: {STATIONS}")


def test_that_a_sentence_is_supported_is_heard_and_neither_seen_nor_copied(reader):
    reader.allow_clipboard()
    text = reader.ask(MONEY).locator(".answer")
    assert "(supported)" in text.aria_snapshot()
    mark = text.locator(".unseen").first
    assert mark.text_content().strip() == "(supported)"
    assert max(mark.bounding_box()[side] for side in ("width", "height")) <= 1
    text.evaluate("text => getSelection().selectAllChildren(text)")
    reader.page.keyboard.press("Control+c")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert "340 million crowns" in copied and "supported" not in copied


def test_why_these_sources_folds_out_and_stays_open(reader, assistant):
    expected = assistant.answer(MONEY)
    reader.ask(MONEY)
    why = reader.unfold(".why")
    expect(why.locator("dl")).to_contain_text(MONEY)
    expect(why.locator("dl")).to_contain_text(f"{expected.confidence:.2f}, at or above")
    chosen, considered = (why.locator(".trace").nth(n).locator("li") for n in (0, 1))
    assert chosen.count() == len(expected.trace.chosen)
    assert considered.count() == len(expected.trace.considered) == expected.trace.read
    expect(chosen.first).to_contain_text("340 million crowns")
    reader.ask(STATIONS)
    expect(why.first.locator("dl")).to_be_visible()


def test_an_abstention_says_that_it_was_not_sure_enough(visit, folder):
    model = Aloof()
    with (
        Store.open(folder, embedder=model) as store,
        ChatPage(Assistant(store, model), host="127.0.0.1", port=0) as site,
    ):
        reader = visit(site)
        reader.ask(NOWHERE)
        why = reader.unfold(".why")
        expect(why.locator("summary")).to_have_text("Why no answer")
        expect(why.locator("dl")).to_contain_text(f"below the {THRESHOLD} that an answer needs")


def test_an_answer_and_a_source_are_rated_and_the_lines_become_drafts(visit, keeping, tmp_path):
    reader = visit(keeping())
    exchange = reader.ask(MONEY)
    source = reader.unfold(".sources li:first-child .rate")
    wrong = source.get_by_role("button", name="Wrong")
    wrong.press("Enter")
    expect(reader.see("[role=status] >> text=Noted: source 1 is wrong.")).to_be_visible()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(wrong).to_be_focused()
    source.get_by_label("Note").fill("Another railway.")
    source.get_by_label("Note").press("Enter")
    reader.see("[role=status] >> text=with your note")
    answer = reader.unfold(".more .rate")
    answer.get_by_role("button", name="Right").click()
    expect(answer.get_by_role("button", name="Right")).to_have_attribute("aria-pressed", "true")
    told = read_feedback(tmp_path / "feedback.jsonl")
    assert [(one.verdict, one.note, one.citation is None) for one in told] == [
        ("wrong", "", False),
        ("wrong", "Another railway.", False),
        ("right", "", True),
    ]
    quotes = [citation.quote for citation in told[0].citations]
    (draft,) = drafts(told)
    assert draft["question"] == MONEY
    assert [one["quote"] for one in draft["evidence"]] == quotes[1:]
    # it is remembered with the conversation
    reader.page.reload()
    reader.recall(MONEY)
    names = exchange.locator("summary").all_text_contents()
    assert "Rated right: the answer" in names and "Rated wrong: source 1" in names


def test_who_thinks_better_of_it_at_once_is_heard_too(visit, keeping, monkeypatch):
    rated, asked, go = handlers.rated, threading.Event(), threading.Event()

    def slow(*arguments):
        asked.set()
        assert go.wait(60)
        return rated(*arguments)

    reader = visit(keeping())
    reader.ask(MONEY)
    rate = reader.unfold(".more .rate")
    monkeypatch.setattr(handlers, "rated", slow)
    rate.get_by_role("button", name="Wrong").click()
    assert asked.wait(60)
    rate.get_by_role("button", name="Right").click()
    go.set()
    expect(rate.get_by_role("button", name="Right")).to_have_attribute("aria-pressed", "true")
    expect(rate.get_by_role("button", name="Wrong")).to_have_attribute("aria-pressed", "false")


def test_feedback_that_cannot_be_kept_is_said(visit, keeping, tmp_path):
    (tmp_path / "feedback.jsonl").mkdir()
    reader = visit(keeping())
    reader.ask(MONEY)
    button = reader.unfold(".more .rate").get_by_role("button", name="Wrong")
    button.click()
    expect(reader.see("#taken .problem")).to_contain_text("feedback.jsonl")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_after_the_first_example_a_follow_up_is_offered(visit, assistant):
    page = ChatPage(assistant, host="127.0.0.1", port=0, examples=[MONEY], follow_ups={MONEY: WHEN})
    with page as site:
        reader = visit(site)
        reader.button(MONEY).click()
        reader.end(1)
        reader.button(WHEN).click()
        expect(reader.end(2).locator(".searched")).to_contain_text("railway")
        assert reader.page.locator(".then").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_folded_out_fits_a_narrow_window(visit, site, scheme):
    window = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    reader = visit(site, **window)
    reader.ask(MONEY)
    reader.ask(WHEN)
    for fold in reader.page.locator(".exchange details").all():
        summary = fold.locator("summary")
        summary.focus()
        assert summary.evaluate("s => getComputedStyle(s).outlineStyle") == "solid"
        reader.page.keyboard.press("Enter")
        expect(fold).to_have_attribute("open", "")
        for field in fold.locator("textarea").all():  # the focus goes on to it
            expect(field).to_be_focused()
    assert not overflows(reader.page)
