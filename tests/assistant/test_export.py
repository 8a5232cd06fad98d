import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import docx
import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from page_samples import HOSTILE, Page, citation
from store_samples import BagEmbedder, document, passages

from assistant import export, verify
from assistant.answers import Answer, Sentence
from assistant.answers import as_json as answer_as_json
from assistant.exchange import Exchange
from assistant.footnotes import content_hash
from ingest.extract import Extract
from ingest.prepare import prepare
from vectorstore import Store

WHEN = datetime(2024, 7, 10, 11, 30, 5, 999, tzinfo=timezone(timedelta(hours=2)))
DIGEST = "02562818c19ea3526a4a6c0b1115cb3de342f1e192605f3a37aca2ab4d1fa9a6"  # sha256sum of TEXT
EXPORTED = "2024-07-10T09:30:05Z"
TEXT = "Allies pledged 2% of GDP.\r\n\tThey  will\nreport every year. Two did not. None left."
DOCUMENT = replace(
    document(TEXT, title="Declaration"),
    sources=("nato/a_b.txt",),
    url="https://nato.example/a?b=1&c=é",
)
DOCUMENTS = {DOCUMENT.id: DOCUMENT}
QUOTES = ("Allies pledged 2% of GDP.", "They  will\nreport every year.", "Two did not.")
HOSTILE_TEXTS = (
    *HOSTILE,
    "[^1] and [^1]: another note",
    "[x][1]\n\n[1]: https://phone.home.example",
    "# Taken",
    "1. taken",
    "- taken",
    "    taken",
    "Taken\n===\n---\n***",
    "https://phone.home.example www.phone.home.example home.example taken@home.example",
    "a | b\n--|--\n**bold** _it_ ~~gone~~ `code` $x$ ==mark== :smile:",
    "\x00\x07\x1b[31m\x0btaken\x0c\x7f",
    "lone \ud800 surrogate \udfff",
    "\ufffe\uffff\u202e\u2066taken",
    "]]> --> </style></title>",
    "ends with a mark!",
    "ends with a backslash\\",
)


def cited(number, **changes):
    quote = QUOTES[number - 1]
    start = TEXT.index(quote)
    fields = {
        "document": DOCUMENT.id,
        "source": DOCUMENT.source,
        "page": None,
        "start": start,
        "end": start + len(quote),
        "quote": quote,
    }
    return citation(number, **{**fields, **changes})


def answer(**changes):
    fields = {
        "question": "What did they pledge?",
        "standalone_question": "What did they pledge?",
        "answer": "2% of GDP. [1] Every year! [2][1]",
        "abstained": False,
        "language": "en",
        "engine": "extractive",
        "sentences": (
            Sentence("2% of GDP.", (1,)),
            Sentence("Every year!", (2, 1)),
        ),
        "citations": (cited(1), cited(2, page=4)),
    }
    return Answer(**{**fields, **changes})


SECOND = answer(
    question="And who did not?",
    standalone_question="And who did not? (pledge)",
    engine="llm:some_model",
    answer="A preface. Two. [1]",
    sentences=(Sentence("A preface.", (), None), Sentence("Two.", (1,), "contradicted")),
    citations=(replace(cited(3), number=1, document="gone", language="nl"),),
)
ABSTENTION = answer(
    question="Pancakes?",
    standalone_question="pancakes",
    answer="They do not say. Searched for: “pancakes”",
    abstained=True,
    sentences=(),
    citations=(),
    nearest=(replace(cited(1), number=0, quote="None left.", title="Near"),),
)
CONVERSATION = (
    Exchange("What did they pledge?", answer(), complete=True),
    Exchange("Pancakes?", ABSTENTION, complete=True),
    Exchange("Why?", problem="The store is locked.", complete=True),
    Exchange("And who did not?", SECOND, complete=True),
)
FORMS = (export.markdown, export.html, export.docx)


def folded(text):
    return " ".join(text.split())


