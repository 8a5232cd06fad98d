"""Making a real store hold what its sources hold now, with a model that hashes words."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from core_samples import LONG
from numpy.typing import NDArray

from ingest.sources import SourceError
from ingest.sync import Outcome, sync
from vectorstore import Store


class WordEmbedder:
    """Counts words in 32 buckets; `stop_at` makes it press Ctrl-C at that call."""

    name = "words"
    fingerprint = "0123456789ab"
    dimension = 32

    def __init__(self) -> None:
        self.calls = 0
        self.stop_at = 0

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls += 1
        if self.calls == self.stop_at:
            raise KeyboardInterrupt
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimension, 0.01, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def store(tmp_path: Path, embedder: WordEmbedder) -> Iterator[Store]:
    with Store.open(tmp_path / "store", embedder=embedder, mode="write") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents, one of them in a folder of its own."""
    docs = tmp_path / "docs"
    (docs / "more").mkdir(parents=True)
    (docs / "alder.md").write_text(f"# Alder\n\n{LONG}\n")
    (docs / "birch.txt").write_text(f"Birch keeps the bridge. {LONG}\n")
    (docs / "more" / "cedar.html").write_text(f"<h1>Cedar</h1><p>{LONG} Cedar pays.</p>")
    return docs


def results(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {outcome.name: outcome.result for outcome in outcomes}


def names(store: Store) -> list[tuple[str, ...]]:
    return sorted(entry.sources for entry in store.documents())


ALL = [("alder.md",), ("birch.txt",), ("more/cedar.html",)]


def test_a_new_folder_is_added(folder: Path, store: Store) -> None:
    outcomes = sync([str(folder)], store)
    assert results(outcomes) == dict.fromkeys(("alder.md", "birch.txt", "more/cedar.html"), "added")
    assert names(store) == ALL
    assert [o.passages for o in outcomes] == [1, 1, 1]
    (entry,) = (e for e in store.documents() if e.sources == ("alder.md",))
    assert entry.title == "Alder"
    assert "Alder" in store.document(entry.id).text


def test_what_is_unchanged_is_left_alone(
    folder: Path, store: Store, embedder: WordEmbedder
) -> None:
    sync([str(folder)], store)
    before, calls = store.documents(), embedder.calls
    outcomes = sync([str(folder)], store)
    assert set(results(outcomes).values()) == {"unchanged"}
    assert (store.documents(), embedder.calls) == (before, calls)


def test_what_has_changed_is_replaced(folder: Path, store: Store) -> None:
    sync([str(folder)], store)
    (folder / "birch.txt").write_text(f"Birch sells the bridge. {LONG}\n")
    assert results(sync([str(folder)], store)) == {
        "alder.md": "unchanged",
        "birch.txt": "changed",
        "more/cedar.html": "unchanged",
    }
    assert names(store) == ALL
    assert not store.search_lexical("keeps", language="en", limit=9)
    (hit,) = store.search_lexical("sells", language="en", limit=9)
    (passage,) = store.passages([hit.passage_id])
    assert store.document(passage.document_id).sources == ("birch.txt",)


def test_what_is_gone_from_the_folder_is_removed(folder: Path, store: Store) -> None:
    sync([str(folder)], store)
    (folder / "more" / "cedar.html").unlink()
    outcomes = sync([str(folder)], store)
    assert results(outcomes)["more/cedar.html"] == "removed"
    assert names(store) == ALL[:2]


def test_a_renamed_file_is_known_by_its_new_name_only(folder: Path, store: Store) -> None:
    sync([str(folder)], store)
    (folder / "birch.txt").rename(folder / "beech.txt")
    outcomes = sync([str(folder)], store)
    assert results(outcomes)["beech.txt"] == "same content"
    assert results(outcomes)["birch.txt"] == "removed"
    assert names(store) == [("alder.md",), ("beech.txt",), ("more/cedar.html",)]


def test_other_folders_are_left_alone(folder: Path, store: Store, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "dogwood.txt").write_text(f"Dogwood. {LONG}")
    sync([str(folder), str(other)], store)
    (other / "dogwood.txt").write_text(f"Dogwood dredges. {LONG}")
    assert results(sync([str(other)], store)) == {"dogwood.txt": "changed"}
    assert names(store) == [("alder.md",), ("birch.txt",), ("dogwood.txt",), ("more/cedar.html",)]


def test_the_same_content_twice_is_stored_once_under_both_names(
    folder: Path, store: Store, embedder: WordEmbedder
) -> None:
    (folder / "copy.md").write_text((folder / "alder.md").read_text())
    outcomes = sync([str(folder)], store)
    (copy,) = (o for o in outcomes if o.name == "copy.md")
    assert (copy.result, copy.reason) == ("same content", "alder.md")
    assert names(store) == [("alder.md", "copy.md"), ("birch.txt",), ("more/cedar.html",)]
    assert embedder.calls == 3
    (folder / "alder.md").unlink()
    sync([str(folder)], store)
    assert names(store) == [("birch.txt",), ("copy.md",), ("more/cedar.html",)]


def test_one_bad_file_fails_alone_with_the_reason(folder: Path, store: Store) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (folder / "empty.txt").write_bytes(b"")
    outcomes = {outcome.name: outcome for outcome in sync([str(folder)], store)}
    assert {outcomes["broken.pdf"].result, outcomes["empty.txt"].result} == {"failed"}
    assert "'broken.pdf' is damaged" in outcomes["broken.pdf"].reason
    assert "'empty.txt' is empty" in outcomes["empty.txt"].reason
    assert names(store) == ALL


def test_a_file_that_turns_bad_keeps_what_the_store_had_of_it(folder: Path, store: Store) -> None:
    sync([str(folder)], store)
    good = (folder / "birch.txt").read_text()
    (folder / "birch.txt").write_bytes(bytes(range(256)) * 40)
    for _ in range(2):
        assert results(sync([str(folder)], store))["birch.txt"] == "failed"
        assert names(store) == ALL
    assert store.search_lexical("Birch bridge", language="en", limit=3)
    (folder / "birch.txt").write_text(good)
    assert results(sync([str(folder)], store))["birch.txt"] == "unchanged"


def test_a_file_that_cannot_be_opened_fails(folder: Path, store: Store) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may open every file")
    (folder / "birch.txt").chmod(0)
    assert results(sync([str(folder)], store))["birch.txt"] == "failed"


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_ctrl_c_leaves_a_usable_store_and_the_next_run_goes_on(
    folder: Path, tmp_path: Path, stop_at: int
) -> None:
    embedder = WordEmbedder()
    embedder.stop_at = stop_at
    place = tmp_path / "store"
    with (
        pytest.raises(KeyboardInterrupt),
        Store.open(place, embedder=embedder, mode="write") as store,
    ):
        sync([str(folder)], store)
    with Store.open(place, embedder=embedder, mode="write") as store:
        assert names(store) == ALL[: stop_at - 1]
        done = ["unchanged"] * (stop_at - 1) + ["added"] * (4 - stop_at)
        assert [o.result for o in sync([str(folder)], store)] == done
        assert names(store) == ALL
        vector = embedder.embed_query("the bridge of Birch")
        assert len(store.search_dense(vector, language="en", limit=9)) == 3
    assert embedder.calls == 4


def test_ctrl_c_while_a_changed_file_is_embedded_keeps_the_old_one(
    folder: Path, store: Store, embedder: WordEmbedder
) -> None:
    sync([str(folder)], store)
    (folder / "birch.txt").write_text(f"Birch sells the bridge. {LONG}\n")
    embedder.stop_at = 4
    with pytest.raises(KeyboardInterrupt):
        sync([str(folder)], store)
    assert names(store) == ALL
    assert store.search_lexical("keeps", language="en", limit=3)
    assert results(sync([str(folder)], store))["birch.txt"] == "changed"
    assert store.search_lexical("sells", language="en", limit=3)


def test_a_folder_emptied_since_is_emptied_in_the_store(folder: Path, store: Store) -> None:
    sync([str(folder)], store)
    for file in folder.rglob("*.*"):
        file.unlink()
    assert set(results(sync([str(folder)], store)).values()) == {"removed"}
    assert store.documents() == ()
    with pytest.raises(SourceError, match="holds no file that can be read"):
        sync([str(folder)], store)


def test_arguments_that_name_nothing_are_an_error_and_change_nothing(
    folder: Path, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "missing", tmp_path / "empty"):
        with pytest.raises(SourceError, match=nothing.name):
            sync([str(folder), str(nothing)], store)
        assert store.documents() == ()


def test_a_file_named_by_itself_stays_when_it_is_not_named_again(
    folder: Path, store: Store
) -> None:
    assert results(sync([str(folder / "birch.txt")], store)) == {"birch.txt": "added"}
    assert results(sync([str(folder / "alder.md")], store)) == {"alder.md": "added"}
    assert names(store) == ALL[:2]
    assert set(results(sync([str(folder)], store))) == {"alder.md", "birch.txt", "more/cedar.html"}
    assert results(sync([str(folder / "birch.txt")], store)) == {"birch.txt": "unchanged"}
    (folder / "birch.txt").unlink()
    assert results(sync([str(folder)], store))["birch.txt"] == "removed"


def test_an_address_that_does_not_answer_fails_alone(folder: Path, store: Store) -> None:
    outcomes = sync(["http://127.0.0.1:9/page", str(folder / "birch.txt")], store)
    assert results(outcomes) == {"http://127.0.0.1:9/page": "failed", "birch.txt": "added"}


def test_each_outcome_is_reported_with_the_counts(folder: Path, store: Store) -> None:
    sync([str(folder)], store)
    (folder / "alder.md").unlink()
    seen: list[tuple[str, int, int]] = []
    outcomes = sync(
        [str(folder)], store, report=lambda o, done, of: seen.append((o.name, done, of))
    )
    assert seen == [("birch.txt", 1, 3), ("more/cedar.html", 2, 3), ("alder.md", 3, 3)]
    assert [outcome.name for outcome in outcomes] == [name for name, _, _ in seen]
