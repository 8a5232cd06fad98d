"""What the tests of the page share: documents, questions, and a reader with a window."""

import re
import shutil
import threading
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

from page_samples import HOSTILE

from assistant.assistant import Assistant
from assistant.ranker import EvidenceModel
from assistant.serving import ChatPage
from vectorstore import Store
from vectorstore.embedding import SentenceTransformerEmbedder

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 60_000  # milliseconds, on a busy machine
LOADED = "document.querySelector('.loading') === null"  # Gradio's own sign

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
WHEN = "And until when?"
EXAMPLES = (MONEY, STATIONS)


@cache
def models():
    """The real models, loaded once for all pages."""
    return SentenceTransformerEmbedder(), EvidenceModel()


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
        self.page.wait_for_function(LOADED)

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

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def unfold(self, selector):
        """Opens a fold-out with the keyboard, and returns it."""
        fold = self.page.locator(selector)
        fold.locator("summary").focus()
        self.page.keyboard.press("Enter")
        return fold

    def recall(self, title):
        """Opens an earlier conversation."""
        self.see(".earlier summary").click()
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(title)}")).click()
        self.see(".exchange[aria-busy=false]")

    def allow_clipboard(self):
        self._context.grant_permissions(["clipboard-read", "clipboard-write"])

    def focused(self):
        return self.page.evaluate("document.activeElement.outerHTML")

    def close(self):
        hosts = {urlsplit(url).hostname for url in self.requests if not url.startswith("data:")}
        self._context.close()
        assert hosts == {"127.0.0.1"}, "nothing is asked of another host"
        assert self.dialogs == []


class Aloof(SentenceTransformerEmbedder):
    """The real model, but every question is the opposite of what it is near to."""

    def embed_query(self, text):
        return -super().embed_query(text)


class Hesitant(Assistant):
    """The real assistant, which waits before or after the first sentence until it may go on."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.go = threading.Event()
        self.before = False

    def stream(self, *arguments, **named):
        if self.before:
            self.go.wait(PATIENCE / 1_000)
        for count, snapshot in enumerate(super().stream(*arguments, **named)):
            if count:
                self.go.wait(PATIENCE / 1_000)
            yield snapshot


@contextmanager
def hesitating(folder, **page):
    """A hesitant assistant and its page."""
    embedder, ranker = models()
    with Store.open(folder, embedder=embedder) as store:
        hesitant = Hesitant(store, embedder, ranker)
        with ChatPage(hesitant, host="127.0.0.1", port=0, **page) as site:
            try:
                yield hesitant, site
            finally:
                hesitant.go.set()  # or the page would wait for it to close


def come_into_view(page, selector):
    """Waits until the element is inside the window and inside the box that scrolls it."""
    page.wait_for_function(
        """selector => {
             const element = document.querySelector(selector);
             const inside = element.getBoundingClientRect();
             const box = element.closest('.text')?.getBoundingClientRect();
             const top = Math.max(0, box?.top ?? 0);
             const bottom = Math.min(innerHeight, box?.bottom ?? innerHeight);
             return inside.top >= top && inside.top < bottom;
           }""",
        arg=selector,
    )


def assert_nothing_ran(reader):
    assert reader.page.title() == "Summit Assistant"
    for tag in ("script", "img", "iframe", "style", "svg", "h1"):
        assert reader.page.locator(f"#conversation {tag}, #source {tag}").count() == 0


def overflows(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")