def word(conversation=CONVERSATION, documents=DOCUMENTS):
    return docx.Document(io.BytesIO(export.docx(conversation, documents, when=WHEN)))


def page(conversation=CONVERSATION, documents=DOCUMENTS):
    made = export.html(conversation, documents, when=WHEN)
    Page(re.sub("<(!DOCTYPE|meta)[^>]*>", "", made))  # every element is closed
    return lxml_html.document_fromstring(made)


def tokens(markdown):
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in parser.parse(markdown):
        yield token
        yield from token.children or ()


def shown(markdown):
    """The text of Markdown as a reader sees it."""
    blocks = (token for token in tokens(markdown) if token.type == "inline")
    return "\n".join("".join(child.content for child in block.children) for block in blocks)


def text_of(form, conversation, documents=DOCUMENTS):
    """What a reader sees of an export, on one line."""
    if form is export.markdown:
        return folded(shown(export.markdown(conversation, documents, when=WHEN)))
    if form is export.html:
        return folded(page(conversation, documents).text_content())
    return folded("\n".join(p.text for p in word(conversation, documents).paragraphs))


MARKDOWN = rf"""# Conversation

## What did they pledge?

2% of GDP.[^1] Every year\![^2][^1]

Engine: extractive

## Pancakes?

They do not say. Searched for\: “pancakes”

Engine: extractive

## Why?

No answer: The store is locked.

## And who did not?

Searched for: And who did not? (pledge)

A preface. Two.[^3] (contradicted)

Engine: llm\:some\_model

Exported: {EXPORTED}

[^1]: “Allies pledged 2% of GDP.” Declaration, 2024-07-10; FROM 0 to 25; HASH

[^2]: “They will report every year.” Declaration, 2024-07-10, page 4; FROM 28 to 57; HASH

[^3]: “Two did not.” Declaration, 2024-07-10; FROM 58 to 70
"""
FROM = r"source nato/a\_b\.txt, characters"
HASH = f"<https://nato.example/a?b=1&c=%C3%A9>; SHA-256 of the document’s text {DIGEST}"


def test_markdown_of_a_conversation():
    made = export.markdown(CONVERSATION, DOCUMENTS, when=WHEN)
    expected = MARKDOWN.replace("FROM", FROM).replace("HASH", HASH)
    assert made.replace("\\:", ":") == expected.replace("\\:", ":")


def test_one_answer_can_be_copied_with_the_numbers_it_has_in_the_conversation():
    made = export.answer_markdown(SECOND, {}, when=WHEN, first=3)
    assert made == (
        "Question: And who did not?\n\n"
        "Searched for: And who did not? (pledge)\n\n"
        "A preface. Two.[^3] (contradicted)\n\n"
        "Engine: llm\\:some\\_model\n\n"
        f"Exported: {EXPORTED}\n\n"
        "[^3]: “Two did not.” Declaration, 2024-07-10; "
        f"{FROM} 58 to 70\n"
    )
    assert "[^1]: " in export.answer_markdown(SECOND, {}, when=WHEN)


def test_markdown_has_a_note_for_each_mark_and_the_reverse():
    made = export.markdown(CONVERSATION, DOCUMENTS, when=WHEN)
    notes = re.findall(r"^\[\^(\d+)\]: ", made, re.M)
    assert notes == ["1", "2", "3"]
    assert set(re.findall(r"\[\^(\d+)\](?!:)", made)) == set(notes)


def test_the_html_is_a_whole_page_that_loads_nothing():
    made = export.html(CONVERSATION, DOCUMENTS, when=WHEN)
    root = page()
    assert made.startswith("<!DOCTYPE html>")
    assert root.get("lang") == "en"
    assert root.findtext("head/title") == "Conversation"
    assert root.xpath("//meta/@charset") == ["utf-8"]
    assert "color-scheme:light dark" in root.findtext("head/style")
    assert not root.xpath("//script | //link | //img | //@src | //@style")
    assert not [name for e in root.iter() for name in e.attrib if name.startswith("on")]
    assert "url(" not in made and "@import" not in made
    assert {link for link in root.xpath("//@href") if not link.startswith("#")} == {
        "https://nato.example/a?b=1&c=%C3%A9"
    }


