"""The documents panel, adding, filters and the password, in a real browser over a real store."""

import base64
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pytest
from page_samples import HOSTILE
from page_site import LOADED, models
from playwright.sync_api import expect, sync_playwright
from store_samples import BagEmbedder, document, put

from assistant.adding import Adding
from assistant.address import PageError
from assistant.assistant import Assistant
from assistant.conversations import Conversations
from assistant.documents import Documents
from assistant.password import Credentials
from assistant.serving import ChatPage
from assistant.writer import Writer
from assistant.yielding import Yielding
from ingest.sync import sync
from vectorstore import Store

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip(
        "No Chromium on PATH: the page is not tested (apt-get install chromium).",
        allow_module_level=True,
    )
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
PATIENCE = 60_000  # milliseconds, on a busy machine

RAIL = """---
title: Northport communiqué on rail
date: 2021-05-04
publisher: Northport Secretariat
---

# Northport communiqué on rail

The ministers agreed to spend 340 million crowns on the coastal railway until 2026.
"""
HARBOUR = """---
title: Birkhaven statement on the harbour
date: 2023-09-12
publisher: Birkhaven Council
---

# Birkhaven statement on the harbour

The ministers agreed to spend 90 million crowns on the coastal harbour until 2029.
"""
MILK = """---
title: Zuivelakkoord van Westerdam
date: 2020-11-12
language: nl
publisher: Westerdam
---

# Zuivelakkoord van Westerdam

De fabrieken betalen de boeren vanaf januari 2021 ten minste 52 cent per liter melk.
"""
FILES = {"rail.md": RAIL, "harbour.md": HARBOUR, "melk.md": MILK}
CROWNS = "How many crowns did the ministers agree to spend on the coastal railway?"


class Gate(BagEmbedder):
    """A model that embeds passages only while it is open."""

    def __init__(self):
        super().__init__()
        self.open = threading.Event()
        self.open.set()
        self.waited = threading.Event()

    def embed_passages(self, texts):
        if not self.open.is_set():
            self.waited.set()
        assert self.open.wait(60)
        return super().embed_passages(texts)


class Home:
    """A store, those who read and write it, and its page."""

    def __init__(self, folder, files, **options):
        self.folder = folder / "store"
        self.model = Gate()
        docs = folder / "docs"
        docs.mkdir()
        for name, text in files.items():
            (docs / name).write_text(text, encoding="utf-8")
        with self.writing() as store:
            if files:
                sync((str(docs),), store)
        limit = {"max_bytes": options.pop("max_bytes")} if "max_bytes" in options else {}
        self.adding = Adding(Writer(self.writing), self.folder, **limit)
        self._store = Store.open(self.folder, embedder=self.model)
        self.assistant = Assistant(self._store, self.model, models()[1])
        options = {"host": "127.0.0.1", "port": 0, "adding": self.adding, **options}
        self.page = ChatPage(self.assistant, conversations=Conversations(self.folder), **options)
        self.url = self.page.url

    def writing(self):
        return Store.open(self.folder, embedder=Yielding(self.model), mode="write")

    def keep_notes(self, count):
        """Puts so many short documents into the store, which no file is the source of."""
        with self.writing() as store:
            for n in range(count):
                note = document(f"They met {n} times.", title=f"Café note {n}")
                put(store, note, f"/docs/{n}")

    def titles(self):
        return sorted(entry.title for entry in self.assistant.documents())

    def close(self):
        self.model.open.set()
        self.page.close()
        self.adding.close()
        self._store.close()


@pytest.fixture
def home(tmp_path):
    """Makes pages; files are the store's own."""
    homes = []

    def one(files=FILES, **options):
        homes.append(Home(tmp_path, files, **options))
        return homes[-1]

    yield one
    for made in homes:
        made.close()


