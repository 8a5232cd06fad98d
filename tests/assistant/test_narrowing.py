import pytest
from store_samples import BagEmbedder, document, put
from test_library import entry

from assistant.assistant import Assistant
from assistant.narrowing import NothingWithin, chosen, limits, stream, toggled, without
from vectorstore import Filter, Store

FULL = Filter(
    languages=("nl", "en"),
    publishers=("NATO",),
    documents=("d1", "d9"),
    date_from="2024-01-02",
    date_to="2024-12-31",
)


def test_a_filter_is_said_in_words():
    assert [limit.words for limit in limits(FULL, [entry("d1", title="Rail")])] == [
        "Document: Rail",
        "Document: one that has gone",
        "Language: Dutch",
        "Language: English",
        "Publisher: NATO",
        "From 2 January 2024",
        "Until 31 December 2024",
    ]
    assert limits(Filter(), [entry()]) == ()


def test_each_limit_can_be_lifted_alone():
    for limit in limits(FULL, []):
        rest = without(FULL, limit.kind, limit.value)
        assert [one for one in limits(FULL, []) if one not in limits(rest, [])] == [limit]
    assert without(FULL, "language", "fr") == without(FULL, "x", "nl") == FULL


def test_a_document_is_asked_alone_and_no_more():
    once = toggled(Filter(languages=("nl",)), "d1")
    assert once == Filter(languages=("nl",), documents=("d1",))
    assert toggled(once, "d2").documents == ("d1", "d2")
    assert toggled(once, "d1") == Filter(languages=("nl",))


def test_a_form_replaces_all_but_the_documents():
    made = chosen(FULL, languages=["fr", "fr"], publishers=[], date_from="", date_to="2025-01-31")
    assert made == Filter(languages=("fr",), documents=FULL.documents, date_to="2025-01-31")


@pytest.mark.parametrize(
    "date", ["2024", "31-01-2024", "0000-00-00", "x" * 9999, "2024-02-30", "٢"]
)
def test_what_is_no_date_is_none(date):
    assert chosen(Filter(), languages=[], publishers=[], date_from=date, date_to=date) == Filter()


def test_what_a_browser_sends_has_bounds():
    many = chosen(
        Filter(),
        languages=[str(n) for n in range(9999)],
        publishers=["x" * 301, "", "y"],
        date_from="",
        date_to="",
    )
    assert len(many.languages) == 500
    assert many.publishers == ("y",)


def test_a_question_is_asked_within_the_filter_or_not_at_all(tmp_path):
    model = BagEmbedder()
    with Store.open(tmp_path / "store", embedder=model, mode="write") as store:
        put(store, document("Ministers agreed to send forty tanks in May.", publisher="NATO"), "/a")
        put(store, document("Ministers agreed to send forty tanks in June.", publisher="G7"), "/b")
        assistant = Assistant(store, model)
        for publisher, month in (("NATO", "May"), ("G7", "June")):
            within = stream(assistant, Filter(publishers=(publisher,)))
            *_, answer = within("How many tanks did the ministers agree to send?", ())
            quoted = [citation.quote for citation in (*answer.citations, *answer.nearest)]
            assert quoted and all(month in quote for quote in quoted)
        with pytest.raises(NothingWithin, match="No document is within these filters"):
            list(stream(assistant, Filter(languages=("nl",)))("How many tanks?", ()))
