import base64
import hashlib
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from eval_samples import EARLIER, PLEDGES, answered, question, refused, unanswerable
from page_samples import HOSTILE
from store_samples import BagEmbedder, document, put

from assistant import Turn
from evals.baselines import Bm25Engine
from evals.compare import compare
from evals.excerpts import LONG
from evals.figures import summary
from evals.gold import Library
from evals.metrics import parts
from evals.report import write_report
from evals.run import Record, RunError, answer_all
from evals.scoring import score
from vectorstore import Store

VOID = {"meta", "br", "hr", "img", "input", "link"}
TAGS = {
    *("html", "head", "meta", "title", "style", "script", "body", "header", "nav", "main"),
    *("section", "article", "details", "summary", "h1", "h2", "h3", "h4", "p", "a", "bdi"),
    *("span", "strong", "mark", "u", "ul", "ol", "li", "dl", "dt", "dd", "div", "figure"),
    *("figcaption", "table", "thead", "tbody", "tr", "th", "td", "form", "label", "select"),
    *("option", "button", "svg", "g", "defs", "path", "use", "text", "clippath", "rect"),
}
SPITEFUL = "Keepers of Dunmore " + " and ".join(HOSTILE) + " were paid in herring.\n"
HOSTILE_ID = "\"><img src=x onerror=document.title='taken'> 1"
HOSTILE_NAME = "<img src=x onerror=document.title='taken'>.md"
NUMBERED = " ".join(f"word{number}" for number in range(900))
GOLD_INSIDE = "word440 word441 word442"
FORTY = ("pledges.md", "Allies pledged EUR 40 billion for Ukraine in 2024.")
ENGINE = "<b>own</b>"
RIGHT, WRONG, LOST = "a", "b", "c"


