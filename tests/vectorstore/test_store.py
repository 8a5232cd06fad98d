"""The store as its users see it: what goes in, what comes out, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from store_samples import BagEmbedder, document, numbered, passages, put, store_marks

from vectorstore import (
    AmbiguousDocument,
    Filter,
    ModelMismatch,
    Store,
    StoreError,
    StoreMissing,
    UnknownDocument,
)


@pytest.fixture
def embedder() -> BagEmbedder:
    return BagEmbedder()


@pytest.fixture
def store(tmp_path: Path, embedder: BagEmbedder):
    with Store.open(tmp_path / "store", embedder=embedder, mode="write") as opened:
        yield opened


def nearest(store: Store, question: str, *, limit: int = 5, **search: object) -> list[str]:
    """The texts of the passages nearest to a question."""
    vector = BagEmbedder().embed_query(question)
    hits = store.search_dense(vector, limit=limit, **{"language": "en", **search})
    found = store.passages(hit.passage_id for hit in hits)
    assert len(found) == len(hits)
    return [passage.text for passage in found]


def test_what_was_put_comes_back_whole(store: Store) -> None:
    given = put(store, document("Allies met. They pledged €40bn.\n“Łódź” 🚀 stays."), "/docs/a.md")
    assert store.document(given.id) == replace(given, sources=("a.md",))
    assert store.passages_of(given.id) == passages(given)
    (entry,) = store.documents()
    assert (entry.id, entry.sources, entry.passages) == (given.id, ("a.md",), 2)
    assert entry.added.endswith("Z")
    (source,) = store.locations().values()
    assert (source.location, source.root, source.name) == ("/docs/a.md", "/docs", "a.md")
    assert (source.digest, source.document_id) == (f"digest of {given.id}", given.id)


def test_passages_come_in_the_order_asked_without_unknown_ids(store: Store) -> None:
    given = put(store, numbered(1), "/docs/a")
    first, _, third = passages(given)
    assert store.passages([third.id, "unknown", first.id, third.id]) == (third, first, third)
    assert store.passages_of("unknown") == ()


def test_everything_survives_closing(tmp_path: Path, store: Store, embedder: BagEmbedder) -> None:
    given = put(store, document("Allies pledged tanks.\nThe weather was fine."), "/docs/a.txt")
    before = nearest(store, "pledged tanks")
    store.close()
    with Store.open(tmp_path / "store", embedder=embedder) as again:
        assert again.passages_of(given.id) == passages(given)
        assert nearest(again, "pledged tanks") == before
        assert again.search_lexical("tanks", language="en", limit=5)


def test_dense_scores_are_cosines_best_first(store: Store, embedder: BagEmbedder) -> None:
    given = put(store, document("Tanks for Kyiv.\nBoats for Oslo.\nNothing at all."), "/docs/a")
    vector = embedder.embed_query("Tanks for Kyiv")
    hits = store.search_dense(vector, language="en", limit=9)
    texts = {p.id: f"Communiqué | 2024-07-10 | Part one\n{p.text}" for p in passages(given)}
    expected = {i: float(embedder.embed_query(text) @ vector) for i, text in texts.items()}
    assert [hit.passage_id for hit in hits] == sorted(expected, key=expected.__getitem__)[::-1]
    assert [hit.score for hit in hits] == pytest.approx(
        sorted(expected.values(), reverse=True), abs=1e-5
    )
    assert store.search_dense(vector, language="en", limit=1) == hits[:1]


def test_put_again_changes_nothing(store: Store, embedder: BagEmbedder) -> None:
    given = put(store, numbered(1), "/docs/a")
    before = store.documents(), store.locations(), store_marks(store)
    put(store, numbered(1), "/docs/a")
    assert (store.documents(), store.locations(), store_marks(store)) == before
    assert store.passages_of(given.id) == passages(given)
    assert embedder.embedded == 3


def test_the_same_content_is_stored_once_under_both_names(
    store: Store, embedder: BagEmbedder
) -> None:
    given = put(store, numbered(1), "/docs/z.txt")
    put(store, numbered(1), "/docs/a.txt")
    put(store, numbered(1), "/other/z.txt", root="/other")
    assert store.document(given.id).sources == ("z.txt", "a.txt")
    assert len(store.documents()) == 1
    assert embedder.embedded == 3
    assert len(nearest(store, "Pledge 1 part 0", limit=9)) == 3
    store.drop("/docs/z.txt")
    assert store.document(given.id).sources == ("a.txt", "z.txt")
    store.drop("/docs/a.txt")
    store.drop("/other/z.txt")
    assert store.documents() == ()
    assert nearest(store, "Pledge 1 part 0") == []


def test_a_changed_source_replaces_its_document(store: Store) -> None:
    old = put(store, numbered(1), "/docs/a.txt")
    new = put(store, numbered(2), "/docs/a.txt")
    assert [entry.id for entry in store.documents()] == [new.id]
    assert all("Pledge 2" in text for text in nearest(store, "Pledge 1", limit=9))
    with pytest.raises(UnknownDocument, match=old.id):
        store.document(old.id)


def test_a_changed_source_leaves_the_document_to_its_other_name(store: Store) -> None:
    old = put(store, numbered(1), "/docs/a.txt")
    put(store, numbered(1), "/docs/b.txt")
    put(store, numbered(2), "/docs/a.txt")
    assert store.document(old.id).sources == ("b.txt",)
    assert len(store.documents()) == 2


def test_changed_metadata_and_passages_replace_what_is_stored(
    store: Store, embedder: BagEmbedder
) -> None:
    given = put(store, numbered(1), "/docs/a.txt")
    put(store, numbered(2), "/docs/b.txt")
    put(store, numbered(1), "/docs/c.txt")
    assert embedder.embedded == 6
    put(store, replace(given, publisher="G7"), "/docs/a.txt")
    assert store.document(given.id).publisher == "G7"
    assert embedder.embedded == 6  # the indexed texts are the same
    put(store, replace(given, title="Renamed"), "/docs/a.txt")
    assert embedder.embedded == 9
    fewer = passages(replace(given, title="Renamed"))[:1]
    renamed = replace(given, title="Renamed")
    store.put(renamed, fewer, location="/docs/a.txt", root="/docs", name="a.txt", digest="")
    assert store.document(given.id).sources == ("a.txt", "c.txt")
    assert store.passages_of(given.id) == fewer
    assert len(nearest(store, "Pledge", limit=9)) == 4
    assert store_marks(store)["pending"] == ""
    assert len(store.search_lexical("Pledge", language="en", limit=9)) == 4


def test_a_changed_language_moves_the_passages(store: Store) -> None:
    given = put(store, numbered(1), "/docs/a.txt")
    put(store, replace(given, language="nl"), "/docs/a.txt")
    assert store.languages() == ("nl",)
    assert nearest(store, "Pledge") == []
    assert len(nearest(store, "Pledge", language="nl")) == 3
    assert len(store.search_lexical("Pledge", language="nl", limit=9)) == 3


def test_a_document_without_passages_is_kept(store: Store, embedder: BagEmbedder) -> None:
    given = document("Nothing of its own.")
    store.put(given, (), location="/docs/a", root="/docs", name="a", digest="x")
    assert store.documents()[0].passages == 0
    assert store.languages() == ()
    assert nearest(store, "own") == []
    assert embedder.asked == 0


def test_forget_takes_a_document_out_under_all_its_names(store: Store) -> None:
    given = put(store, numbered(1), "/docs/a.txt")
    put(store, numbered(1), "/docs/b.txt")
    other = put(store, numbered(2), "/docs/c.txt")
    store.forget(given.id)
    assert [entry.id for entry in store.documents()] == [other.id]
    assert list(store.locations()) == ["/docs/c.txt"]
    assert all("Pledge 2" in text for text in nearest(store, "Pledge 1", limit=9))
    with pytest.raises(UnknownDocument, match="summit documents"):
        store.forget(given.id)
    with pytest.raises(UnknownDocument, match=r"'/docs/a\.txt'"):
        store.drop("/docs/a.txt")


def test_locations_of_one_root(store: Store) -> None:
    put(store, numbered(1), "/docs/z")
    put(store, numbered(2), "/other/b", root="/other")
    store.put(numbered(3), (), location="/c.txt", root="", name="c.txt", digest="")
    assert list(store.locations()) == ["/docs/z", "/other/b", "/c.txt"]
    assert list(store.locations("/other")) == ["/other/b"]
    assert list(store.locations("")) == ["/c.txt"]


def test_documents_are_ordered_by_name_and_languages_by_size(store: Store) -> None:
    put(store, numbered(1), "/docs/b")
    put(store, document("Een. Twee.", language="nl"), "/docs/c")
    put(store, document("Un.\nDeux.", language="fr"), "/docs/a")
    assert [entry.sources[0] for entry in store.documents()] == ["a", "b", "c"]
    assert store.languages() == ("en", "fr", "nl")


def test_find(store: Store) -> None:
    given = put(store, numbered(1), "/docs/same.txt")
    other = put(store, numbered(2), "/more/same.txt", root="/more")
    for name in (given.id, given.id[:6], "/docs/same.txt"):
        assert store.find(name) == given.id
    with pytest.raises(AmbiguousDocument) as ambiguity:
        store.find("same.txt")
    assert f"{given.id} (same.txt)" in str(ambiguity.value)
    assert f"{other.id} (same.txt)" in str(ambiguity.value)
    for name in ("unknown", given.id[:3], "", "%"):
        with pytest.raises(UnknownDocument, match="has no document"):
            store.find(name)


FILTERS = [
    (Filter(), "abc"),
    (Filter(publishers=("NATO",)), "ab"),
    (Filter(publishers=("NATO", "G7")), "abc"),
    (Filter(languages=("en", "nl")), "abc"),
    (Filter(languages=("nl",)), ""),
    (Filter(documents=("a.txt",)), "a"),
    (Filter(documents=(document("Tanks c.").id, "b.txt", "unknown")), "bc"),
    (Filter(documents=("unknown",)), ""),
    (Filter(date_from="2024-07-10"), "b"),
    (Filter(date_to="2024-07-10"), "ab"),
    (Filter(date_to="2023"), "a"),
    (Filter(date_from="2023-01-01", date_to="2024"), "ab"),
    (Filter(publishers=("NATO",), date_to="2023"), "a"),
    (Filter(publishers=('"; --',)), ""),
]


@pytest.mark.parametrize(("chosen", "expected"), FILTERS)
def test_filters_hold_in_both_searches(store: Store, chosen: Filter, expected: str) -> None:
    put(store, document("Tanks a.", date="2023-07-11"), "/docs/a.txt")
    put(store, document("Tanks b.", date="2024-07-10"), "/docs/b.txt")
    put(store, document("Tanks c.", date=None, publisher="G7"), "/docs/c.txt")
    put(store, document("Tanks d.", language="nl"), "/docs/d.txt")
    texts = sorted(f"Tanks {letter}." for letter in expected)
    assert sorted(nearest(store, "Tanks", limit=9, filter=chosen)) == texts
    hits = store.search_lexical("Tanks", language="en", limit=9, filter=chosen)
    assert sorted(p.text for p in store.passages(hit.passage_id for hit in hits)) == texts
    english = [entry for entry in store.documents(chosen) if entry.language == "en"]
    assert sorted(store.document(entry.id).text for entry in english) == texts


def test_the_list_of_documents_is_filtered_by_language_too(store: Store) -> None:
    put(store, document("Tanks a."), "/docs/a.txt")
    put(store, document("Tanks d.", language="nl"), "/docs/d.txt")
    for languages, names in ((("nl",), ["d.txt"]), (("nl", "en"), ["a.txt", "d.txt"])):
        listed = store.documents(Filter(languages=languages))
        assert [entry.sources[0] for entry in listed] == names
    both = Filter(languages=("nl",), publishers=("G7",))
    assert store.documents(both) == ()


def test_an_empty_store_finds_nothing_and_asks_no_model(
    store: Store, embedder: BagEmbedder
) -> None:
    assert nearest(store, "anything") == []
    assert store.search_lexical("anything", language="en", limit=5) == ()
    assert store.languages() == ()
    assert embedder.asked == 0


def test_reading_where_there_is_no_store(tmp_path: Path, embedder: BagEmbedder) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(StoreMissing, match="summit ingest"):
            Store.open(folder, embedder=embedder)
        assert Store.embedding_model(folder) is None
    assert not (tmp_path / "none").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_reader_changes_nothing(tmp_path: Path, store: Store, embedder: BagEmbedder) -> None:
    given = put(store, numbered(1), "/docs/a")
    with Store.open(tmp_path / "store", embedder=embedder) as reader:
        for change in (
            lambda: put(reader, numbered(2), "/docs/b"),
            lambda: reader.drop("/docs/a"),
            lambda: reader.forget(given.id),
        ):
            with pytest.raises(StoreError, match="open for reading"):
                change()


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.documents()


def test_another_model_is_refused_when_it_is_needed(tmp_path: Path, store: Store) -> None:
    given = put(store, numbered(1), "/docs/a")
    store.close()
    other = BagEmbedder("other", salt="other")
    with Store.open(tmp_path / "store", embedder=other, mode="write") as opened:
        opened.documents()
        opened.search_lexical("Pledge", language="en", limit=5)
        put(opened, numbered(1), "/docs/b")  # needs no vectors
        assert other.asked == 0
        with pytest.raises(ModelMismatch) as mismatch:
            opened.search_dense(other.embed_query("x"), language="en", limit=5)
        with pytest.raises(ModelMismatch):
            put(opened, numbered(2), "/docs/c")
        assert [entry.id for entry in opened.documents()] == [given.id]
    message = str(mismatch.value)
    for part in ("'bag'", "'other'", BagEmbedder().fingerprint, other.fingerprint):
        assert part in message
    assert "SUMMIT_EMBED_MODEL=bag" in message
    assert "--store" in message


def test_the_same_weights_under_another_name_are_the_same_model(
    tmp_path: Path, store: Store, embedder: BagEmbedder
) -> None:
    assert Store.embedding_model(tmp_path / "store") is None
    put(store, numbered(1), "/docs/a")
    store.close()
    with Store.open(tmp_path / "store", embedder=BagEmbedder("/models/bag")) as reader:
        assert nearest(reader, "Pledge")
    assert Store.embedding_model(tmp_path / "store") == ("bag", embedder.fingerprint)


class _Wrong(BagEmbedder):
    def embed_passages(self, texts):
        return np.zeros((len(texts), 63), dtype=np.float32)


def test_vectors_of_a_wrong_shape_are_refused(tmp_path: Path, store: Store) -> None:
    with pytest.raises(ValueError, match=r"shape \(5,\)"):
        put(store, numbered(1), "/docs/a")
        store.search_dense(np.zeros(5, dtype=np.float32), language="en", limit=5)
    wrong = Store.open(tmp_path / "wrong", embedder=_Wrong(), mode="write")
    with wrong, pytest.raises(ValueError, match=r"\(3, 63\).*\(3, 64\)"):
        put(wrong, numbered(1), "/docs/a")


def test_passages_must_be_slices_of_their_document(store: Store) -> None:
    given = numbered(1)
    good = passages(given)
    for bad, message in (
        ((replace(good[0], text="Invented."),), "not the text of its document"),
        ((replace(good[0], start=1),), "from 1"),
        ((replace(good[0], document_id="other"),), "belongs to 'other'"),
        ((good[0], good[0]), "same id"),
    ):
        with pytest.raises(ValueError, match=message):
            store.put(given, bad, location="/docs/a", root="", name="a", digest="")
    assert store.documents() == ()


class _Failing(BagEmbedder):
    def embed_passages(self, texts):
        if "Pledge 2" in texts[0]:
            raise RuntimeError("out of memory")
        return super().embed_passages(texts)


def test_a_failing_model_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", embedder=_Failing(), mode="write") as store:
        given = put(store, numbered(1), "/docs/a")
        with pytest.raises(RuntimeError, match="out of memory"):
            put(store, numbered(2), "/docs/a")
        assert store.passages_of(given.id) == passages(given)
        assert len(nearest(store, "Pledge", limit=9)) == 3


def test_eight_threads(tmp_path: Path, store: Store) -> None:
    for number in range(8):
        put(store, numbered(number), f"/docs/{number}")
    with Store.open(tmp_path / "store", embedder=BagEmbedder()) as reader:

        def work(number: int) -> None:
            for _ in range(5):
                for opened in (store, reader):
                    text = numbered(number).text.split("\n")[1]
                    assert nearest(opened, text, limit=1) == [text]
                    (hit,) = opened.search_lexical(f"w{number}x0x5", language="en", limit=5)
                    assert opened.passages([hit.passage_id])
                put(store, numbered(100 + number), f"/docs/{100 + number}")
                store.drop(f"/docs/{100 + number}")

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
    assert len(store.documents()) == 8
