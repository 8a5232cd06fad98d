import io
import json
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import docx
import pytest
from page_samples import Page, citation

from assistant import parcel
from assistant.answers import Answer, Sentence
from assistant.exchange import Exchange
from assistant.render import FORMS, saving

WHEN = datetime(2024, 7, 10, 9, 30, 5, tzinfo=UTC)
CITATION = citation(quote="Allies paid.")
ANSWER = Answer(
    "Who paid?",
    "Who paid?",
    "Allies paid. [1]",
    False,
    "en",
    "extractive",
    (Sentence("Allies paid.", (1,)),),
    (CITATION,),
)
TALK = (
    Exchange("Who paid?", ANSWER, complete=True),
    Exchange("And then?", problem="The store is locked.", complete=True),
    Exchange("Who paid?", ANSWER, complete=True),
)


def test_the_page_offers_exactly_the_forms_there_are():
    buttons = [e for e in Page(saving(TALK)).elements if e[0] == "button"]
    assert {b[1]["data-save"] for b in buttons} == set(parcel.FORMS) == {form for form, _ in FORMS}
    assert saving(()) == saving((Exchange("Who paid?"),)) == ""


@pytest.mark.parametrize("form", [form for form, _ in FORMS])
def test_a_saved_conversation_holds_every_quote_and_is_named_after_the_time(form):
    made = parcel.saved(form, TALK, {}, when=WHEN)
    assert made is not None
    assert made.name == f"conversation-2024-07-10-0930.{parcel.FORMS[form][0]}"
    if form == "docx":
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(made.data)).paragraphs)
    else:
        text = made.data.decode()
    if form == "json":
        assert len(json.loads(text)["exchanges"]) == 3
    assert CITATION.quote in text
    assert "The store is locked" in text


def test_a_form_that_there_is_not_is_nothing():
    assert parcel.saved("../../etc/passwd", TALK, {}, when=WHEN) is None


def test_an_answer_is_copied_with_the_numbers_it_has_in_the_whole():
    first = parcel.copied(0, TALK, {}, when=WHEN)
    third = parcel.copied(2, TALK, {}, when=WHEN)
    assert first is not None and third is not None
    assert first.name == third.name == ""
    assert "Allies paid.[^1]" in first.data.decode()
    assert "Allies paid.[^2]" in third.data.decode()
    whole = parcel.saved("markdown", TALK, {}, when=WHEN)
    assert whole is not None
    assert "Allies paid.[^2]" in whole.data.decode()


@pytest.mark.parametrize("at", [-1, 1, 3, 10**9])
def test_where_there_is_no_answer_nothing_is_copied(at):
    assert parcel.copied(at, TALK, {}, when=WHEN) is None


def test_the_html_holds_every_byte_and_differs_from_time_to_time():
    spiteful = replace(ANSWER.sentences[0], text='<script>"x"</script> \ud800')
    asked = replace(TALK[0], answer=replace(ANSWER, sentences=(spiteful,)))
    made = parcel.saved("html", (asked,), {}, when=WHEN)
    assert made is not None
    (element,) = Page(parcel.as_html(made, when=WHEN)).elements
    assert b64decode(element[1]["data-content"]) == made.data
    assert element[1]["data-name"] == made.name
    later = parcel.as_html(made, when=WHEN + timedelta(microseconds=1))
    assert later != parcel.as_html(made, when=WHEN)