class Page(HTMLParser):
    """The elements of a page in order: tag, attributes, text, and the elements around."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self._open = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attributes):
        self.elements.append(Element(tag, dict(attributes), tuple(self._open)))
        assert len(attributes) == len(dict(attributes)), "no attribute twice"
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self._open.pop().tag == tag

    def handle_data(self, data):
        for element in self._open:
            element.text += data

    def all(self, tag, within=None, **attributes):
        return [
            e
            for e in self.elements
            if e.tag == tag
            and (within is None or within in e.around)
            and all(value in (e.get(key) or "").split(" ") for key, value in attributes.items())
        ]

    def id(self, wanted):
        (found,) = [e for e in self.elements if e.get("id") == wanted]
        return found


class Element:
    def __init__(self, tag, attributes, around):
        self.tag, self.attributes, self.around, self.text = tag, attributes, around, ""

    def get(self, key):
        return self.attributes.get({"of": "class", "engine": "data-engine"}.get(key, key))


@contextmanager
def library(folder):
    embedder = BagEmbedder()
    with Store.open(folder, embedder=embedder, mode="write") as store:
        put(store, document(PLEDGES, title="Washington"), "/docs/pledges.md")
        put(store, document(EARLIER, title="Vilnius", date="2023-07-12"), "/docs/earlier.md")
        put(store, document(SPITEFUL, title=HOSTILE[1]), f"/docs/{HOSTILE_NAME}")
        put(store, document(NUMBERED, title="Numbers"), "/docs/numbers.md")
        yield store, Library(store)


def asked():
    forty = question("40 billion", evidence=[FORTY])
    return (
        replace(forty, question="How much did Allies pledge for Ukraine in 2024?", id=RIGHT),
        replace(forty, question="How much for Moldova?", id=WRONG, facts=(("32", "thirty-two"),)),
        unanswerable(question="What does a submarine weigh?", id=LOST, note=HOSTILE[0]),
        question(
            ("herring", *HOSTILE),
            evidence=[(HOSTILE_NAME, SPITEFUL.strip())],
            question=" ".join(HOSTILE),
            id=HOSTILE_ID,
            kind="<script>document.title='taken'</script> $x$",
            lang='"><b>',
            note=HOSTILE[1],
            history=(Turn("user", HOSTILE[0]), Turn("assistant", HOSTILE[4])),
        ),
        question("word441", evidence=[("numbers.md", GOLD_INSIDE)], id="long", question="441?"),
    )


def own_answers(of):
    """Answers by hand: right, wrong with words at another place, given, hostile, long."""
    right = answered(of, ("EUR 40 billion [1].", [FORTY]), confidence=0.9)
    wrong = answered(of, ("It was in Washington.", [("pledges.md", "held in Washington")]))
    moved = replace(wrong.citations[0], start=0, end=len("held in Washington"))
    wrong = replace(wrong, citations=(moved,), confidence=0.3)
    given = answered(of, ("A sum.", [("earlier.md", "EUR 500 million")]), confidence=0.05)
    hostile = answered(of, (SPITEFUL.strip(), [(HOSTILE_NAME, SPITEFUL.strip())]), confidence=0.6)
    long = answered(of, (NUMBERED, [("numbers.md", NUMBERED)]), confidence=0.7)
    return right, wrong, given, hostile, long


def record(one, answer, of):
    scored = score(one, replace(answer, question=one.question), of)
    return Record(one, answer, scored, parts(scored, None))


def make(folder):
    """The report of two engines: BM25, and one with a hostile name."""
    with library(folder / "store") as (store, of):
        found = answer_all(Bm25Engine(store, of), asked(), of, report=lambda *at: None)
        own = tuple(record(q, a, of) for q, a in zip(asked(), own_answers(of), strict=True))
        records = {"bm25": found, ENGINE: own}
        now, before = ({r.question.id: r.parts for r in some} for some in (own, found))
        file = write_report(
            folder,
            run=run_of(records),
            records=records,
            library=of,
            changes={ENGINE: compare(now, before)},
        )
    return file, records


def run_of(records):
    return {
        "made": "2026-01-02T03:04:05Z",
        "commit": {"id": "0123456789", "changed": True},
        "store": {"folder": "<u>store</u>", "documents": 4, "fingerprint": "abc"},
        "models": {"embedding": {"name": "bag", "fingerprint": "f00"}},
        "settings": {name: {"passages": "8"} for name in records},
        "questions": {"file": "<script>1</script>.jsonl", "split": None},
        "engines": {name: summary(some) for name, some in records.items()},
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    file, records = make(folder)
    return file, records


@pytest.fixture(scope="module")
def page(made):
    return Page(made[0].read_text(encoding="utf-8"))


def test_nothing_said_becomes_markup(page):
    assert {e.tag for e in page.elements} <= TAGS
    for element in page.elements:
        assert not any(name.startswith("on") for name in element.attributes)
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert len(page.all("svg")) == 3


def test_hostile_words_are_shown_as_they_are(page):
    question = page.id("q-%22%3E%3Cimg%20src%3Dx%20onerror%3Ddocument.title%3D%27taken%27%3E%201")
    for hostile in HOSTILE:
        assert hostile in question.text
    assert question.get("data-kind") == "<script>document.title='taken'</script> $x$"
    assert HOSTILE_NAME in question.text


def test_the_page_asks_for_nothing(page):
    for element in page.elements:
        assert element.get("src") is None
        assert (element.get("href") or "#").startswith("#")
        assert "url(http" not in (element.get("style") or "")
    (style,) = page.all("style")
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_only_the_pages_own_script_may_run(page):
    (script,) = page.all("script")
    (policy,) = [m for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert policy.get("content").split("; ") == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        f"script-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_ids_are_unique_and_links_lead_somewhere(page):
    ids = [e.get("id") for e in page.elements if e.get("id")]
    assert len(ids) == len(set(ids))
    assert not [i for i in ids if re.search(r"\s", i)]
    assert {link.get("href")[1:] for link in page.all("a")} <= set(ids)
    labels = [e.get("aria-labelledby") for e in page.elements if e.get("aria-labelledby")]
    assert set(labels) <= set(ids)


def test_every_wrong_question_is_in_its_engines_failed_list_and_no_other(page, made):
    failed = page.id("failed")
    for at, records in enumerate(made[1].values()):
        (box,) = page.all("details", within=failed, engine=str(at))
        links = page.all("a", within=box)
        wrong = [r.question.id for r in records if not r.score.right]
        assert [page.all("span", within=link, of="id")[0].text for link in links] == wrong
        assert wrong
        for link, key in zip(links, wrong, strict=True):
            target = page.id(link.get("href")[1:])
            assert target.tag == "details"
            assert key in page.all("span", within=target, of="tags")[0].text
    assert [r.question.id for r in made[1][ENGINE] if r.score.right] == [RIGHT, HOSTILE_ID]


def test_every_question_has_a_mark_and_its_reasons_for_every_engine(page, made):
    boxes = page.all("details", of="question")
    assert len(boxes) == len(asked())
    for number, box in enumerate(boxes):
        for at, (name, records) in enumerate(made[1].items()):
            scored = records[number].score
            word = "right" if scored.right else "wrong"
            (mark,) = [
                e
                for e in page.all("span", within=box, engine=str(at))
                if e.around[-1].get("class") == "marks"
            ]
            assert mark.text.split() == [name, word]
            (article,) = page.all("article", within=box, engine=str(at))
            assert page.all("h3", within=article)[0].text == f"{name}: {word}"
            reasons = [e.text for e in page.all("p", within=article, of="reasons")]
            assert reasons == list(scored.reasons)
        wrong = {
            str(at) for at, some in enumerate(made[1].values()) if not some[number].score.right
        }
        assert set(box.get("data-wrong").split()) == wrong


def cited(page, made, number, at):
    """The citations of a question's answer by one engine, each with its element."""
    records = list(made[1].values())[at]
    for citation in records[number].answer.citations:
        yield citation, page.id(f"c{number}-{at}-{citation.number}")


