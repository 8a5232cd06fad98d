"""The chat page in a real browser, over a real store and the real model."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import docx
import pytest
from page_samples import HOSTILE
from page_site import (
    EXAMPLES,
    KEEPERS,
    MONEY,
    NOWHERE,
    SPITEFUL_NAME,
    STATIONS,
    Aloof,
    assert_nothing_ran,
    come_into_view,
    models,
    overflows,
)
from playwright.sync_api import expect

from assistant import handlers
from assistant.address import PageError
from assistant.assistant import Assistant
from assistant.cli import main
from assistant.conversations import Conversations
from assistant.exchange import UNEXPECTED
from assistant.serving import ChatPage, launch
from vectorstore import Store, StoreError
from vectorstore.embedding import SentenceTransformerEmbedder


def test_the_first_view_offers_questions_and_answers_the_one_chosen(reader):
    expect(reader.see(".welcome")).to_contain_text("3 documents")
    buttons = reader.see(".examples button")
    assert buttons.all_text_contents() == list(EXAMPLES)
    buttons.nth(1).click()
    exchange = reader.end(1)
    assert exchange.locator(".question").text_content() == STATIONS
    assert exchange.locator(".marker").count() >= 1
    assert "<textarea" in reader.focused()


@pytest.mark.parametrize("question", [MONEY, STATIONS, KEEPERS])
def test_every_marker_opens_exactly_the_stored_quote(reader, assistant, question):
    expected = assistant.answer(question)
    assert expected.citations, "the sample documents answer this"
    exchange = reader.ask(question)
    markers = exchange.locator(".marker").all()
    used = [number for sentence in expected.sentences for number in sentence.citations]
    assert [marker.text_content() for marker in markers] == [f"[{number}]" for number in used]
    by_number = {citation.number: citation for citation in expected.citations}
    for number, marker in zip(used, markers, strict=True):
        assert reader.open(marker) == by_number[number].quote
        come_into_view(reader.page, "#cited")
        document = assistant.document(by_number[number].document)
        assert reader.page.locator(".text").text_content() == document.text


def test_the_sources_are_listed_and_lead_to_the_same_place(reader, assistant):
    expected = assistant.answer(STATIONS)
    links = reader.ask(STATIONS).locator(".source")
    assert links.count() == len(expected.citations)
    for link, citation in zip(links.all(), expected.citations, strict=True):
        assert citation.title in link.text_content()
        assert reader.open(link) == citation.quote


def test_previous_and_next_lead_through_the_sources(reader, assistant):
    quotes = [citation.quote for citation in assistant.answer(STATIONS).citations]
    assert len(quotes) > 1
    assert reader.open(reader.ask(STATIONS).locator(".source").first) == quotes[0]
    reader.page.get_by_role("button", name="Next").click()
    assert reader.shown("0-c2") == quotes[1]
    assert "Next" in reader.focused()
    reader.page.get_by_role("button", name="Previous").click()
    assert reader.shown("0-c1") == quotes[0]


def test_the_source_that_is_chosen_last_is_the_one_that_is_shown(reader, monkeypatch):
    opened, asked, go = handlers.opened, threading.Event(), threading.Event()

    def slow(*arguments):
        asked.set()
        assert go.wait(60)
        return opened(*arguments)

    markers = reader.ask(STATIONS).locator(".marker")
    monkeypatch.setattr(handlers, "opened", slow)
    markers.first.click()
    assert asked.wait(60)
    markers.last.click()
    go.set()
    first, last = (one.get_attribute("data-open") for one in (markers.first, markers.last))
    assert first != last
    reader.shown(last)


def test_pointing_at_a_marker_previews_its_source(reader):
    exchange = reader.ask(MONEY)
    preview = exchange.locator(".preview").first
    expect(preview).to_be_hidden()
    exchange.locator(".marker").first.hover()
    expect(preview).to_be_visible()
    expect(preview).to_contain_text("340 million crowns")
    expect(preview).to_contain_text("Northport communiqué on rail, 4 May 2021")


def test_a_source_is_opened_and_left_with_the_keyboard_alone(reader, assistant):
    page = reader.page
    page.locator("#question textarea").focus()
    page.keyboard.type(MONEY)
    page.keyboard.press("Enter")
    exchange = reader.end(1)
    first = exchange.locator(".marker").first
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if first.evaluate("marker => marker === document.activeElement"):
            break
    name = "Source 1: Northport communiqué on rail, 4 May 2021"
    expect(page.get_by_role("link", name=name, exact=True).first).to_be_focused()
    expect(exchange.locator(".preview").first).to_be_visible()
    assert first.evaluate("marker => getComputedStyle(marker).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert reader.shown("0-c1") == assistant.answer(MONEY).citations[0].quote
    expect(page.locator("#cited")).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()


def test_what_the_documents_do_not_answer_is_not_answered(visit, folder):
    model = Aloof()
    with (
        Store.open(folder, embedder=model) as store,
        ChatPage(Assistant(store, model), host="127.0.0.1", port=0) as site,
    ):
        expected = Assistant(store, model).answer(NOWHERE)
        assert expected.abstained and expected.nearest
        reader = visit(site)
        exchange = reader.ask(NOWHERE)
        expect(exchange.locator(".abstention")).to_contain_text(NOWHERE)
        assert exchange.locator(".abstention h3").all_text_contents() == [
            "Nearest passages (they do not answer the question)"
        ]
        assert exchange.locator(".marker").count() == 0
        links = exchange.locator(".source").all()
        assert [reader.open(link) for link in links] == [near.quote for near in expected.nearest]


def test_a_follow_up_shows_what_was_searched_for(reader):
    assert reader.ask(MONEY).locator(".searched").count() == 0
    searched = reader.ask("And until when?").locator(".searched")
    expect(searched).to_contain_text("Searched for: And until when?")
    expect(searched).to_contain_text("railway")


def test_a_conversation_survives_a_reload_and_a_restart_with_its_citations(
    visit, keeping, assistant
):
    quotes = [citation.quote for citation in assistant.answer(MONEY).citations]
    reader = visit(keeping())
    reader.ask(MONEY)
    reader.ask(STATIONS)
    reader.page.reload()
    reader.see(".welcome")
    reader.recall(MONEY)
    assert reader.page.locator(".question").all_text_contents() == [MONEY, STATIONS]
    other = visit(keeping())
    other.recall(MONEY)
    markers = other.page.locator(".exchange").first.locator(".marker")
    assert [other.open(marker) for marker in markers.all()] == quotes
    # it goes on where it was
    assert other.ask(NOWHERE).locator(".question").text_content() == NOWHERE
    other.page.reload()
    expect(other.see(".earlier summary")).to_have_text("Earlier conversations (1)")
    other.recall(MONEY)
    assert other.page.locator(".exchange").count() == 3


def test_a_conversation_that_is_deleted_is_gone_from_the_page_and_the_list(visit, keeping):
    reader = visit(keeping())
    reader.ask(MONEY)
    reader.page.get_by_role("button", name="New conversation").click()
    reader.see(".welcome")
    reader.ask(STATIONS)
    expect(reader.see(".earlier summary")).to_have_text("Earlier conversations (2)")
    reader.see(".earlier summary").click()
    reader.page.get_by_role("button", name=f"Delete the conversation {MONEY}").click()
    expect(reader.see(".earlier summary")).to_have_text("Earlier conversations (1)")
    assert reader.page.locator(".question").text_content() == STATIONS
    reader.page.get_by_role("button", name=f"Delete the conversation {STATIONS}").click()
    reader.see(".welcome")
    expect(reader.page.locator(".earlier")).to_have_count(0)
    reader.page.reload()
    reader.see(".welcome")
    assert reader.page.locator(".earlier").count() == 0


def test_conversations_are_deleted_one_right_after_another(visit, keeping, monkeypatch):
    delete, asked, go = Conversations.delete, threading.Event(), threading.Event()

    def slow(self, id):
        asked.set()
        assert go.wait(60)
        delete(self, id)

    reader = visit(keeping())
    for question in (MONEY, STATIONS, KEEPERS):
        reader.ask(question)
        reader.button("New conversation").click()
        reader.see(".welcome")
    monkeypatch.setattr(Conversations, "delete", slow)
    reader.see(".earlier summary").click()
    kept = reader.page.locator(".earlier li")
    expect(kept).to_have_count(3)
    for n in (0, 1):
        kept.nth(n).locator("[data-forget]").click()
        assert asked.wait(60)
    go.set()
    expect(kept).to_have_count(1)
    expect(kept).to_contain_text(MONEY)


def test_a_file_of_conversations_that_is_damaged_is_named_and_answers_go_on(
    visit, keeping, tmp_path
):
    (tmp_path / "conversations.sqlite3").write_bytes(b"no database" * 100)
    reader = visit(keeping())
    expect(reader.see("#earlier .problem")).to_contain_text("conversations.sqlite3")
    assert reader.ask(MONEY).locator(".marker").count() >= 1


@pytest.mark.parametrize("form", ["Markdown", "HTML", "Word", "JSON"])
def test_a_conversation_is_saved_as_a_file(reader, assistant, folder, tmp_path, form, capsys):
    quotes = [citation.quote for citation in assistant.answer(MONEY).citations]
    reader.ask(MONEY)
    reader.ask(NOWHERE)
    with reader.page.expect_download() as begun:
        reader.page.get_by_role("button", name=form, exact=True).click()
    file = tmp_path / begun.value.suggested_filename
    begun.value.save_as(file)
    expect(reader.see("[role=status] >> text=Saved as")).to_contain_text(file.name)
    if form == "Word":
        text = " ".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)
    else:
        text = file.read_text(encoding="utf-8")
    if form == "JSON":
        assert main(["verify", str(file), "--store", str(folder)]) == 0
        assert f"{len(quotes)} of {len(quotes)} citations hold" in capsys.readouterr().out
        text = " ".join(c["quote"] for c in json.loads(text)["exchanges"][0]["answer"]["citations"])
    for quote in quotes:
        assert " ".join(quote.split()) in " ".join(text.split())


def test_an_answer_is_copied_with_its_citations(reader, assistant):
    reader.allow_clipboard()
    exchange = reader.ask(MONEY)
    exchange.get_by_role("button", name="Copy with citations").click()
    expect(reader.see("[role=status] >> text=Copied")).to_be_visible()
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    for citation in assistant.answer(MONEY).citations:
        assert f"[^{citation.number}]:" in copied
        assert f"characters {citation.start} to {citation.end}" in copied


def test_a_new_conversation_forgets_the_old_one(reader):
    reader.open(reader.ask(MONEY).locator(".marker").first)
    reader.page.get_by_role("button", name="New conversation").click()
    reader.see(".welcome")
    expect(reader.page.locator(".exchange, .document")).to_have_count(0)
    assert reader.ask("And until when?").locator(".searched").count() == 0
    assert reader.page.locator(".question").all_text_contents() == ["And until when?"]


def test_in_a_long_conversation_the_question_box_and_the_source_stay_in_view(reader):
    for question in (MONEY, STATIONS, MONEY):
        exchange = reader.ask(question)
    reader.open(exchange.locator(".marker").first)
    page = reader.page
    assert page.evaluate("document.documentElement.scrollHeight > 1.2 * innerHeight")
    for place in (0, 100_000):
        page.evaluate(f"scrollTo({{top: {place}, behavior: 'instant'}})")
        for selector in ("#question textarea", "#cited"):
            expect(page.locator(selector)).to_be_in_viewport(ratio=1)


def test_a_hostile_document_is_only_text(reader, assistant):
    expected = assistant.answer(KEEPERS)
    cited = next(c for c in expected.citations if "herring" in c.quote)
    exchange = reader.ask(KEEPERS)
    assert reader.open(exchange.locator(f"[data-open='0-c{cited.number}']").first) == cited.quote
    shown = reader.page.locator(".document").inner_text()
    assert SPITEFUL_NAME in shown and HOSTILE[0] in shown
    assert_nothing_ran(reader)


@pytest.mark.parametrize("text", [" ".join(HOSTILE), "x" * 2_000])
def test_a_hostile_question_is_only_text(reader, text):
    exchange = reader.ask(text)
    assert exchange.locator(".question").text_content() == text
    assert_nothing_ran(reader)
    assert not overflows(reader.page)


# Questions, and words of the answer to each.
TOLD = {
    MONEY: "340 million crowns",
    STATIONS: "Birkhaven, for the hospital; [2]",
    KEEPERS: "paid in herring",
    "When did the ministers meet at Northport?": "3 and 4 May 2021",
    "Where does half of the sum come from?": "the harbour levy",
    "What did Delegate 17 do?": "Delegate 17 greeted the assembly",
    "Which station is near the lighthouse?": "Corrie Point",
    "Where does the ferry land?": "Alderness, where the ferry lands; [1]",
    "Which station is for the hospital?": "Birkhaven, for the hospital; [1]",
    "Wie hebben een akkoord gesloten over de melkprijs?": "zuivelfabrieken van Westerdam",
}


def test_ten_people_at_once_get_their_own_answers(visit, site, assistant):
    people = [(visit(site), question, told) for question, told in TOLD.items()]
    counts = [person.begin(question) for person, question, _ in people]
    for (person, question, told), count in zip(people, counts, strict=True):
        exchange = person.end(count)
        assert person.page.locator(".question").all_text_contents() == [question]
        expect(exchange.locator(".answer")).to_contain_text(told)
        quotes = [citation.quote for citation in assistant.answer(question).citations]
        assert [person.open(link) for link in exchange.locator(".source").all()] == quotes


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_shows_the_source_below(visit, site, scheme):
    window = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    reader = visit(site, **window)
    assert not overflows(reader.page)
    reader.open(reader.ask(MONEY).locator(".marker").first)
    come_into_view(reader.page, "#cited")
    assert not overflows(reader.page)
    reader.page.get_by_role("button", name="Back to the answer").click()
    expect(reader.page.locator(".marker").first).to_be_in_viewport()


class Moody(SentenceTransformerEmbedder):
    """The real model, but the next question meets the error that it is given."""

    mood = None

    def embed_query(self, text):
        error, self.mood = self.mood, None
        if error is not None:
            raise error
        return super().embed_query(text)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreError("The store has moved. Open it again."), "The store has moved. Open it again."),
        (RuntimeError("secret detail"), UNEXPECTED),
    ],
)
def test_errors_are_said_in_plain_words_and_the_page_goes_on(visit, folder, error, said):
    model = Moody()
    with (
        Store.open(folder, embedder=model) as store,
        ChatPage(Assistant(store, model), host="127.0.0.1", port=0) as site,
    ):
        reader = visit(site)
        model.mood = error
        assert reader.ask(MONEY).locator(".problem").text_content() == said
        assert "secret" not in reader.page.content()
        assert reader.ask(MONEY).locator(".marker").count() >= 1


def test_a_document_that_has_gone_is_said_to_be_gone(visit, folder, tmp_path):
    copy = tmp_path / "store"
    shutil.copytree(folder, copy)
    with (
        Assistant.open(copy) as assistant,
        ChatPage(assistant, host="127.0.0.1", port=0) as site,
    ):
        reader = visit(site)
        marker = reader.ask(MONEY).locator(".marker").first
        with Store.open(copy, embedder=models()[0], mode="write") as store:
            store.forget(store.find("rail.md"))
        marker.click()
        expect(reader.see("#source .problem")).to_contain_text("no document")


def test_an_empty_store_says_how_to_add_documents(visit, tmp_path):
    embedder, ranker = models()
    with (
        Store.open(tmp_path / "store", embedder=embedder, mode="write") as store,
        ChatPage(
            Assistant(store, embedder, ranker), host="127.0.0.1", port=0, examples=EXAMPLES
        ) as site,
    ):
        reader = visit(site)
        expect(reader.see(".welcome")).to_contain_text("summit ingest FOLDER")
        assert reader.page.locator(".examples").count() == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_another_host_is_refused(assistant, host):
    with pytest.raises(PageError, match=re.escape(repr(host))):
        launch(assistant, host=host, port=0)


def test_a_port_that_is_taken_is_named(assistant):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PageError, match=f"port {port}.*--port"):
            ChatPage(assistant, host="127.0.0.1", port=port)


# The command line, which ends at once with 70 when it turns to another computer.
HERMIT = """
import os, signal, sys

# A shell that starts tests in the background has its children ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host not in (None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0"):
        print(event, arguments, file=sys.stderr, flush=True)
        os._exit(70)

sys.addaudithook(watch)
from assistant.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_it_is_served_to_this_computer_alone_until_interrupted(folder):
    served = subprocess.Popen(
        [sys.executable, "-c", HERMIT, "chat", "--store", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        said = served.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
        assert "this computer only" in said
        with urlopen(url, timeout=60) as page:
            assert page.status == 200
        foreign = Request(url, headers={"Host": "elsewhere.example"})
        with pytest.raises(HTTPError, match="421"):
            urlopen(foreign, timeout=60)
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=120) == 0
    finally:
        served.kill()