def test_marks_and_notes_of_the_html_lead_to_each_other():
    root = page()
    marks = root.xpath("//sup/a")
    assert [(a.text, a.get("href"), a.get("aria-label")) for a in marks] == [
        (f"[{n}]", f"#note-{n}", f"Note {n}") for n in (1, 2, 1, 3)
    ]
    notes = root.xpath("//section[@role='doc-endnotes']/ol/li")
    assert [note.get("id") for note in notes] == ["note-1", "note-2", "note-3"]
    back = {a.get("href")[1:]: a for a in root.xpath("//a[@role='doc-backlink']")}
    assert set(back) == {a.get("id") for a in marks} and len(marks) == len(back)
    for a in marks:
        (note,) = back[a.get("id")].xpath("ancestor::li")
        assert a.get("href") == f"#{note.get('id')}"
    names = [a.get("aria-label") for a in back.values()]
    assert len(set(names)) == 4 and names[:2] == [
        "Back to mark 1 of note 1",
        "Back to mark 2 of note 1",
    ]
    identities = root.xpath("//@id")
    assert len(set(identities)) == len(identities)


def test_the_words_of_another_language_are_marked_as_such_in_the_html():
    for engine, language in (("extractive", "nl"), ("llm:some_model", "en")):
        second = Exchange("And who did not?", replace(SECOND, engine=engine), complete=True)
        root = page((*CONVERSATION[:-1], second))
        assert root.xpath("//li[@id='note-3']/blockquote/@lang") == ["nl"]
        # what a model writes is in the language of the answer
        assert root.xpath("//span[. = 'Two.']/@lang") == [language]
        assert root.xpath("//span[. = 'A preface.']/@lang") == ["en"]


def test_the_word_document_has_raised_numbers_and_numbered_notes():
    paragraphs = word().paragraphs
    raised = [r.text for p in paragraphs for r in p.runs if r.font.superscript]
    assert raised == ["1", "2, 1", "3"]
    headings = [p.text for p in paragraphs if p.style.name.startswith(("Heading", "Title"))]
    asked = [exchange.question for exchange in CONVERSATION]
    assert headings == ["Conversation", *asked, "Notes"]
    notes = [p.text for p in paragraphs if p.style.name == "List Number"]
    assert notes == list(QUOTES)
    facts = [p.text for p in paragraphs if p.style.name == "List Continue"]
    assert facts[1] == (
        "Declaration, 2024-07-10, page 4; source nato/a_b.txt, characters 28 to 57; "
        f"https://nato.example/a?b=1&c=é; SHA-256 of the document’s text {DIGEST}"
    )
    for quote, after in pairwise(paragraphs):
        assert (quote.style.name == "List Number") == (after.style.name == "List Continue")
    properties = word().core_properties
    assert (properties.title, properties.author, properties.comments) == ("Conversation", "", "")
    assert properties.created.replace(tzinfo=None) == datetime(2024, 7, 10, 9, 30, 5)


def test_a_word_document_keeps_the_line_breaks_of_a_quote():
    quoted = answer(citations=(cited(1, quote="One.\r\n\tTwo  \nThree."), cited(2)))
    paragraphs = word((Exchange("Who?", quoted, complete=True),)).paragraphs
    assert "One.\n\tTwo  \nThree." in [p.text for p in paragraphs]


