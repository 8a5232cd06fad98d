"""The SQLite file: its schema, transactions, and what is said when it cannot be used."""

import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from store_samples import BagEmbedder, numbered, put

from vectorstore import Store, StoreDamaged, StoreError, StoreMissing, StoreVersion
from vectorstore.ledger import FILE_NAME, Ledger, marks, set_marks


def test_a_ledger_keeps_its_identity(tmp_path: Path) -> None:
    first = Ledger.create(tmp_path)
    with first.reading() as db:
        before = marks(db)
    first.close()
    again = Ledger.create(tmp_path)
    with again.reading() as db:
        assert marks(db) == before
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    again.close()


def test_a_change_is_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path)
    with pytest.raises(KeyboardInterrupt), ledger.changing() as db:
        set_marks(db, {"one": "1"})
        raise KeyboardInterrupt
    with ledger.changing() as db:
        set_marks(db, {"two": "2"})
    with ledger.reading() as db:
        assert "one" not in marks(db)
        assert marks(db)["two"] == "2"
    ledger.close()


def test_no_thread_sees_half_a_change(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path)
    seen: list[str | None] = []

    def look() -> None:
        with ledger.reading() as db:
            seen.append(marks(db).get("two"))

    with ledger.changing() as db:
        set_marks(db, {"one": "1"})
        other = Thread(target=look)
        other.start()
        other.join(0.2)
        set_marks(db, {"two": "2"})
    other.join()
    assert seen == ["2"]
    ledger.close()


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path)
    with ledger.changing() as db:
        set_marks(db, {"schema": "99"})
    ledger.close()
    for mode in ("read", "write"):
        with pytest.raises(StoreVersion, match=r"'99'.*ingest the sources again"):
            Store.open(tmp_path, embedder=BagEmbedder(), mode=mode)


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_file_that_is_no_database(tmp_path: Path, mode: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(StoreDamaged) as damage:
        Store.open(tmp_path, embedder=BagEmbedder(), mode=mode)
    assert repr(str(path)) in str(damage.value)
    assert "ingest the documents again" in str(damage.value)


def test_a_spoilt_page_is_named_when_it_is_met(tmp_path: Path) -> None:
    with Store.open(tmp_path, embedder=BagEmbedder(), mode="write") as store:
        for number in range(20):
            put(store, numbered(number), f"/docs/{number}")
    path = tmp_path / FILE_NAME
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 8192))
    with pytest.raises(StoreDamaged, match=FILE_NAME):
        Store.open(tmp_path, embedder=BagEmbedder()).documents()


def test_an_empty_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"")
    with pytest.raises(StoreMissing):
        Store.open(tmp_path, embedder=BagEmbedder())
    with Store.open(tmp_path, embedder=BagEmbedder(), mode="write") as store:
        put(store, numbered(0), "/docs/0")


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StoreError, match="could not be used"):
        Store.open(tmp_path, embedder=BagEmbedder(), mode="write")


def test_a_mistake_in_sql_is_not_called_damage(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path)
    with pytest.raises(sqlite3.OperationalError), ledger.reading() as db:
        db.execute("SELECT nothing FROM nowhere")
    ledger.close()
