"""The door to Chroma: a real server, its absence, and several clients in one process."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from store_samples import (
    BagEmbedder,
    all_passages,
    found_by_meaning,
    numbered,
    put,
    store_collection,
)

from vectorstore import ChromaUnavailable, Filter, Store
from vectorstore.chroma import Chroma
from vectorstore.hit import Hit
from vectorstore.records import DenseRecord


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """A `chroma run` process on loopback, which can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self._folder = folder
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        command = [Path(sys.executable).parent / "chroma", "run", "--path", self._folder]
        address = ["--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            [*command, *address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(1_200):
            try:
                Chroma(self.url, "summit-probe").close()
                return
            except ChromaUnavailable:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(120)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


def open_store(folder: Path, url: str | None, mode: str = "write") -> Store:
    return Store.open(folder, embedder=BagEmbedder(), chroma_url=url, mode=mode)


def test_a_store_on_a_server(tmp_path: Path, server: Server) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with open_store(one, server.url) as store, open_store(two, server.url) as other:
        put(other, numbered(5), "/docs/5")
        put(store, numbered(0), "/docs/0")
        with open_store(one, server.url, "read") as reader:
            assert found_by_meaning(reader) == all_passages(store)
            put(store, numbered(1), "/docs/1")
            put(store, numbered(2), "/docs/0")
            assert found_by_meaning(reader) == all_passages(store)
            assert len(all_passages(store)) == 6
            vector = BagEmbedder().embed_query("Pledge")
            chosen = Filter(documents=("1",))
            assert len(reader.search_dense(vector, language="en", limit=9, filter=chosen)) == 3
            assert reader.search_dense(vector, language="nl", limit=9) == ()
            store.drop("/docs/1")
            assert found_by_meaning(reader) == all_passages(store)
        assert found_by_meaning(other) == all_passages(other)
    assert not (one / "chroma").exists()
    with open_store(one, server.url, "read") as reader:
        assert found_by_meaning(reader) == all_passages(reader)


def test_a_server_that_ends_and_returns(tmp_path: Path, server: Server) -> None:
    with open_store(tmp_path, server.url) as store:
        put(store, numbered(0), "/docs/0")
        server.stop()
        try:
            with pytest.raises(ChromaUnavailable, match=server.url):
                store.search_dense(BagEmbedder().embed_query("x"), language="en", limit=1)
            with pytest.raises(ChromaUnavailable, match="chroma run"):
                put(store, numbered(1), "/docs/1")
            with pytest.raises(ChromaUnavailable, match=server.url):
                put(store, numbered(2), "/docs/2")
            assert store.search_lexical("Pledge", language="en", limit=9)
            with open_store(tmp_path, server.url, "read") as reader:
                assert len(reader.documents()) == 2
                with pytest.raises(ChromaUnavailable, match="SUMMIT_CHROMA_URL"):
                    reader.search_dense(BagEmbedder().embed_query("x"), language="en", limit=1)
        finally:
            server.start()
        put(store, numbered(3), "/docs/3")
        assert found_by_meaning(store) == all_passages(store)
        assert len(store.documents()) == 3


def test_what_a_server_loses_is_put_back(tmp_path: Path, server: Server) -> None:
    with open_store(tmp_path, server.url) as store:
        put(store, numbered(0), "/docs/0")
        lost = Chroma(server.url, store_collection(store))
        lost.clear()
        assert found_by_meaning(store) == all_passages(store)  # its collection had another id
    lost.close()
    again = Chroma(server.url, store_collection(open_store(tmp_path, None, "read")))
    again.delete(sorted(again.ids())[:1])
    again.close()
    embedder = BagEmbedder()
    with Store.open(tmp_path, embedder=embedder, chroma_url=server.url) as reader:
        assert found_by_meaning(reader) == all_passages(reader)
    assert embedder.embedded == 0


def test_moving_between_server_and_folder(tmp_path: Path, server: Server) -> None:
    with open_store(tmp_path, None) as store:
        put(store, numbered(0), "/docs/0")
        put(store, numbered(1), "/docs/1")
    with open_store(tmp_path, server.url) as store:
        assert found_by_meaning(store) == all_passages(store)
        store.drop("/docs/0")
    with open_store(tmp_path, None, "read") as reader:
        assert found_by_meaning(reader) == all_passages(reader)
        assert len(all_passages(reader)) == 3
    with open_store(tmp_path, server.url) as store:
        put(store, replace(numbered(1), language="nl"), "/docs/1")
    with open_store(tmp_path, None, "read") as reader:
        assert found_by_meaning(reader) == all_passages(reader)


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://localhost", "http://", "http://h:x", "http://h/path", "http:/"]
)
def test_what_is_no_url(tmp_path: Path, url: str) -> None:
    with pytest.raises(ChromaUnavailable, match="not the URL"):
        open_store(tmp_path, url)


def test_a_host_that_keeps_silent(tmp_path: Path) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting = []
        for _ in range(3):  # fills the queue of those who wait to be let in
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(deaf.getsockname())
        begun = time.monotonic()
        with pytest.raises(ChromaUnavailable, match="timed out"):
            open_store(tmp_path, f"http://127.0.0.1:{deaf.getsockname()[1]}")
        assert time.monotonic() - begun < 20
        for connection in waiting:
            connection.close()


def test_a_server_of_another_kind(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        with pytest.raises(ChromaUnavailable, match="No Chroma server answers"):
            open_store(tmp_path, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(120)


def record(number: int, *, language: str = "en") -> DenseRecord:
    vector = np.eye(1, 8, number % 8, dtype="<f4")
    return DenseRecord(f"p{number}", f"d{number}", language, "text", vector.tobytes())


def test_two_clients_of_one_folder_are_apart(tmp_path: Path) -> None:
    """Chroma by itself hands out one index twice, and the second is as old as the first."""
    one = Chroma(tmp_path / "c", "summit-x")
    one.write([record(0)])
    two = Chroma(tmp_path / "c", "summit-x")
    assert two.ids() == {"p0"}
    one.write([record(1)])
    three = Chroma(tmp_path / "c", "summit-x")
    query = np.eye(1, 8, 1, dtype=np.float32)[0]
    assert three.query(query, language="en", limit=1, documents=None) == (Hit("p1", 1.0),)
    one.close()
    two.close()
    assert three.ids() == {"p0", "p1"}
    three.close()
    three.close()


def test_more_records_than_chroma_takes_at_once(tmp_path: Path) -> None:
    chroma = Chroma(tmp_path / "c", "summit-x")
    vectors = np.random.default_rng(0).normal(size=(5_600, 8)).astype("<f4")
    chroma.write([replace(record(n), vector=vectors[n].tobytes()) for n in range(5_600)])
    assert len(chroma.ids()) == 5_600
    chroma.delete([f"p{number}" for number in range(5_599)])
    assert chroma.ids() == {"p5599"}
    chroma.close()


def test_equal_scores_are_in_a_fixed_order(tmp_path: Path) -> None:
    chroma = Chroma(tmp_path / "c", "summit-x")
    chroma.write([record(number) for number in (24, 8, 16, 0)])
    query = np.eye(1, 8, dtype=np.float32)[0]
    hits = chroma.query(query, language="en", limit=9, documents=None)
    assert [hit.passage_id for hit in hits] == ["p0", "p16", "p24", "p8"]
    assert chroma.query(query, language="en", limit=9, documents=["d8"]) == (Hit("p8", 1.0),)
    chroma.close()