@pytest.mark.parametrize("form", FORMS)
def test_each_form_shows_the_same(form):
    shown = text_of(form, CONVERSATION)
    for said in (
        *map(folded, QUOTES),
        "2% of GDP.",
        "Every year!",
        "A preface.",
        "They do not say.",
        "(contradicted)",
        "Declaration, 2024-07-10, page 4",
        "source nato/a_b.txt, characters 0 to 25",
        "Searched for: And who did not? (pledge)",
        "No answer: The store is locked.",
        "Engine: llm:some_model",
        f"Exported: {EXPORTED}",
    ):
        assert shown.count(said) >= 1, said
    assert shown.count("Searched for") == 2
    assert shown.count("Engine: ") == 3
    assert shown.count(DIGEST) == 2
    assert "None left." not in shown and "Near" not in shown


@pytest.mark.parametrize("form", FORMS)
def test_a_document_that_is_gone_has_neither_url_nor_hash(form):
    shown = text_of(form, CONVERSATION, {})
    assert "SHA-256" not in shown and "https" not in shown
    assert all(folded(quote) in shown for quote in QUOTES)


@pytest.mark.parametrize("form", FORMS)
def test_a_document_without_a_url_has_its_hash(form):
    shown = text_of(form, CONVERSATION, {DOCUMENT.id: replace(DOCUMENT, url=None)})
    assert shown.count(f"characters 0 to 25; SHA-256 of the document’s text {DIGEST}") == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ("partly", "(partly supported: its words say less)"),
        ("not supported", "(not supported: its words say less)"),
        ("contradicted", "(contradicted: its words say less)"),
        ("supported", None),
        (None, None),
    ],
)
def test_a_verdict_is_told_where_it_is_not_that_the_source_supports_it(form, verdict, told):
    judged = answer(sentences=(Sentence("Two.", (1,), verdict, ("its words say less",)),))
    shown = text_of(form, (Exchange("Who?", judged, complete=True),))
    assert told in shown if told else "(" not in shown


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_there_yet_is_told(form):
    waiting = text_of(form, (Exchange("Who?"),))
    assert "No answer: There was none yet when this was exported." in waiting
    assert "Notes" not in waiting
    growing = text_of(form, (Exchange("Who?", answer()),))
    assert "The answer was not complete when this was exported." in growing
    assert "not complete" not in text_of(form, CONVERSATION)
    assert f"Exported: {EXPORTED}" in text_of(form, ())


@pytest.mark.parametrize("form", FORMS)
def test_what_an_answer_was_asked_within_is_told(form):
    for exchange in (
        Exchange("Who?", answer(), complete=True, within=("Language: Dutch", "From 1 May 2024")),
        Exchange("Who?", problem="Nothing.", complete=True, within=("Language: Dutch",)),
    ):
        shown = text_of(form, (exchange,))
        assert "Within: " + "; ".join(exchange.within) in shown
    assert "Within:" not in text_of(form, CONVERSATION)


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_of_no_sentences_is_still_shown(form):
    bare = answer(sentences=(), answer="Two of them.")
    assert "Two of them." in text_of(form, (Exchange("Who?", bare, complete=True),))


def test_a_number_without_a_citation_is_no_mark():
    loose = answer(sentences=(Sentence("Two.", (7, 1, 1)),))
    made = export.answer_markdown(loose, DOCUMENTS, when=WHEN)
    assert "Two.[^1]\n" in made


def hostile(text):
    """A conversation, and the documents, whose every text is `text`."""
    source = replace(DOCUMENT, url=text, title=text)
    quoted = [
        cited(n, title=text, source=text, quote=text, date=text, language=text) for n in (1, 2)
    ]
    given = answer(
        question=text,
        standalone_question=f"{text}?",
        answer=text,
        language=text,
        engine=text,
        sentences=(Sentence(text, (1,)), Sentence(text, (2,), "partly")),
        citations=tuple(quoted),
    )
    refused = replace(ABSTENTION, question=text, answer=text, engine=text)
    conversation = (
        Exchange(text, given, complete=True),
        Exchange(text, refused, complete=True),
        Exchange(text, problem=text, complete=True),
    )
    return conversation, {source.id: source}