def everything(page, made):
    for at in range(len(made[1])):
        for number in range(len(asked())):
            yield from cited(page, made, number, at)


def test_the_marked_words_are_those_cited(page, made):
    seen = 0
    for citation, element in everything(page, made):
        marks = page.all("mark", within=element)
        for mark in marks:
            if "data-clipped" not in mark.attributes:
                seen += 1
                assert mark.text == citation.quote
                assert len(citation.quote) <= LONG
    assert seen > 8


def test_the_words_around_are_those_of_the_document_and_whole(page, made):
    for citation, element in everything(page, made):
        text = {"pledges.md": PLEDGES, "earlier.md": EARLIER}.get(citation.source)
        if text and page.all("mark", within=element):
            (excerpt,) = page.all("p", within=element, of="excerpt")
            shown = excerpt.text.strip("…").strip()
            assert shown in text
            assert text.split()[0] == shown.split()[0]
            assert citation.title in element.text


def test_a_long_quote_loses_its_middle_but_not_the_evidence_in_it(page, made):
    ((_, element),) = cited(page, made, 4, 1)
    (mark,) = page.all("mark", within=element)
    assert "data-clipped" in mark.attributes
    assert len(mark.text) < LONG + 300
    head, middle, tail = mark.text.split(" … ")
    assert NUMBERED.startswith(f"{head} ")
    assert NUMBERED.endswith(f" {tail}")
    assert f" {middle} " in NUMBERED
    assert [e.text for e in page.all("u", within=mark, of="gold")] == [GOLD_INSIDE]


def test_words_that_are_not_at_their_place_are_not_marked(page, made):
    ((citation, element),) = cited(page, made, 1, 1)
    assert not page.all("mark", within=element)
    assert citation.quote in element.text
    assert "not verbatim" in element.text


def test_verdicts_of_citations_are_those_of_the_score(page, made):
    for number in range(len(asked())):
        for at, records in enumerate(made[1].values()):
            scores = records[number].score.citations
            for (_, element), scored in zip(cited(page, made, number, at), scores, strict=True):
                for word in ("good", "needed", "verbatim"):
                    assert (f"not {word}" in element.text) is not getattr(scored, word)


def test_gold_evidence_is_shown_in_context_and_who_cites_it(page):
    box = page.id("q-a")
    (evidence,) = page.all("li", within=box, of="evidence")
    assert [e.text for e in page.all("u", within=evidence, of="gold")] == [FORTY[1]]
    assert "The Netherlands pledged EUR 3 billion." in evidence.text
    assert f" cited by {ENGINE}" in evidence.text.replace("not cited", "not")
    moldova = page.id("q-b")
    (evidence,) = page.all("li", within=moldova, of="evidence")
    assert f"not cited by {ENGINE}" in evidence.text
    assert not page.all("li", within=page.id("q-c"), of="evidence")
    assert "A refusal: the documents do not say." in page.id("q-c").text


def test_what_is_expected_has_all_its_spellings_and_what_was_said_before(page):
    assert "32 or thirty-two" in " ".join(page.id("q-b").text.split())
    assert "Reader: <script>document.title" in " ".join(e.text for e in page.all("li"))


def test_markers_lead_to_citations_and_brackets_in_quoted_words_do_not(page):
    (article,) = page.all("article", within=page.id("q-a"), engine="1")
    (answer,) = page.all("p", within=article, of="answer")
    assert answer.text == "EUR 40 billion [1]. [1]"
    assert [a.get("href") for a in page.all("a", within=answer)] == ["#c0-1-1"]


