"""The chat page in a real browser, over a real store and the real model."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import docx
import pytest
from page_samples import HOSTILE
from playwright.sync_api import expect, sync_playwright

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.conversations import Conversations
from assistant.exchange import UNEXPECTED
from assistant.page import ChatPage, PageError, launch
from vectorstore import Store, StoreError
from vectorstore.embedding import SentenceTransformerEmbedder

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip(
        "No Chromium on PATH: the page is not tested (apt-get install chromium).",
        allow_module_level=True,
    )
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 60_000  # milliseconds, on a busy machine

RAIL = """---
title: Northport communiqué on rail
date: 2021-05-04
publisher: Northport Secretariat
---

# Northport communiqué on rail

The ministers met at Northport on 3 and 4 May 2021, and talked for two days.

## Money

The ministers agreed to spend 340 million crowns on the coastal railway until 2026.
Half of the sum comes from the harbour levy, which every port collects.

## Speakers

{speakers}

## Stations

They chose three places for new stations on the coastal railway:

- Alderness, where the ferry lands;
- Birkhaven, for the hospital;
- Corrie Point, near the lighthouse.
""".format(speakers="\n".join(f"{n}. Delegate {n} greeted the assembly." for n in range(1, 61)))
MILK = """---
title: Zuivelakkoord van Westerdam
date: 2020-11-12
language: nl
---

# Zuivelakkoord van Westerdam

De boeren en de zuivelfabrieken van Westerdam hebben een akkoord gesloten over de melkprijs.
De fabrieken betalen de boeren vanaf januari 2021 ten minste 52 cent per liter melk.
"""
SPITEFUL = (
    "The lighthouse keepers of Dunmore were paid in herring and " + " and ".join(HOSTILE) + "."
)
SPITEFUL_NAME = "<img src=x onerror=document.title='taken'>.txt"

MONEY = "How many crowns did the ministers agree to spend on the coastal railway?"
STATIONS = "Which places get new stations on the coastal railway?"
KEEPERS = "What were the lighthouse keepers of Dunmore paid in?"
NOWHERE = "What is the boiling point of tungsten hexafluoride in vacuum chambers?"
EXAMPLES = (MONEY, STATIONS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A store of four documents, ingested as anyone would."""
    documents = tmp_path_factory.mktemp("documents")
    (documents / "rail.md").write_text(RAIL, encoding="utf-8")
    (documents / "melk.md").write_text(MILK, encoding="utf-8")
    (documents / SPITEFUL_NAME).write_text(f"# {HOSTILE[0]}\n\n{SPITEFUL}\n", encoding="utf-8")
    store = tmp_path_factory.mktemp("stores") / "store"
    assert main(["ingest", str(documents), "--store", str(store)]) == 0
    return store


@pytest.fixture(scope="module")
def assistant(folder):
    with Assistant.open(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(assistant):
    with ChatPage(assistant, host="127.0.0.1", port=0, examples=EXAMPLES) as page:
        yield page


@pytest.fixture(scope="module")
def browser():
    assert CHROMIUM is not None, "CI must have Chromium: the page is not tested without it."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Reader:
    """Someone with a browser window of their own on the page."""

    def __init__(self, browser, url, **window):
        self.requests = []
        self.dialogs = []
        self._context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, **window}
        )
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog), dialog.dismiss()))
        self.page.goto(url)
        self.see(".welcome, .problem")

    def see(self, selector):
        found = self.page.locator(selector)
        found.first.wait_for(timeout=PATIENCE)
        return found

    def begin(self, question):
        """Types and sends a question; returns how many are on the page then."""
        before = self.page.locator(".exchange").count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        return before + 1

    def end(self, count):
        """The last exchange, once it is complete."""
        self.see(f".exchange:nth-of-type({count})[aria-busy=false]")
        return self.page.locator(".exchange").last

    def ask(self, question):
        return self.end(self.begin(question))

    def open(self, link):
        """Clicks a link to a source; the highlighted text, once it is that link's."""
        place = link.get_attribute("data-open")
        link.click()
        return self.shown(place)

    def shown(self, place):
        return self.see(f"[data-showing='{place}'] #cited").text_content()

    def allow_clipboard(self):
        self._context.grant_permissions(["clipboard-read", "clipboard-write"])

    def focused(self):
        return self.page.evaluate("document.activeElement.outerHTML")

    def close(self):
        hosts = {urlsplit(url).hostname for url in self.requests if not url.startswith("data:")}
        self._context.close()
        assert hosts == {"127.0.0.1"}, "nothing is asked of another host"
        assert self.dialogs == []


@pytest.fixture
def visit(browser):
    """Opens windows on the page, and checks when they close what they asked of whom."""
    readers = []

    def one(site, **window):
        readers.append(Reader(browser, site.url, **window))
        return readers[-1]

    yield one
    for reader in readers:
        reader.close()