@pytest.fixture(scope="module")
def browser():
    assert CHROMIUM is not None, "CI must have Chromium: the page is not tested without it."
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Visitor:
    """Someone with a browser window of their own on the page."""

    def __init__(self, browser, url, **window):
        window = {"viewport": {"width": 1280, "height": 800}, **window}
        self._context = browser.new_context(**window)
        self.requests, self.errors = [], []
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)
        self.see(".welcome, .problem")
        self.see("#side[data-tab]")
        self.page.wait_for_function(LOADED)

    def see(self, selector):
        found = self.page.locator(selector)
        found.first.wait_for(timeout=PATIENCE)
        return found

    def button(self, name, **exactly):
        return self.page.get_by_role("button", name=name, **exactly)

    def documents(self):
        """Opens the documents panel; its rows."""
        self.page.get_by_role("tab", name="Documents").click()
        return self.see("#library li")

    def chips(self):
        return [text.removesuffix(" ×") for text in self.page.locator(".chip").all_text_contents()]

    def expect_chips(self, *words):
        expect(self.page.locator(".chip")).to_have_text([f"{one} ×" for one in words])

    def ask(self, question):
        count = self.page.locator(".exchange").count() + 1
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        self.see(f".exchange:nth-of-type({count})[aria-busy=false]")
        return self.page.locator(".exchange").last

    def choose(self, *files):
        """Chooses files of these names and contents to be added."""
        given = [
            {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
            for name, text in files
        ]
        self.page.set_input_files("#tools input[type=file]", given)

    def add(self, *files):
        """As `choose`; what is said once all have arrived."""
        tab = self.page.get_by_role("tab", name="Documents")
        if tab.get_attribute("aria-selected") != "true":
            tab.click()
        self.choose(*files)
        return self.see(".added[data-finished]")

    def overflows(self):
        return self.page.evaluate("document.documentElement.scrollWidth > innerWidth")

    def close(self):
        hosts = {urlsplit(url).hostname for url in self.requests if not url.startswith("data:")}
        self._context.close()
        assert hosts == {"127.0.0.1"}, "nothing is asked of another host"
        assert self.errors == []


@pytest.fixture
def visit(browser):
    visitors = []

    def one(home, **window):
        visitors.append(Visitor(browser, home.url.replace("0.0.0.0", "127.0.0.1"), **window))
        return visitors[-1]

    yield one
    for visitor in visitors:
        visitor.close()


def test_from_an_empty_store_to_an_answer(visit, home):
    site = home({})
    visitor = visit(site)
    expect(visitor.see(".welcome")).to_contain_text("summit ingest FOLDER")
    visitor.button("Add documents").click()
    expect(visitor.button("Choose files")).to_be_focused()
    said = visitor.add(("rail.md", RAIL), ("letter.pdf", "no pdf"), ("melk.md", MILK))
    expect(said).to_contain_text("Done: 2 added, 1 not added.")
    expect(said.locator(".problem")).to_contain_text("'letter.pdf' is named or declared a .pdf")
    expect(visitor.see("#library h2")).to_have_text("2 documents")
    expect(visitor.see(".welcome")).to_contain_text("Ask about the 2 documents")
    answer = visitor.ask(CROWNS)
    expect(answer.locator(".marker").first).to_be_visible()
    expect(answer.locator(".answer")).to_contain_text("340 million crowns")
    answer.locator(".marker").first.click()
    expect(visitor.see("#cited")).to_contain_text("340 million crowns")
    assert site.titles() == ["Northport communiqué on rail", "Zuivelakkoord van Westerdam"]
    visitor.page.reload()
    visitor.see("#side[data-tab=source]")
    expect(visitor.add(("harbour.md", HARBOUR))).to_contain_text("harbour.md: added")


def test_files_are_dropped_anywhere_on_the_page(visit, home):
    site = home()
    visitor = visit(site)
    visitor.page.evaluate(
        """text => {
             const files = new DataTransfer();
             files.items.add(new File([text], "../../notes <b>.md"));
             for (const kind of ["dragover", "drop"]) {
               document.querySelector("#conversation").dispatchEvent(
                 new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
             }
           }""",
        RAIL.replace("340", "350"),
    )
    expect(visitor.see(".added[data-finished]")).to_contain_text("notes <b>.md: added, ")
    expect(visitor.see("#library h2")).to_have_text("4 documents")
    kept = [file.name for file in site.adding.folder.rglob("*") if file.is_file()]
    assert kept == ["notes <b>.md"]


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        body = RAIL.rsplit("---\n", maxsplit=1)[-1].encode()
        self.send_response(200 if self.path == "/statement.txt" else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


def test_web_pages_are_added_by_their_address(visit, home):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    visitor = visit(home({}))
    field = visitor.page.get_by_label("address of a web page")
    field.fill(f"{address}/statement.txt")
    field.press("Enter")
    expect(visitor.see(".added[data-finished]")).to_contain_text("statement.txt: added, 1 passage")
    field.fill(f"{address}/nothing")
    visitor.button("Add page").click()
    expect(visitor.see(".added .problem")).to_contain_text("was refused by its server (404")
    expect(visitor.see("#library h2")).to_have_text("1 document")
    server.shutdown()
    server.server_close()


def test_a_file_that_is_too_large_is_named_and_not_sent(visit, home):
    visitor = visit(home({}, max_bytes=2**20))
    said = visitor.add(("big.txt", "x" * (2**20 + 1)), ("rail.md", RAIL))
    expect(said.locator(".problem")).to_contain_text("'big.txt' has more than the 1 MB")
    expect(said).to_contain_text("rail.md: added")
    assert sum(url.endswith("/documents") for url in visitor.requests) == 1


def test_questions_are_answered_while_a_document_is_read(visit, home):
    site = home()
    visitor, other = visit(site), visit(site)
    visitor.documents()
    site.model.open.clear()
    visitor.choose(("one.md", f"{RAIL}\nOne."), ("two.md", f"{RAIL}\nTwo."))
    assert site.model.waited.wait(60)
    expect(visitor.see(".added progress")).to_be_visible()
    expect(visitor.see(".added")).to_contain_text("1 of 2: reading one.md…")
    for someone in (visitor, other):
        expect(someone.ask(CROWNS).locator(".answer")).to_contain_text("340 million crowns")
    expect(visitor.see(".added")).to_contain_text("1 of 2: reading one.md…")
    # more is chosen meanwhile, and waits
    visitor.choose(("three.md", f"{MILK}\nThree."))
    site.model.open.set()
    expect(visitor.see("#library h2")).to_have_text("6 documents")
    expect(visitor.see(".added[data-finished]")).to_contain_text("three.md: added")


def test_an_address_that_is_given_while_a_document_is_read_is_not_lost(visit, home):
    site = home()
    visitor = visit(site)
    visitor.documents()
    site.model.open.clear()
    visitor.choose(("one.md", f"{RAIL}\nOne."))
    assert site.model.waited.wait(60)
    visitor.see("#tools .adder summary").click()
    field = visitor.page.get_by_label("address of a web page")
    field.fill("ftp://127.0.0.1/statement")
    field.press("Enter")
    site.model.open.set()
    expect(visitor.see(".added .problem")).to_contain_text("is no web address")


def test_documents_are_removed_one_right_after_another(visit, home, monkeypatch):
    remove, asked, go = Documents.remove, threading.Event(), threading.Event()

    def slow(self, id):
        asked.set()
        assert go.wait(60)
        return remove(self, id)

    site = home()
    visitor = visit(site)
    rows = visitor.documents()
    expect(rows).to_have_count(3)
    monkeypatch.setattr(Documents, "remove", slow)
    for title in ("Northport communiqué on rail", "Zuivelakkoord van Westerdam"):
        visitor.button(f"Remove {title}", exact=True).click()
        visitor.button("Remove it", exact=True).click()
        assert asked.wait(60)
    go.set()
    expect(rows).to_have_count(1)
    assert site.titles() == ["Birkhaven statement on the harbour"]


def test_a_document_goes_in_though_its_tab_is_closed(visit, home):
    site = home()
    visitor = visit(site)
    visitor.documents()
    site.model.open.clear()
    visitor.choose(("new.md", f"{RAIL}\nNew."))
    assert site.model.waited.wait(60)
    visitor.page.close()
    site.model.open.set()
    site.adding.close()  # waits for it
    assert len(site.titles()) == 4


def test_the_list_of_many_documents_is_narrowed_as_one_types(visit, home):
    site = home({})
    site.keep_notes(400)
    visitor = visit(site)
    assert visitor.documents().count() == 400
    find = visitor.page.get_by_label("Find in the list")
    find.fill("39  CAFE")
    expect(visitor.page.locator("#library li:visible")).to_have_count(14)
    expect(visitor.see(".finder [role=status]")).to_have_text("14 of 400")
    find.fill("399")
    expect(visitor.page.locator("#library li:visible")).to_have_count(1)
    find.fill("nothing of the kind")
    expect(visitor.see(".finder [role=status]")).to_have_text("0 of 400")


def test_a_list_that_comes_late_is_not_the_last_word(visit, home, monkeypatch):
    listed, lists = Documents.listed, []
    go, again = threading.Event(), threading.Event()

    def later(self, filter):
        lists.append(made := listed(self, filter))
        if len(lists) > 2:
            again.set()
        assert len(lists) > 1 or go.wait(60)
        return made

    monkeypatch.setattr(Documents, "listed", later)
    visitor = visit(home())
    visitor.page.get_by_role("tab", name="Documents").click()
    visitor.add(("new.md", f"{RAIL}\nNew."))
    heading = visitor.see("#library h2")
    expect(heading).to_have_text("4 documents")
    go.set()
    assert again.wait(60)
    expect(heading).to_have_text("4 documents")
    assert ["3 documents" in one for one in lists] == [True, False, False]


def test_who_has_chosen_a_tab_is_not_sent_away_once_the_page_has_loaded(visit, home):
    site = home({})
    site.keep_notes(1)
    listed, go = site.assistant.documents, threading.Event()

    def later():
        assert go.wait(60)
        return listed()

    site.assistant.documents = later
    visitor = visit(site)
    tab = visitor.page.get_by_role("tab", name="Documents")
    expect(tab).to_have_attribute("aria-selected", "true")  # as the page was made
    tab.click()
    go.set()
    expect(visitor.see(".welcome")).to_contain_text("Ask about the 1 document")
    visitor.see("#library li")
    expect(tab).to_have_attribute("aria-selected", "true")


def test_few_documents_are_not_looked_through(visit, home):
    site = home({})
    site.keep_notes(8)
    visitor = visit(site)
    visitor.documents()
    find = visitor.page.get_by_label("Find in the list")
    expect(find).to_be_hidden()
    visitor.add(("melk.md", MILK))
    expect(find).to_be_visible()
    find.fill("zuivel")
    expect(visitor.page.locator("#library li:visible")).to_have_count(1)
    visitor.add(("rail.md", RAIL))
    expect(visitor.see(".finder [role=status]")).to_have_text("1 of 10")
    expect(visitor.page.locator("#library li:visible")).to_have_count(1)


def test_a_document_is_read_and_left_with_the_keyboard(visit, home):
    visitor = visit(home())
    page = visitor.page
    page.get_by_role("tab", name="Source").focus()
    page.keyboard.press("ArrowRight")
    tab = page.get_by_role("tab", name="Documents")
    expect(tab).to_be_focused()
    assert tab.evaluate("tab => getComputedStyle(tab).outlineStyle") == "solid"
    visitor.see("#library li")
    row = visitor.button("Zuivelakkoord van Westerdam", exact=True)
    for _ in range(20):
        page.keyboard.press("Tab")
        if row.evaluate("row => row === document.activeElement"):
            break
    expect(row).to_be_focused()
    assert row.evaluate("row => getComputedStyle(row).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    visitor.see("#source .document")
    assert page.locator("#source .text").text_content() == MILK
    assert page.locator("#cited").count() == 0
    expect(page.locator("#source .text")).to_be_focused()
    expect(page.get_by_role("tab", name="Source")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#source .text")).to_be_focused()
    visitor.button("Back to the documents").click()
    expect(row).to_be_focused()
    # a source of an answer takes the panel over
    visitor.ask(CROWNS).locator(".marker").first.click()
    visitor.see("#cited")
    expect(page.locator("#library")).to_be_hidden()


def test_a_document_is_removed_after_a_question_that_names_it(visit, home):
    site = home()
    visitor = visit(site)
    visitor.documents()
    title = "Birkhaven statement on the harbour"
    visitor.button(f"Ask only {title}").click()
    visitor.expect_chips(f"Document: {title}")
    visitor.button(f"Remove {title}", exact=True).click()
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Remove “{title}”?")
    expect(visitor.button("Keep it")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(visitor.button(f"Remove {title}", exact=True)).to_be_focused()
    assert title in site.titles()
    visitor.button(f"Remove {title}", exact=True).click()
    visitor.button("Remove it").click()
    said = visitor.see(".added[data-finished]")
    expect(said).to_contain_text(f"Removed “{title}” (harbour.md)")
    expect(said).to_contain_text("the next summit ingest of that folder brings it back")
    expect(visitor.page.locator("#library li")).to_have_count(2)
    expect(visitor.page.locator("#library h2")).to_be_focused()
    assert visitor.chips() == []
    assert title not in site.titles()


def test_removing_the_last_document_leads_back_to_the_first_minute(visit, home):
    visitor = visit(home({"rail.md": RAIL}))
    visitor.documents()
    visitor.button("Remove Northport communiqué on rail").click()
    visitor.button("Remove it").click()
    expect(visitor.see(".welcome")).to_contain_text("There are no documents yet")
    expect(visitor.page.locator(".filters")).to_have_count(0)


def test_filters_are_set_seen_and_lifted(visit, home):
    visitor = visit(home())
    page = visitor.page
    visitor.see(".filters summary").click()
    page.get_by_label("English 2").check()
    visitor.expect_chips("Language: English")
    expect(visitor.see(".chips")).to_contain_text("Asking 2 of 3 documents")
    page.get_by_label("Birkhaven Council 1").check()
    page.get_by_label("From", exact=True).fill("2022-01-01")
    page.get_by_label("Until", exact=True).fill("2024-12-31")
    visitor.expect_chips(
        "Language: English",
        "Publisher: Birkhaven Council",
        "From 1 January 2022",
        "Until 31 December 2024",
    )
    expect(page.get_by_label("Birkhaven Council 1")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_label("English 2")).to_be_hidden()
    exchange = visitor.ask(CROWNS)
    expect(exchange.locator(".within")).to_have_text(
        "Within: Language: English; Publisher: Birkhaven Council; From 1 January 2022; "
        "Until 31 December 2024"
    )
    assert "340 million" not in exchange.text_content()
    visitor.button("Remove the filter Publisher: Birkhaven Council").click()
    visitor.expect_chips("Language: English", "From 1 January 2022", "Until 31 December 2024")
    visitor.button("Remove the filter From 1 January 2022").click()
    visitor.expect_chips("Language: English", "Until 31 December 2024")
    assert "textarea" in page.evaluate("document.activeElement.outerHTML")
    visitor.see(".filters summary").click()
    expect(page.get_by_label("Birkhaven Council 1")).not_to_be_checked()
    expect(page.get_by_label("English 2")).to_be_checked()
    visitor.button("Clear all").click()
    expect(page.locator(".chips")).to_have_count(0)
    expect(page.get_by_label("English 2")).not_to_be_checked()
    exchange = visitor.ask(CROWNS)
    expect(exchange.locator(".answer")).to_contain_text("340 million crowns")
    assert exchange.locator(".within").count() == 0


def test_a_limit_that_is_set_while_another_is_on_its_way_holds_too(visit, home, monkeypatch):
    chips, asked, go = Documents.chips, threading.Event(), threading.Event()

    def slow(self, filter):
        asked.set()
        assert go.wait(60)
        return chips(self, filter)

    visitor = visit(home())
    visitor.see(".filters summary").click()
    monkeypatch.setattr(Documents, "chips", slow)
    visitor.page.get_by_label("English 2").check()
    assert asked.wait(60)
    visitor.page.get_by_label("From", exact=True).fill("2022-01-01")
    visitor.page.wait_for_timeout(500)  # longer than the form waits for more
    go.set()
    visitor.expect_chips("Language: English", "From 1 January 2022")


def test_documents_are_asked_alone(visit, home):
    visitor = visit(home())
    visitor.documents()
    for title in ("Birkhaven statement on the harbour", "Zuivelakkoord van Westerdam"):
        visitor.button(f"Ask only {title}").click()
    pressed = visitor.page.locator("[data-only][aria-pressed=true]")
    expect(pressed).to_have_count(2)
    expect(visitor.see(".chips")).to_contain_text("Asking 2 of 3 documents")
    assert "340 million" not in visitor.ask(CROWNS).text_content()
    visitor.button("Ask only Birkhaven statement on the harbour").click()
    visitor.expect_chips("Document: Zuivelakkoord van Westerdam")
    visitor.button("Remove the filter Document: Zuivelakkoord van Westerdam").click()
    expect(pressed).to_have_count(0)


def test_a_filter_that_leaves_nothing_is_said_in_plain_words(visit, home):
    visitor = visit(home())
    visitor.see(".filters summary").click()
    visitor.page.get_by_label("From", exact=True).fill("2030-01-01")
    expect(visitor.see(".chips .problem")).to_have_text("No document is within these filters")
    exchange = visitor.ask(CROWNS)
    expect(exchange.locator(".problem")).to_contain_text("there was nothing to search")
    expect(exchange.locator(".within")).to_have_text("Within: From 1 January 2030")


def test_filters_belong_to_their_conversation(visit, home):
    visitor = visit(home())
    visitor.see(".filters summary").click()
    visitor.page.get_by_label("Dutch 1").check()
    visitor.expect_chips("Language: Dutch")
    visitor.ask("Hoeveel cent krijgen de boeren per liter melk?")
    visitor.button("New conversation").click()
    expect(visitor.page.locator(".chips")).to_have_count(0)
    expect(visitor.page.get_by_label("Dutch 1")).not_to_be_checked()
    assert visitor.ask(CROWNS).locator(".within").count() == 0
    visitor.see(".earlier summary").click()
    visitor.button(re.compile("^Hoeveel cent")).click()
    visitor.expect_chips("Language: Dutch")
    expect(visitor.see(".within")).to_have_text("Within: Language: Dutch")
    assert "340 million" not in visitor.ask(CROWNS).text_content()
    visitor.page.reload()
    visitor.see(".earlier summary").click()
    visitor.button(re.compile("^How many crowns")).click()
    visitor.see(".exchange")
    assert visitor.chips() == []


def test_a_filter_goes_with_its_conversation_and_stays_without(visit, home):
    visitor = visit(home())
    visitor.ask(CROWNS)
    visitor.see(".filters summary").click()
    visitor.page.get_by_label("English 2").check()
    visitor.expect_chips("Language: English")
    visitor.ask("And until when?")
    visitor.button("New conversation").click()
    visitor.see(".welcome")
    visitor.page.get_by_label("Dutch 1").check()
    visitor.expect_chips("Language: Dutch")
    visitor.ask("Hoeveel cent krijgen de boeren per liter melk?")
    visitor.see(".earlier summary").click()
    visitor.button(re.compile("^Delete the conversation How many")).click()
    expect(visitor.see(".earlier summary")).to_have_text("Earlier conversations (1)")
    visitor.expect_chips("Language: Dutch")
    visitor.button(re.compile("^Delete the conversation Hoeveel")).click()
    visitor.see(".welcome")
    expect(visitor.page.locator(".chips")).to_have_count(0)


@pytest.mark.parametrize("text", [" ".join(HOSTILE)])
def test_hostile_documents_are_only_text(visit, home, text):
    spiteful = f"# {text}\n\nThe lighthouse keepers were paid in herring and {text}.\n"
    visitor = visit(home({"rail.md": RAIL, "<img src=x onerror=alert(1)>.md": spiteful}))
    said = visitor.add(("\"><svg onload=document.title='taken'>.md", spiteful + "More of it."))
    expect(said).to_contain_text("<svg onload=document.title='taken'>.md")
    expect(visitor.documents()).to_have_count(3)
    visitor.page.locator("[data-only]").first.click()
    visitor.see(".chip")
    visitor.page.locator("[data-doubt]").first.click()
    visitor.button("Keep it").click()
    visitor.page.locator("[data-read]").first.click()
    visitor.see("#source .document")
    assert visitor.page.title() == "Summit Assistant"
    for tag in ("script", "img", "iframe", "style", "svg", "h1"):
        for part in ("side", "composer"):
            assert visitor.page.locator(f"#{part} {tag}").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_has_room_for_all_of_it(visit, home, scheme):
    long = "Verdrag" * 30
    visitor = visit(
        home({**FILES, f"{'x' * 90}.md": f"# {long}\n\nThey agreed to spend 12 crowns on it.\n"}),
        viewport={"width": 360, "height": 740},
        color_scheme=scheme,
    )
    page = visitor.page
    page.locator("#filters > * .plain >> text=Documents").last.click()
    visitor.see("#library li")
    expect(page.get_by_role("tab", name="Documents")).to_be_in_viewport()
    assert not visitor.overflows()
    visitor.button("Ask only Northport communiqué on rail").click()
    visitor.button("Ask a question").click()
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page.locator(".chip")).to_be_in_viewport()
    page.locator(".filters summary").click()
    page.get_by_label("English").check()
    visitor.expect_chips("Document: Northport communiqué on rail", "Language: English")
    assert not visitor.overflows()
    for selector in ("#question textarea", ".filters form", ".chip"):
        expect(page.locator(selector).first).to_be_in_viewport()
    page.keyboard.press("Escape")
    visitor.ask(CROWNS).locator(".marker").first.click()
    visitor.see("#cited")
    expect(page.locator("#cited")).to_be_in_viewport()
    assert not visitor.overflows()


# The server itself


def status(url, *, method="GET", data=None, **headers):
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    try:
        with urlopen(Request(url, data, named, method=method), timeout=60) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def test_there_is_no_other_way_to_store_or_read_a_file(home):
    site = home()
    kept = site.folder / "summit.sqlite3"
    multipart = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n\r\n--x--'
    )
    kind = {"Content_Type": "multipart/form-data; boundary=x"}
    for path in ("/gradio_api/upload", "/upload", "/gradio_api//upload"):
        assert status(f"{site.url}{path}", method="POST", data=multipart, **kind) == 404
    for path in (f"/gradio_api/file={kept}", f"/gradio_api/file{kept}", f"/file={kept}"):
        assert status(f"{site.url}{quote(path)}") == 404
    assert status(f"{site.url}/documents") == 405
    assert status(f"{site.url}/documents/uploads") in (404, 405)
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        answer = status(
            f"{site.url}/documents", method="POST", data=b"x", Origin=origin, X_File_Name="a.txt"
        )
        assert answer == 403
        joined = status(
            f"{site.url}/gradio_api/queue/join", method="POST", data=b"{}", Origin=origin
        )
        assert joined == 403
    assert not site.adding.folder.exists()


def routes(several):
    """The paths of all routes, those of included routers too."""
    for route in several:
        if hasattr(route, "path"):
            yield route.path
        else:
            yield from routes(route.original_router.routes)


SECRET = "correct:horse battery"


def test_with_a_password_every_route_asks_for_it(home):
    site = home({"rail.md": RAIL}, host="0.0.0.0", credentials=Credentials("anna", SECRET))
    url = site.url.replace("0.0.0.0", "127.0.0.1")
    paths = set(routes(site.page._blocks.app.routes))
    assert {"/", "/config", "/gradio_api/queue/join"} <= paths, "these are its routes"
    right = f"Basic {base64.b64encode(f'anna:{SECRET}'.encode()).decode()}"
    wrong = f"Basic {base64.b64encode(b'anna:guess').decode()}"
    for path in [*sorted(paths), "/documents", "/assets/x.js", "/nowhere"]:
        plain = re.sub(r"[{}]", "", path)
        for method in ("GET", "POST", "HEAD"):
            for given in ({}, {"Authorization": wrong}):
                assert status(f"{url}{plain}", method=method, **given) == 401, (method, plain)
    for path in ("/", "/config", "/theme.css"):
        assert status(f"{url}{path}", Authorization=right) == 200
        assert status(f"{url}{path}", Authorization=right, Host="server.lan") == 200
    with urlopen(Request(url, headers={"Authorization": right}), timeout=60) as page:
        assert SECRET not in page.read().decode()


def test_with_the_password_the_page_works_as_ever(visit, home):
    site = home({}, host="0.0.0.0", credentials=Credentials("anna", SECRET))
    credentials = {"username": "anna", "password": SECRET}
    visitor = visit(site, http_credentials=credentials)
    expect(visitor.add(("rail.md", RAIL))).to_contain_text("rail.md: added")
    assert visitor.ask(CROWNS).locator(".marker").count() >= 1
    assert SECRET not in visitor.page.content()


def test_on_this_computer_a_password_is_honoured_too(home):
    site = home(credentials=Credentials("anna", SECRET))
    assert status(site.url) == 401


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_another_host_without_a_password_is_refused(host):
    with pytest.raises(PageError, match=re.escape(repr(host))):
        ChatPage(None, host=host, port=0)


def test_a_specific_address_is_served_under_its_own_name_alone(home):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            pytest.skip("This computer has no other address.")
        own = asking.getsockname()[0]
    site = home(host=own, credentials=Credentials("anna", SECRET))
    right = f"Basic {base64.b64encode(f'anna:{SECRET}'.encode()).decode()}"
    assert status(site.url) == 401
    assert status(site.url, Authorization=right) == 200
    assert status(site.url, Authorization=right, Host="evil.example") == 421


@pytest.mark.parametrize("by", ["flag", "environment"])
def test_the_command_line_serves_others_and_keeps_the_password_to_itself(tmp_path, by):
    flag = ["--auth", f"anna:{SECRET}"] if by == "flag" else []
    given = {"SUMMIT_AUTH": f"anna:{SECRET}"} if by == "environment" else {}
    command = ["chat", "--store", str(tmp_path / "new"), "--host", "0.0.0.0", "--port", "0", *flag]
    begin = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    served = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"{begin}from assistant.cli import main; sys.exit(main())",
            *command,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONUNBUFFERED": "1", **given},
    )
    try:
        said = served.stdout.readline()
        assert "for whoever has the password" in said
        url = re.search(r"http://0\.0\.0\.0:\d+", said)[0].replace("0.0.0.0", "127.0.0.1")
        assert status(url) == 401
        right = f"Basic {base64.b64encode(f'anna:{SECRET}'.encode()).decode()}"
        assert status(url, Authorization=right) == 200
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=120) == 0
        assert SECRET not in said + served.stdout.read()
    finally:
        served.kill()
