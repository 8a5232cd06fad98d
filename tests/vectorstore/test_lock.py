"""One writer at a time, in whatever process it is."""

import os
import signal
import subprocess
from pathlib import Path
from threading import Thread

import pytest
from store_samples import BagEmbedder, numbered, put, run_python

from vectorstore import Store, StoreError, StoreLocked
from vectorstore.lock import FolderLock

HOLD = """
    store = Store.open(folder, embedder=BagEmbedder(), mode="write")
    put(store, numbered(0), "/docs/0")
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_who_holds_the_store(tmp_path: Path) -> None:
    holder = run_python(HOLD, tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout and holder.stdout.readline() == "open\n"
        with pytest.raises(StoreLocked, match=rf"process {holder.pid} since 20\d\d-.* UTC"):
            Store.open(tmp_path, embedder=BagEmbedder(), mode="write")
        with Store.open(tmp_path, embedder=BagEmbedder()) as reader:
            assert len(reader.documents()) == 1
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    with Store.open(tmp_path, embedder=BagEmbedder(), mode="write") as store:
        put(store, numbered(1), "/docs/1")


def test_a_second_writer_in_the_same_process(tmp_path: Path) -> None:
    with (
        Store.open(tmp_path, embedder=BagEmbedder(), mode="write"),
        pytest.raises(StoreLocked, match=f"process {os.getpid()}"),
    ):
        Store.open(tmp_path, embedder=BagEmbedder(), mode="write")
    Store.open(tmp_path, embedder=BagEmbedder(), mode="write").close()


def test_a_store_may_be_closed_by_another_thread(tmp_path: Path) -> None:
    opened: list[Store] = []

    def open_it() -> None:
        opened.append(Store.open(tmp_path, embedder=BagEmbedder(), mode="write"))

    thread = Thread(target=open_it)
    thread.start()
    thread.join()
    put(opened[0], numbered(0), "/docs/0")
    opened[0].close()
    Store.open(tmp_path, embedder=BagEmbedder(), mode="write").close()


def test_tried(tmp_path: Path) -> None:
    one, two = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    with one.tried() as first, two.tried() as second:
        assert (first, second) == (True, False)
        with one.tried() as again:
            assert again
        assert one.held
    assert not one.held
    assert two.acquire()
    two.release()
    two.release()


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        Store.open(tmp_path / "file", embedder=BagEmbedder(), mode="write")
    with pytest.raises(StoreError, match="lock file"):
        FolderLock(tmp_path / "file" / "lock").acquire()