def seen(text):
    """Hostile text as a reader may see it: on one line, and only what can be seen."""
    kept = re.sub("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202e\u2066]", "", text)
    return folded(kept)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_is_shown_as_what_it_is(form, text):
    conversation, documents = hostile(text)
    shown = text_of(form, conversation, documents)
    shown = re.sub("[\x7f\u202e\u2066]", "", shown)  # in a quote, as they are
    # question (3), searched for, two sentences, engine (2), refusal, problem; then in each
    # of two notes the quote, title, date, source and URL
    assert shown.count(seen(text)) >= 20


def test_only_an_exact_quote_keeps_a_change_of_direction():
    conversation, documents = hostile("report\u202efdp.exe")
    assert "\u202e" not in export.markdown(conversation, documents, when=WHEN)
    quotes = page(conversation, documents).xpath("//blockquote[@dir='auto']")
    paragraphs = word(conversation, documents).paragraphs
    for form, found in ((export.html, [q.text for q in quotes]), (export.docx, paragraphs)):
        assert text_of(form, conversation, documents).count("\u202e") == 2
        assert sum(getattr(one, "text", one) == "report\u202efdp.exe" for one in found) == 2


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_text_does_not_become_markdown(text):
    conversation, documents = hostile(text)
    documents = {key: replace(one, url=f"at {text}") for key, one in documents.items()}
    made = export.markdown(conversation, documents, when=WHEN)
    made.encode()
    kinds = {token.type for token in tokens(made)}
    blocks = {f"{block}_{end}" for block in ("heading", "paragraph") for end in ("open", "close")}
    assert kinds <= {*blocks, "inline", "text"}
    # What other Markdown programs know: footnotes, tables, bare links, mathematics.
    plain = re.sub(r"\\[!-/:-@\[-`{-~]", "", made)
    rest = re.sub(r"\[\^\d\]", "", re.sub(r"^# |^## ", "", plain, flags=re.M))
    assert not re.search(r"[\\`*_\[\]<>{}|~$^@#=&]|https?:|\bwww\.|:[a-z]+:|\n[-+]|\n\d[.)] ", rest)
    assert re.findall(r"\[\^\d\]:?", plain) == ["[^1]", "[^2]", "[^1]:", "[^2]:"]
    assert not re.search(r"!\[", plain)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_text_does_not_become_html(text):
    conversation, documents = hostile(text)
    export.html(conversation, documents, when=WHEN).encode()
    root, harmless = page(conversation, documents), page()
    assert {e.tag for e in root.iter()} <= {e.tag for e in harmless.iter()}
    named = {name for e in harmless.iter() for name in e.attrib}
    assert {name for e in root.iter() for name in e.attrib} <= named
    assert [len(root.xpath(f"//{tag}")) for tag in ("h2", "sup", "li", "style")] == [4, 2, 2, 1]


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://nato.example/a", "https://nato.example/a"),
        ("HTTP://nato.example/", "HTTP://nato.example/"),
        ("https://nato.example/?a&copy;=1", "https://nato.example/?a&copy;=1"),
        (
            "https://a.example/> [x](y) \"'\n\ud800é",
            "https://a.example/%3E%20[x](y)%20%22'%0A?%C3%A9",
        ),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)//https://", None),
        ("java\nscript:https://a.example", None),
        ("data:text/html,<script>1</script>", None),
        ("file:///etc/passwd", None),
        ("//nato.example/a", None),
    ],
)
def test_only_addresses_of_the_web_become_links(url, link):
    documents = {DOCUMENT.id: replace(DOCUMENT, url=url)}
    links = page(documents=documents).xpath("//a[@rel='noreferrer']/@href")
    assert links == ([link, link] if link else [])
    made = export.markdown(CONVERSATION, documents, when=WHEN)
    found = [token.attrs["href"] for token in tokens(made) if token.type == "link_open"]
    assert len(found) == (2 if link else 0)
    assert (f"<{link}>" in made) == (link is not None)


