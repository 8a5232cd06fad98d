"""A store of small documents, a page over it, and readers with a real browser."""

import os

import pytest
from page_site import (
    CHROMIUM,
    EXAMPLES,
    FLAGS,
    HOSTILE,
    MILK,
    PATIENCE,
    RAIL,
    SPITEFUL,
    SPITEFUL_NAME,
    Reader,
)
from playwright.sync_api import expect, sync_playwright

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.conversations import Conversations
from assistant.serving import ChatPage


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A store of four documents, ingested as anyone would."""
    documents = tmp_path_factory.mktemp("documents")
    (documents / "rail.md").write_text(RAIL, encoding="utf-8")
    (documents / "melk.md").write_text(MILK, encoding="utf-8")
    (documents / SPITEFUL_NAME).write_text(f"# {HOSTILE[0]}\n\n{SPITEFUL}\n", encoding="utf-8")
    store = tmp_path_factory.mktemp("stores") / "store"
    assert main(["ingest", str(documents), "--store", str(store)]) == 0
    return store


@pytest.fixture(scope="session")
def assistant(folder):
    with Assistant.open(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(assistant):
    with ChatPage(assistant, host="127.0.0.1", port=0, examples=EXAMPLES) as page:
        yield page


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        assert os.environ.get("CI") != "true", "CI must have Chromium to test the page with."
        pytest.skip("No Chromium on PATH: the page is not tested (apt-get install chromium).")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


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


@pytest.fixture
def keeping(assistant, tmp_path):
    """Opens a page that keeps what is asked in one folder, as if the program began again."""
    pages = []

    def one():
        for page in pages:
            page.close()
        page = ChatPage(
            assistant,
            host="127.0.0.1",
            port=0,
            conversations=Conversations(tmp_path),
            feedback=tmp_path / "feedback.jsonl",
        )
        pages.append(page)
        return page

    yield one
    pages[-1].close()
