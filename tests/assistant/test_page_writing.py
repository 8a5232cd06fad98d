"""The chat page where a language model writes: who answers, the switch, and what is struck."""

import pytest
from llm_server import error
from model_samples import BOATS, HARBOUR, PORTS, SPENT, assisted, number_of, stored
from playwright.sync_api import expect

from assistant.serving import ChatPage

WRITTEN = "Until 2026 Norland will spend 340 million crowns on the harbour of Alderness."
FALSE = "Norland will spend 999 million crowns on the harbour of Alderness."
WHY = "(contradicted: the cited words say “340 million”, not “999 million”)"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    documents = {"ports.md": PORTS, "boten.md": BOATS}
    return stored(tmp_path_factory.mktemp("page-writing"), documents)


def told(reader, where):
    return reader.page.locator(".exchange").last.locator(where)


def test_the_model_writes_until_the_reader_switches_it_off(visit, store):
    replies = [f"{FALSE} [{{0}}] {WRITTEN} [{{0}}]"]

    def answer(prompt):
        last = replies[-1]
        return last.format(number_of("340 million", prompt)) if isinstance(last, str) else last

    with (
        assisted(store, answer, show_unsupported=True) as (assistant, server),
        ChatPage(assistant, host="127.0.0.1", port=0) as site,
    ):
        reader = visit(site)
        expect(reader.see(".welcome")).to_contain_text("written by scripted")
        switch = reader.page.get_by_role("checkbox", name="Answers are written by scripted")
        expect(switch).to_be_checked()

        reader.ask(HARBOUR)
        expect(told(reader, ".engine")).to_contain_text("Written by scripted")
        expect(told(reader, ".answer s")).to_have_text(FALSE)
        expect(told(reader, ".answer .verdict")).to_have_text(WHY)
        expect(told(reader, ".answer")).to_contain_text(WRITTEN)
        assert reader.open(told(reader, ".answer .marker").last) == SPENT

        replies.append(error(500, "Broken."))
        reader.ask(HARBOUR)
        expect(told(reader, ".notice")).to_contain_text("the documents are quoted")
        expect(told(reader, ".answer")).to_contain_text(SPENT)
        expect(told(reader, ".engine")).to_have_count(0)

        asked = len(server.asked)
        switch.uncheck()
        reader.ask(HARBOUR)
        expect(told(reader, ".answer")).to_contain_text(SPENT)
        expect(told(reader, ".engine, .notice")).to_have_count(0)
        assert len(server.asked) == asked


def test_without_a_model_there_is_no_switch(reader):
    expect(reader.see(".welcome")).to_contain_text("Answers are quoted")
    expect(reader.page.locator("#writes")).to_be_hidden()