def test_sentences_say_whether_they_are_supported(page):
    (article,) = page.all("article", within=page.id("q-a"), engine="1")
    assert "1 of 1 supported" in article.text
    (article,) = page.all("article", within=page.id("q-b"), engine="1")
    assert "0 of 1 supported" in article.text
    assert "not supported: It was in Washington." in " ".join(article.text.split())


def test_figures_stand_beside_their_intervals(page, made):
    rows = page.all("tr", within=page.id("figures"))
    (row,) = [r for r in rows if "answers with every fact" in r.text]
    cells = [" ".join(cell.text.split()) for cell in page.all("td", within=row)]
    expected = []
    for records in made[1].values():
        told = summary(records)["figures"]["right"]
        expected.append(f"{told['value']:.3f} [{told['low']:.3f}, {told['high']:.3f}] n 5")
    assert cells == expected
    assert "Share of questions answered right." in row.text


def test_an_undefined_figure_is_a_dash(page, made):
    rows = page.all("tr", within=page.id("figures"))
    (row,) = [r for r in rows if "refusals that were due" in r.text]
    assert " ".join(page.all("td", within=row)[1].text.split()) == "– n 0"


def test_the_best_of_a_row_is_bold_and_nothing_where_two_are_equal(page):
    rows = page.all("tr", within=page.id("figures"))
    for row in rows[1:]:
        cells = page.all("td", within=row)
        values = [cell.text.split()[0] for cell in cells]
        bold = [value for cell in cells for value in page.all("strong", within=cell)]
        name = page.all("summary", within=row)[0].text
        if name.startswith(("words", "seconds")) or len(set(values)) == 1 or "–" in values:
            assert not bold
        else:
            best = min(values) if name.startswith("over-refusal") else max(values)
            assert [b.text for b in bold] == [best]


def test_groups_have_every_kind_language_and_document(page):
    groups = page.id("groups")
    names = [e.text for e in page.all("th", within=groups, scope="rowgroup")]
    kinds = ["<script>document.title='taken'</script> $x$", "fact", "unanswerable"]
    assert names == [*kinds, '"><b>', "en", HOSTILE_NAME, "numbers.md", "pledges.md"]


def test_a_comparison_has_a_verdict_in_words(page):
    rows = page.all("tr", within=page.id("comparison"))
    verdicts = {page.all("td", within=row)[-1].text for row in rows[1:]}
    assert verdicts <= {"no difference shown", "higher", "lower", "undefined"}
    assert "no difference shown" in verdicts
    assert len(rows) > 10


def test_without_an_earlier_run_there_is_no_comparison(made, tmp_path):
    _, records = made
    with library(tmp_path / "store") as (_, of):
        only = {"bm25": records["bm25"]}
        file = write_report(tmp_path, run=run_of(only), records=only, library=of)
    page = Page(file.read_text(encoding="utf-8"))
    assert "comparison" not in {e.get("id") for e in page.elements}
    assert len(page.all("svg")) == 1
    assert "No engine of this run gives a confidence" in page.id("plots").text


def test_the_heading_says_what_was_run(page):
    (about,) = page.all("dl")
    terms = [e.text for e in page.all("dt", within=about)]
    assert dict(zip(terms, [e.text for e in page.all("dd", within=about)], strict=True)) == {
        "Questions": "file <script>1</script>.jsonl, split –",
        "Commit": "0123456789, with changes that are not committed",
        "Store": "folder <u>store</u>, documents 4, fingerprint abc",
        "Embedding model": "name bag, fingerprint f00",
        "bm25": "passages 8",
        ENGINE: "passages 8",
    }


def judged(n, kappa):
    undefined = {"value": None, "low": None, "high": None, "n": 0}
    share = {"value": 0.75, "low": 0.5, "high": 1.0, "n": 4}
    sentences = {"n": n, "not_judged": 1, "supported": share, "agreed": share, "kappa": kappa}
    citations = {"n": 0, "not_judged": 2, "supported": undefined, "agreed": undefined}
    return {"model": "<i>m</i>", "sentences": sentences, "citations": {**citations, "kappa": None}}


