"""Stems, and search by words within a language."""

from pathlib import Path

import pytest
from store_samples import BagEmbedder, document, put

from vectorstore import Store, stems


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path, embedder=BagEmbedder(), mode="write") as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Allies pledged", "en", "alli pledg"),
        ("1,500 tanks", "en", "1500 tank"),
        ("1,234,567.89", "en", "1234567.89"),
        ("40.9 percent", "en", "40.9 percent"),
        ("1.500 tanks en 40,9 procent", "nl", "1500 tank en 40.9 procent"),
        ("1.500,5", "nl", "1500.5"),
        ("1\u00a0500 soldats, 1\u202f500", "fr", "1500 soldat 1500"),
        ("items 1,2,3 of 18.10.2024 in 3.2.1", "en", "item 1 2 3 of 18.10.2024 in 3.2.1"),
        ("$1.5bn", "en", "1.5 bn"),
        ("F-35 F35 F-35s Su\u201127 G-7 G7", "en", "f35 f35 f35 su27 g7 g7"),
        ("long-range, mid-2024, Covid-19", "en", "long rang mid 2024 covid 19"),
        ("the U.S.-led EU's Allies\u2019 NATO\u2019s", "en", "the us led eu alli nato"),
        ("the 1990s and 5G", "en", "the 1990 and 5g"),
        ("l\u2019alliance des alliés", "fr", "l allianc de alli"),
        ("foto's van bondgenoten", "nl", "foto van bondnoot"),
        ("ＮＡＴＯ ﬁnal co\u00adoperation", "en", "nato final cooper"),
        ("naïve Ångström", "xx", "naive angstrom"),
        ("  \x00 \"' ( ) * ^ : \u2026", "en", ""),
    ],
)
def test_stems(text: str, language: str, expected: str) -> None:
    assert " ".join(stems(text, language)) == expected


def test_a_stem_finds_every_form_of_the_word(store: Store) -> None:
    put(store, document("Allies pledged forty tanks.\nThe weather was fine."), "/docs/a.txt")
    put(store, document("Bondgenoten zegden steun toe.", language="nl"), "/docs/b.txt")
    (hit,) = store.search_lexical("tank pledges", language="en", limit=5)
    assert store.passages([hit.passage_id])[0].text == "Allies pledged forty tanks."
    assert hit.score > 0
    (hit,) = store.search_lexical("een bondgenoot", language="nl", limit=5)
    assert store.passages([hit.passage_id])[0].text == "Bondgenoten zegden steun toe."


def test_title_and_headings_are_searched_too(store: Store) -> None:
    put(store, document("It was agreed.", title="Vilnius declaration"), "/docs/a.txt")
    assert store.search_lexical("Vilnius", language="en", limit=5)
    assert store.search_lexical("part", language="en", limit=5)


def test_more_and_rarer_words_score_higher_and_the_limit_holds(store: Store) -> None:
    text = "Tanks and money.\nTanks and time.\nTanks and money for Kyiv.\nOther matters."
    put(store, document(text, title=""), "/docs/a.txt")
    hits = store.search_lexical("tanks money Kyiv", language="en", limit=10)
    found = [passage.text for passage in store.passages(hit.passage_id for hit in hits)]
    assert found == ["Tanks and money for Kyiv.", "Tanks and money.", "Tanks and time."]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert store.search_lexical("tanks money Kyiv", language="en", limit=1) == hits[:1]
    assert store.search_lexical("tanks", language="en", limit=0) == ()


def test_statistics_are_those_of_the_language(store: Store) -> None:
    put(store, document("The summit.\nThe tanks.\nThe money.", title=""), "/docs/a.txt")
    alone = store.search_lexical("summit", language="en", limit=1)
    assert store.document_frequency(["summit", "tank", "no"], language="en") == (
        {"summit": 1, "tank": 1, "no": 0},
        3,
    )
    dutch = document("De summit.\nSummit twee.\nSummit drie.", language="nl", title="")
    put(store, dutch, "/docs/b.txt")
    assert store.search_lexical("summit", language="en", limit=1) == alone
    assert store.document_frequency(["summit"], language="nl") == ({"summit": 3}, 3)
    assert store.document_frequency(["summit"], language="fr") == ({"summit": 0}, 0)


def test_what_was_removed_or_replaced_is_no_longer_found(store: Store) -> None:
    put(store, document("Old tanks."), "/docs/a.txt")
    put(store, document("New boats."), "/docs/a.txt")
    assert store.search_lexical("tanks", language="en", limit=5) == ()
    assert store.search_lexical("boats", language="en", limit=5)
    store.drop("/docs/a.txt")
    assert store.search_lexical("boats", language="en", limit=5) == ()
    assert store.document_frequency(["boat"], language="en") == ({"boat": 0}, 0)


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'; DROP TABLE passages; --",
        'tanks" OR "',
        "NEAR(tanks money, 5)",
        "stems : tanks",
        "{stems} : tanks",
        "- tanks",
        "tanks AND NOT money",
        "tanks* ^tanks (tanks",
        "tanks\x00money",
        "\ud83d\ude80 tanks".encode("utf-16", "surrogatepass").decode("utf-16"),
        "\u2013\u2014\u00ab\u00bb ½ tanks",
        "tanks " * 20_000,
        " ".join(f"word{number}" for number in range(5_000)) + " tanks",
    ],
)
def test_no_query_breaks_the_search(store: Store, query: str) -> None:
    put(store, document("Allies pledged tanks."), "/docs/a.txt")
    hits = store.search_lexical(query, language="en", limit=5)
    assert len(hits) == ("tanks" in query)


@pytest.mark.parametrize("language", ["fr", "zz", "", "en; DROP TABLE meta", "e n"])
def test_a_language_without_passages_gives_nothing(store: Store, language: str) -> None:
    put(store, document("Allies pledged tanks."), "/docs/a.txt")
    assert store.search_lexical("tanks", language=language, limit=5) == ()


def test_a_document_needs_a_language_code(store: Store) -> None:
    with pytest.raises(ValueError, match="'English' is not a language code"):
        put(store, document("Allies.", language="English"), "/docs/a.txt")
    assert store.documents() == ()