def test_the_json_holds_everything_exactly():
    made = json.loads(json.dumps(export.as_json(CONVERSATION, DOCUMENTS, when=WHEN)))
    assert list(made) == ["format", "version", "exported", "exchanges"]
    assert (made["format"], made["version"]) == ("summit-conversation", 1)
    assert made["exported"] == EXPORTED
    told = [(e["question"], e["problem"], e["answer"] is None) for e in made["exchanges"]]
    assert told == [(e.question, e.problem, e.answer is None) for e in CONVERSATION]
    first, refusal, _, last = (e["answer"] for e in made["exchanges"])
    for at, quote in enumerate(QUOTES[:2]):
        got = first["citations"][at]
        assert got["quote"] == quote == TEXT[got["start"] : got["end"]]
        assert (got.pop("url"), got.pop("content_hash")) == (DOCUMENT.url, DIGEST)
    assert first == json.loads(json.dumps(answer_as_json(answer())))
    assert refusal["citations"] == []
    (gone,) = last["citations"]
    assert gone["quote"] == QUOTES[2]
    assert (gone["url"], gone["content_hash"]) == (None, None)


def test_what_was_stopped_says_so_in_every_form():
    part = Exchange("Why?", answer(), complete=True, stopped=True)
    nothing = Exchange("Who?", complete=True, stopped=True)
    for talk, told in (((part,), "stopped and may be incomplete"), ((nothing,), "It was stopped")):
        assert told in export.markdown(talk, DOCUMENTS, when=WHEN)
        assert told in export.html(talk, DOCUMENTS, when=WHEN)
        assert export.as_json(talk, DOCUMENTS, when=WHEN)["exchanges"][0]["stopped"] is True
    assert export.as_json(CONVERSATION, {}, when=WHEN)["exchanges"][0]["stopped"] is False


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_text_is_in_the_json_character_by_character(text):
    conversation, documents = hostile(text)
    made = json.loads(json.dumps(export.as_json(conversation, documents, when=WHEN)))
    given = made["exchanges"][0]["answer"]
    assert [c[key] for c in given["citations"] for key in ("quote", "title", "url")] == [text] * 6
    assert [e["question"] for e in made["exchanges"]] == [text] * 3
    assert made["exchanges"][2]["problem"] == text


def test_a_document_is_known_by_the_start_of_its_content_hash():
    text = "Allies pledged 2% of GDP in 2014. They will report every year.\r\nÉ, none left."
    made, _ = prepare(Extract(text=text), "a.txt")
    assert content_hash(made.text).startswith(made.id)
    assert content_hash(TEXT) == DIGEST
    assert content_hash("\ud800") == hashlib.sha256(b"\xed\xa0\x80").hexdigest()


def test_an_export_is_verified_against_the_store(tmp_path):
    file = tmp_path / "export.json"
    kept = CONVERSATION[:3]
    with Store.open(tmp_path / "store", embedder=BagEmbedder(), mode="write") as store:
        name = DOCUMENT.source
        store.put(DOCUMENT, passages(DOCUMENT), location="/a", root="", name=name, digest="1")
        stored = {DOCUMENT.id: store.document(DOCUMENT.id)}
        file.write_text(json.dumps(export.as_json(kept, stored, when=WHEN)), encoding="utf-8")
        assert [cited.quote for cited in verify.read(file)] == list(QUOTES[:2])
        assert verify.failures(verify.read(file), store) == ()
        newer = document(f"{QUOTES[1]} {QUOTES[2]}")
        store.put(newer, passages(newer), location="/a", root="", name=name, digest="2")
        first, second = verify.failures(verify.read(file), store)
    assert first.endswith(f"which does not hold the quote {QUOTES[0]!r}.")
    assert second.endswith("the quote stands there at characters 0 to 29.")


def test_times_are_told_in_universal_time():
    made = export.as_json((), {}, when=datetime(2024, 1, 1, tzinfo=UTC))
    assert made["exported"] == "2024-01-01T00:00:00Z"