def test_a_judges_opinion_has_a_table_and_is_no_row_of_the_heading(made, page, tmp_path):
    _, records = made
    run = {**run_of(records), "judge": {"bm25": judged(6, -0.125), ENGINE: judged(4, 1.0)}}
    with library(tmp_path / "store") as (_, of):
        file = write_report(tmp_path, run=run, records=records, library=of)
    told = Page(file.read_text(encoding="utf-8"))
    section = told.id("judge")
    rows = told.all("tr", within=section)[1:]
    cells = [
        [" ".join(cell.text.split()) for cell in told.elements if row in cell.around[-1:]]
        for row in rows
    ]
    share, undefined = "0.750 [0.500, 1.000] n 4", "– n 0"
    assert cells == [
        ["bm25", "sentences", "6", "1", share, share, "−0.125"],
        ["bm25", "citations", "0", "2", undefined, undefined, "–"],
        [ENGINE, "sentences", "4", "1", share, share, "1.000"],
        [ENGINE, "citations", "0", "2", undefined, undefined, "–"],
    ]
    assert "the language model <i>m</i> says" in section.text
    assert "#judge" in {link.get("href") for link in told.all("a")}
    assert "Judge" not in {e.text for e in told.all("dt")}
    assert {e.tag for e in told.elements} <= TAGS
    assert "judge" not in {e.get("id") for e in page.elements}


def test_equal_runs_give_equal_reports(made, tmp_path):
    file, records = made
    with library(tmp_path / "store") as (_, of):
        now, before = ({r.question.id: r.parts for r in records[e]} for e in (ENGINE, "bm25"))
        again = write_report(
            tmp_path,
            run=run_of(records),
            records=records,
            library=of,
            changes={ENGINE: compare(now, before)},
        )
    assert again.read_bytes() == file.read_bytes()


def test_a_folder_that_cannot_be_written_to_is_named(made, tmp_path):
    _, records = made
    with (
        library(tmp_path / "store") as (_, of),
        pytest.raises(RunError, match=r"cannot be written.*gone"),
    ):
        write_report(tmp_path / "gone", run=run_of(records), records=records, library=of)


def test_a_refusal_and_a_question_not_asked_of_every_engine(made, tmp_path):
    _, records = made
    with library(tmp_path / "store") as (_, of):
        mine = (record(asked()[2], refused(), of),)
        some = {"bm25": records["bm25"], "late": mine}
        file = write_report(tmp_path, run=run_of(some), records=some, library=of)
    page = Page(file.read_text(encoding="utf-8"))
    assert not page.all("article", within=page.id("q-a"), engine="1")
    (article,) = page.all("article", within=page.id("q-c"), engine="1")
    assert "refused, " in article.text
    assert "Refused, as it should" in article.text
    assert not page.all("li", within=article)


CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture
def browser():
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("No Chromium on PATH: the report is not opened (apt-get install chromium).")
    from playwright.sync_api import sync_playwright

    flags = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*flags])
        yield opened
        opened.close()


def test_in_a_browser_a_failed_question_opens_in_one_click(made, browser):
    tab = browser.new_page(viewport={"width": 360, "height": 740})
    said, requests = [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(made[0].as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    link = tab.locator("#failed a").first
    link.click()
    key = link.get_attribute("href")[1:]
    target = tab.locator(f'[id="{key}"]')
    tab.wait_for_function("key => document.getElementById(key).open", arg=key)
    tab.wait_for_function(
        "key => Math.abs(document.getElementById(key).getBoundingClientRect().top) < 90", arg=key
    )
    assert target.locator("summary").first.evaluate("e => e === document.activeElement")
    assert tab.title() == "Evals of 2026-01-02T03:04:05Z"
    assert requests == [made[0].as_uri()]
    assert said == []


def test_in_a_browser_the_address_opens_a_question_and_filters_give_way(made, browser):
    tab = browser.new_page()
    anchor = "q-%22%3E%3Cimg%20src%3Dx%20onerror%3Ddocument.title%3D%27taken%27%3E%201"
    tab.goto(f"{made[0].as_uri()}#{anchor}")
    assert tab.evaluate("id => document.getElementById(id).open", anchor)
    tab.select_option("[name=kind]", "fact")
    assert tab.locator(".question:visible").count() == 3
    assert tab.inner_text("#count") == "3 of 5 questions shown"
    tab.select_option("[name=wrong]", "1")
    assert tab.locator(".question:visible").count() == 2
    tab.select_option("[name=engine]", "1")
    assert tab.locator(".question:visible .marks > :visible").count() == 2
    tab.evaluate("location.hash = '#c0-0-1'")
    tab.wait_for_function("document.querySelectorAll('.question:not([hidden])').length === 5")
    assert tab.locator('[id="c0-0-1"]').is_visible()
