import pytest
from store_samples import BagEmbedder, document, passages

from assistant.retrieve import LEAST, PASSAGES, fuse, per_language, retrieve
from vectorstore import Filter, Hit, Store


@pytest.fixture
def embedder():
    return BagEmbedder()


@pytest.fixture
def store(tmp_path, embedder):
    with Store.open(tmp_path / "store", embedder=embedder, mode="write") as opened:
        yield opened


def put(store, name, text, **metadata):
    made = document(text, **metadata)
    store.put(made, passages(made), location=f"/d/{name}", root="/d", name=name, digest=name)
    return made


def test_fusion_sums_reciprocal_ranks():
    fused = fuse([Hit("a", 9.0), Hit("b", 5.0)], [Hit("b", 0.9), Hit("c", 0.8)])
    assert fused == pytest.approx({"a": 1 / 61, "b": 1 / 62 + 1 / 61, "c": 1 / 62})


def test_every_language_is_searched_though_one_fits_better(store, embedder):
    put(store, "en.txt", "Allies pledged two percent of GDP.", language="en")
    put(store, "nl.txt", "Bondgenoten beloofden twee procent van het bbp.", language="nl")
    question = "Allies pledged two percent"
    found = retrieve(store, question, embedder.embed_query(question))
    assert {f.document.language for f in found} == {"en", "nl"}
    english = next(f for f in found if f.document.language == "en")
    assert (english.lexical, english.dense) == (1, 1)


def test_filter_leaves_other_documents_out(store, embedder):
    put(store, "old.txt", "Allies pledged two percent in Wales.", date="2014-09-05")
    put(store, "new.txt", "Allies pledged five percent in The Hague.", date="2025-06-25")
    question = "Allies pledged percent"
    vector = embedder.embed_query(question)
    assert len(retrieve(store, question, vector)) == 2
    only = retrieve(store, question, vector, filter=Filter(date_from="2020-01-01"))
    assert [f.document.source for f in only] == ["new.txt"]


def test_nearly_the_same_passages_are_folded_and_both_kept(store, embedder):
    text = "The leaders of the seven met on the island and promised one billion doses to the world."
    first = put(store, "a.txt", text, title="Communiqué")
    second = put(store, "b.txt", text + " They did.", title="Press release")
    other = put(store, "c.txt", "The leaders of the seven met in the mountains about the climate.")
    question = "What did the leaders of the seven promise?"
    found = retrieve(store, question, embedder.embed_query(question))
    assert len(found) == 2
    folded = next(f for f in found if f.twins)
    ids = {folded.document.id, *(twin.document.id for twin in folded.twins)}
    assert ids == {first.id, second.id}
    assert other.id not in ids


def test_limit_is_for_each_language(store, embedder):
    for i in range(6):
        put(store, f"{i}.txt", f"Pledge number {i} of ally {i} on topic {i * 7}.")
    question = "pledge number of ally"
    assert len(retrieve(store, question, embedder.embed_query(question), limit=4)) == 4


def test_with_fewer_languages_more_passages_of_each_are_read(store):
    put(store, "en.txt", "Allies pledged two percent.", language="en")
    assert per_language(store) == PASSAGES
    put(store, "nl.txt", "Bondgenoten beloofden twee procent.", language="nl")
    assert per_language(store) == PASSAGES // 2
    assert per_language(store, Filter(languages=("nl",))) == PASSAGES
    for code in ("de", "fr", "es", "it"):
        put(store, f"{code}.txt", f"{code} {code} {code}.", language=code)
    assert per_language(store) == LEAST
