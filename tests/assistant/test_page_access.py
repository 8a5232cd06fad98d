"""Whether everyone can use the page: axe-core's rules, on every view of it in a real browser.

The rules are those of WCAG 2.2 that a program can check, and axe's own advice beside them.
"""

import shutil
import threading
from contextlib import ExitStack, closing, contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_site import EXAMPLES, MONEY, NOWHERE, PATIENCE, STATIONS, WHEN, hesitating, models
from playwright.sync_api import expect

from assistant.adding import Adding
from assistant.assistant import Assistant
from assistant.conversations import Conversations
from assistant.serving import ChatPage
from assistant.writer import Writer
from vectorstore import Store

RAIL_TITLE = "Northport communiqué on rail"
# What fades or moves has come to its end.
AT_REST = "() => document.getAnimations().every((one) => one.playState !== 'running')"
# WCAG 2.2, but not among what axe looks at unless it is told to.
RULES = {"target-size": {"enabled": True}}


@contextmanager
def whole_page(folder):
    """A page that has everything `summit chat` gives it, over the store in `folder`."""
    embedder, ranker = models()

    def writing():
        return Store.open(folder, embedder=embedder, mode="write")

    with ExitStack() as opened:
        writing().close()
        store = opened.enter_context(Store.open(folder, embedder=embedder))
        adding = opened.enter_context(closing(Adding(Writer(writing), folder)))
        yield opened.enter_context(
            ChatPage(
                Assistant(store, embedder, ranker),
                host="127.0.0.1",
                port=0,
                examples=EXAMPLES,
                conversations=Conversations(folder),
                feedback=folder / "feedback.jsonl",
                adding=adding,
            )
        )