@pytest.fixture
def reader(visit, site):
    return visit(site)


def in_view(page, selector):
    """Whether the element is inside the window and inside the box that scrolls it."""
    return page.eval_on_selector(
        selector,
        """element => {
             const inside = element.getBoundingClientRect();
             const box = element.closest('.text')?.getBoundingClientRect();
             const top = Math.max(0, box?.top ?? 0);
             const bottom = Math.min(innerHeight, box?.bottom ?? innerHeight);
             return inside.top >= top && inside.top < bottom;
           }""",
    )


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
        assert in_view(reader.page, "#cited")
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


class Aloof(SentenceTransformerEmbedder):
    """The real model, but every question is the opposite of what it is near to."""

    def embed_query(self, text):
        return -super().embed_query(text)


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
        assert exchange.locator("h3").all_text_contents() == [
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


@pytest.fixture
def keeping(assistant, tmp_path):
    """Opens a page that keeps what is asked in one folder, as if the program began again."""
    pages = []

    def one():
        for page in pages:
            page.close()
        kept = Conversations(tmp_path)
        pages.append(ChatPage(assistant, host="127.0.0.1", port=0, conversations=kept))
        return pages[-1]

    yield one
    pages[-1].close()


def recall(reader, title):
    reader.see(".earlier summary").click()
    reader.page.get_by_role("button", name=re.compile(f"^{re.escape(title)}")).click()
    reader.see(".exchange[aria-busy=false]")


def test_a_conversation_survives_a_reload_and_a_restart_with_its_citations(
    visit, keeping, assistant
):
    quotes = [citation.quote for citation in assistant.answer(MONEY).citations]
    reader = visit(keeping())
    reader.ask(MONEY)
    reader.ask(STATIONS)
    reader.page.reload()
    reader.see(".welcome")
    recall(reader, MONEY)
    assert reader.page.locator(".question").all_text_contents() == [MONEY, STATIONS]
    other = visit(keeping())
    recall(other, MONEY)
    markers = other.page.locator(".exchange").first.locator(".marker")
    assert [other.open(marker) for marker in markers.all()] == quotes
    # it goes on where it was
    assert other.ask(NOWHERE).locator(".question").text_content() == NOWHERE
    other.page.reload()
    expect(other.see(".earlier summary")).to_have_text("Earlier conversations (1)")
    recall(other, MONEY)
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
    assert reader.page.locator(".earlier").count() == 0
    reader.page.reload()
    reader.see(".welcome")
    assert reader.page.locator(".earlier").count() == 0


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
    assert reader.page.locator(".exchange, .document").count() == 0
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


def assert_nothing_ran(reader):
    assert reader.page.title() == "Summit Assistant"
    for tag in ("script", "img", "iframe", "style", "svg", "h1"):
        assert reader.page.locator(f"#conversation {tag}, #source {tag}").count() == 0


def overflows(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_two_people_at_once_get_their_own_answers(visit, site, assistant):
    people = [(visit(site), MONEY), (visit(site), KEEPERS), (visit(site), STATIONS)]
    counts = [person.begin(question) for person, question in people]
    for (person, question), count in zip(people, counts, strict=True):
        exchange = person.end(count)
        assert person.page.locator(".question").all_text_contents() == [question]
        first = exchange.locator(".marker").first
        assert person.open(first) == assistant.answer(question).citations[0].quote


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_shows_the_source_below(visit, site, scheme):
    window = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    reader = visit(site, **window)
    assert not overflows(reader.page)
    reader.open(reader.ask(MONEY).locator(".marker").first)
    assert in_view(reader.page, "#cited")
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
    model = SentenceTransformerEmbedder()
    with (
        Assistant.open(copy) as assistant,
        ChatPage(assistant, host="127.0.0.1", port=0) as site,
    ):
        reader = visit(site)
        marker = reader.ask(MONEY).locator(".marker").first
        with Store.open(copy, embedder=model, mode="write") as store:
            store.forget(store.find("rail.md"))
        marker.click()
        expect(reader.see("#source .problem")).to_contain_text("no document")


def test_an_empty_store_says_how_to_add_documents(visit, tmp_path):
    model = SentenceTransformerEmbedder()
    with (
        Store.open(tmp_path / "store", embedder=model, mode="write") as store,
        ChatPage(Assistant(store, model), host="127.0.0.1", port=0, examples=EXAMPLES) as site,
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
from assistant.conversations import Conversations
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
        with urlopen(url, timeout=30) as page:
            assert page.status == 200
        foreign = Request(url, headers={"Host": "elsewhere.example"})
        with pytest.raises(HTTPError, match="421"):
            urlopen(foreign, timeout=30)
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=30) == 0
    finally:
        served.kill()