class Unready(Assistant):
    """The real assistant, which lists its documents only once it may go on."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.go, self.waited = threading.Event(), threading.Event()
        self.go.set()

    def documents(self, *arguments):
        if not self.go.is_set():
            self.waited.set()
        self.go.wait(PATIENCE / 1_000)
        return super().documents(*arguments)


def assert_no_rule_is_broken(page, views):
    """Goes through views by their names, in each of which the page has something to show."""
    broken = [f"In {view}: {one}" for view in views for one in violations(page)]
    assert not broken, "\n".join(broken)


def violations(page):
    """Each element that breaks a rule: the rule, the element and what is wrong with it."""
    page.wait_for_function(AT_REST)
    options = {"resultTypes": ["violations"], "rules": RULES}
    return [
        f"{rule['id']}: {node['html'][:300]} at {node['target']}: {node['failureSummary']}"
        for rule in Axe().run(page, options=options).response["violations"]
        for node in rule["nodes"]
    ]


def views_of_a_conversation(reader):
    """From the first question to those of before; each view by its name, once it is there."""
    page = reader.page
    yield "the first view with example questions"
    exchange = reader.ask(MONEY)
    yield "an answer with citations, and the buttons that save it"
    exchange.locator(".marker").first.hover()
    expect(exchange.locator(".preview").first).to_be_visible()
    yield "a source previewed"
    reader.open(exchange.locator(".marker").first)
    yield "the source panel"
    reader.unfold(".why")
    yield "why these sources"
    rate = reader.unfold(".more .rate")
    yield "feedback"
    rate.get_by_role("button", name="Wrong").click()
    rate.get_by_label("Note").wait_for()
    yield "feedback with a note"
    reader.unfold(".edit")
    yield "a question being edited"
    reader.ask(WHEN)
    yield "a follow-up with what was searched for"
    reader.unfold(".correct")
    yield "what was searched for being corrected"
    page.locator(".filters summary").click()
    page.get_by_label("English").check()
    page.get_by_label("From", exact=True).fill("2020-01-01")
    expect(page.locator(".chip")).to_have_count(2)
    yield "filters as chips, and their form"
    reader.ask(NOWHERE)
    reader.see(".abstention")
    yield "an abstention, within filters"
    reader.unfold(".exchange:last-child .why")
    yield "why no answer"
    page.get_by_label("From", exact=True).fill("2030-01-01")
    reader.see(".chips .problem")
    reader.ask(MONEY)
    yield "a question for which there was nothing to search"
    reader.button("Clear all").click()
    reader.see(".earlier summary").click()
    yield "earlier conversations"


def views_of_the_documents(reader):
    """Adding, asking alone, removing and reading; each view by its name, once it is there."""
    page = reader.page
    page.locator(".plain[data-library]:visible").or_(
        page.get_by_role("tab", name="Documents")
    ).first.click()
    reader.see("#library li")
    reader.unfold("#tools .adder")
    yield "the documents and how to add some"
    reader.button(f"Ask only {RAIL_TITLE}").click()
    reader.see(".chip")
    yield "a document that alone is asked"
    file = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"no pdf"}
    page.set_input_files("#tools input[type=file]", [file])
    reader.see(".added[data-finished] .problem")
    yield "a file that could not be added"
    reader.button(f"Remove {RAIL_TITLE}").click()
    reader.see("dialog")
    yield "whether a document is to be removed"
    reader.button("Keep it").click()
    reader.button(RAIL_TITLE).click()
    reader.see("#source .text")
    yield "a whole document"


def views_of_growing(reader, hesitant):
    """An answer before, while and after it is made, below one that has forms open."""
    hesitant.go.set()
    reader.ask(MONEY)
    rate = reader.unfold(".more .rate")
    reader.unfold(".edit")
    hesitant.go.clear()
    hesitant.before = True
    reader.begin(STATIONS)
    reader.see(".waiting")
    yield "a question that waits"
    hesitant.before = False
    hesitant.go.set()
    reader.end(2)
    hesitant.go.clear()
    reader.begin(STATIONS)
    reader.see(".exchange:nth-of-type(3) .marker")
    yield "an answer that grows"
    reader.button("Stop").click()
    reader.end(3)
    yield "an answer that was stopped"
    hesitant.go.set()
    rate.get_by_role("button", name="Right").click()
    reader.see("#taken .problem")
    yield "feedback that cannot be kept"


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(params=[1280, 360], ids=["wide", "narrow"])
def window(request, scheme):
    """What a browser window is like: colours by day and by night, a screen and a telephone."""
    return {"viewport": {"width": request.param, "height": 800}, "color_scheme": scheme}


def test_no_view_breaks_a_rule(visit, folder, tmp_path, window):
    shutil.copytree(folder, tmp_path / "store")
    with whole_page(tmp_path / "store") as site:
        reader = visit(site, **window)
        assert_no_rule_is_broken(reader.page, views_of_a_conversation(reader))
        assert_no_rule_is_broken(reader.page, views_of_the_documents(reader))


def test_the_invitation_of_an_empty_store_breaks_no_rule(visit, tmp_path, window):
    with whole_page(tmp_path / "store") as site:
        reader = visit(site, **window)
        assert_no_rule_is_broken(reader.page, ["the invitation"])


def test_an_answer_that_grows_breaks_no_rule(visit, folder, scheme):
    with hesitating(folder) as (hesitant, site):
        reader = visit(site, color_scheme=scheme)
        assert_no_rule_is_broken(reader.page, views_of_growing(reader, hesitant))


def test_the_page_can_be_read_while_it_is_loaded(visit, folder, scheme):
    embedder, ranker = models()
    with Store.open(folder, embedder=embedder) as store:
        unready = Unready(store, embedder, ranker)
        with ChatPage(unready, host="127.0.0.1", port=0, examples=EXAMPLES) as site:
            unready.go.clear()
            reader = visit(site, color_scheme=scheme)
            try:
                assert unready.waited.wait(PATIENCE / 1_000)
                assert_no_rule_is_broken(reader.page, ["the first view"])
            finally:
                unready.go.set()
