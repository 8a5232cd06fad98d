"""Chroma stays in step with the ledger: real deaths, lost files, other processes."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from store_samples import (
    BagEmbedder,
    all_passages,
    document,
    found_by_meaning,
    numbered,
    put,
    run_python,
    store_collection,
)

from vectorstore import Filter, Store, StoreLocked
from vectorstore.chroma import Chroma
from vectorstore.records import indexed_text

MANY = 1_300  # more than the 1,000 changes after which Chroma writes its graph to files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose graph has been written to files, made by a process that ended well."""
    folder = tmp_path_factory.mktemp("large") / "store"
    process = run_python(
        f"""
        with Store.open(folder, embedder=BagEmbedder(), mode="write") as store:
            for number in range({MANY // 100}):
                put(store, numbered(number, 100), f"/docs/{{number}}")
        """,
        folder,
    )
    assert process.wait(120) == 0
    assert list(folder.glob("chroma/*/*/link_lists.bin"))
    return folder


def assert_in_step(folder: Path, *, mode: str = "read", documents: int | None = None) -> None:
    """Every passage is found, and no other; no model was needed to put that right."""
    embedder = BagEmbedder()
    with Store.open(folder, embedder=embedder, mode=mode) as store:
        assert found_by_meaning(store) == all_passages(store)
        assert documents is None or len(store.documents()) == documents
    assert embedder.embedded == 0


DEATHS = {
    "before Chroma": "store._dense.apply = lambda **change: os._exit(9)",
    "while Chroma is written": """
import vectorstore.chroma
write = vectorstore.chroma.Chroma.write
def die(self, records):
    write(self, records[:1])
    os._exit(9)
vectorstore.chroma.Chroma.write = die
vectorstore.chroma.Chroma.delete = lambda self, ids: os._exit(9)
""",
    "after Chroma": "store._dense._settle = lambda chroma: os._exit(9)",
}


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize(
    ("change", "documents", "mode"),
    [
        ("put(store, numbered(2), '/docs/2')", 3, "write"),
        ("put(store, numbered(2), '/docs/1')", 2, "read"),
        ("store.drop('/docs/1')", 1, "read"),
    ],
)
def test_a_death_between_the_steps(
    folder: Path, death: str, change: str, documents: int, mode: str
) -> None:
    process = run_python(
        f"""
store = Store.open(folder, embedder=BagEmbedder(), mode="write")
put(store, numbered(0), "/docs/0")
put(store, numbered(1), "/docs/1")
{DEATHS[death]}
{change}
""",
        folder,
    )
    assert process.wait(60) == 9
    assert_in_step(folder, mode=mode, documents=documents)


def test_a_death_after_only_the_language_changed(folder: Path) -> None:
    process = run_python(
        f"""
from dataclasses import replace
store = Store.open(folder, embedder=BagEmbedder(), mode="write")
put(store, numbered(0), "/docs/0")
{DEATHS["before Chroma"]}
put(store, replace(numbered(0), language="nl"), "/docs/0")
""",
        folder,
    )
    assert process.wait(60) == 9
    assert_in_step(folder, documents=1)


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_moment(folder: Path, seed: int) -> None:
    process = run_python(
        """
        store = Store.open(folder, embedder=BagEmbedder(), mode="write")
        print("open", flush=True)
        for number in range(100_000):
            put(store, numbered(number, 60), f"/docs/{number % 20}")
            if number % 3 == 2:
                store.drop(f"/docs/{number % 20}")
        """,
        folder,
        stdout=subprocess.PIPE,
    )
    assert process.stdout and process.stdout.readline() == "open\n"
    time.sleep(random.Random(seed).uniform(0.2, 2.5))
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    assert_in_step(folder, mode="write")
    assert_in_step(folder)


def test_half_written_files_are_never_loaded(folder: Path, large: Path) -> None:
    """Chroma dies of them: a process that loads this graph ends with a segmentation fault."""
    shutil.copytree(large, folder)
    process = run_python(
        """
        store = Store.open(folder, embedder=BagEmbedder(), mode="write")
        store._dense._settle = lambda chroma: os._exit(9)
        put(store, numbered(500), "/docs/500")
        """,
        folder,
    )
    assert process.wait(60) == 9
    (links,) = folder.glob("chroma/*/*/link_lists.bin")
    os.truncate(links, links.stat().st_size // 2)
    check = """
        store = Store.open(folder, embedder=BagEmbedder())
        assert found_by_meaning(store) == all_passages(store)
    """
    assert run_python(check, folder).wait(60) == 0
    assert not links.exists()


def remove_everything(chroma: Path) -> None:
    shutil.rmtree(chroma)


def remove_the_database(chroma: Path) -> None:
    (database,) = chroma.glob("*/chroma.sqlite3")
    database.unlink()


def spoil_the_database(chroma: Path) -> None:
    (database,) = chroma.glob("*/chroma.sqlite3")
    database.write_bytes(b"not a database " * 500)


def remove_the_graph(chroma: Path) -> None:
    """Chroma goes on to list all ids, and fails on a query."""
    for path in chroma.glob("*/*/"):
        shutil.rmtree(path)


def remove_one_graph_file(chroma: Path) -> None:
    (header,) = chroma.glob("*/*/header.bin")
    header.unlink()


@pytest.mark.parametrize(
    "damage",
    [
        remove_everything,
        remove_the_database,
        spoil_the_database,
        remove_the_graph,
        remove_one_graph_file,
    ],
)
def test_what_chroma_loses_is_put_back(folder: Path, large: Path, damage) -> None:
    shutil.copytree(large, folder)
    damage(folder / "chroma")
    assert_in_step(folder, documents=MANY // 100)
    assert len(list((folder / "chroma").iterdir())) == 1


def test_a_store_survives_restarts_past_the_threshold(folder: Path, large: Path) -> None:
    """No loss after a clean exit, no unreadable index (chroma issues 6975 and 7090)."""
    shutil.copytree(large, folder)
    assert_in_step(folder, documents=MANY // 100)
    for round_number in range(2):
        add = f"""
        with Store.open(folder, embedder=BagEmbedder(), mode="write") as store:
            for number in range(100 + {round_number} * 7, 107 + {round_number} * 7):
                put(store, numbered(number, 60), f"/docs/{{number}}")
            store.drop("/docs/{round_number}")
        """
        check = """
        store = Store.open(folder, embedder=BagEmbedder())
        assert found_by_meaning(store) == all_passages(store)
        print((folder / "summit.sqlite3-wal").exists(), len(store.documents()))
        """
        assert run_python(add, folder).wait(60) == 0
        process = run_python(check, folder, stdout=subprocess.PIPE)
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert int(out.split()[-1]) == MANY // 100 + 6 * (round_number + 1)


READER = """
    import json
    store = Store.open(folder, embedder=BagEmbedder())
    for line in sys.stdin:
        vector = BagEmbedder().embed_query(json.loads(line))
        hits = store.search_dense(vector, language="en", limit=3)
        texts = [passage.text for passage in store.passages(hit.passage_id for hit in hits)]
        print(json.dumps(texts), flush=True)
"""


def test_a_reader_sees_what_another_process_writes(folder: Path) -> None:
    with Store.open(folder, embedder=BagEmbedder(), mode="write") as store:
        put(store, numbered(0), "/docs/0")
        reader = run_python(READER, folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:

            def ask(question: str) -> list[str]:
                assert reader.stdin and reader.stdout
                reader.stdin.write(json.dumps(question) + "\n")
                reader.stdin.flush()
                return json.loads(reader.stdout.readline())

            text = numbered(7).text.split("\n")[1]
            assert all("Pledge 0" in found for found in ask(text))
            put(store, numbered(7), "/docs/7")
            assert ask(text)[0] == text
            store.drop("/docs/7")
            texts = ask(text)
            assert len(texts) == 3
            assert all("Pledge 0" in text for text in texts)
        finally:
            reader.kill()
            reader.communicate()


def test_readers_search_while_a_writer_works(folder: Path) -> None:
    with Store.open(folder, embedder=BagEmbedder(), mode="write") as store:
        put(store, document("The one that stays."), "/docs/stays")
    writer = run_python(
        """
        with Store.open(folder, embedder=BagEmbedder(), mode="write") as store:
            for number in range(30):
                put(store, numbered(number, 30), f"/docs/{number}")
                if number % 3:
                    store.drop(f"/docs/{number - 1}")
        """,
        folder,
    )
    reader = run_python(
        """
        store, embedder, searches = Store.open(folder, embedder=BagEmbedder()), BagEmbedder(), 0
        while len(store.documents()) < 11:
            vector = embedder.embed_query("The one that stays")
            hits = store.search_dense(vector, language="en", limit=5)
            assert any("stays" in passage.text for passage in store.passages(
                hit.passage_id for hit in hits)), hits
            searches += 1
        assert searches > 3, searches
        """,
        folder,
    )
    with Store.open(folder, embedder=BagEmbedder()) as store:
        while writer.poll() is None:
            vector = BagEmbedder().embed_query("The one that stays")
            assert store.search_dense(vector, language="en", limit=5)
        assert writer.returncode == 0
        assert found_by_meaning(store) == all_passages(store)
    assert reader.wait(60) == 0


def test_two_readers_and_a_writer_in_one_process(folder: Path) -> None:
    embedder = BagEmbedder()
    with (
        Store.open(folder, embedder=embedder, mode="write") as writer,
        Store.open(folder, embedder=embedder) as one,
        Store.open(folder, embedder=embedder) as two,
    ):
        for number in range(4):
            put(writer, numbered(number), f"/docs/{number}")
            for store in (one, two, writer):
                assert found_by_meaning(store) == all_passages(writer)


def test_a_reader_that_cannot_repair_says_so(folder: Path) -> None:
    """The vectors are gone and the writer has its own in memory."""
    with Store.open(folder, embedder=BagEmbedder(), mode="write") as writer:
        put(writer, numbered(0), "/docs/0")
        spoil_the_database(folder / "chroma")
        with Store.open(folder, embedder=BagEmbedder()) as reader:
            with pytest.raises(StoreLocked, match="needs a repair"):
                reader.search_dense(BagEmbedder().embed_query("x"), language="en", limit=1)
            assert reader.search_lexical("Pledge", language="en", limit=1)
    assert_in_step(folder, documents=1)


def test_what_the_graph_cannot_reach_is_found_all_the_same(folder: Path) -> None:
    """A collection that has another graph than ours, one that leaves passages out."""
    import chromadb
    from chromadb.config import Settings

    with Store.open(folder, embedder=BagEmbedder(), mode="write") as store:
        name = store_collection(store)
    client = chromadb.PersistentClient(
        str(folder / "chroma" / "0"), settings=Settings(anonymized_telemetry=False)
    )
    client.delete_collection(name)
    sparse = {"hnsw": {"space": "cosine", "max_neighbors": 3, "ef_construction": 10}}
    client.create_collection(name, embedding_function=None, configuration=sparse)
    client.close()
    with Store.open(folder, embedder=BagEmbedder(), mode="write") as store:
        for number in range(4):
            put(store, numbered(number, 100), f"/docs/{number}")
        chroma = Chroma(folder / "chroma" / "0", name)
        reached = chroma.reachable(BagEmbedder().embed_query("anything"))
        chroma.close()
        assert len(reached) < 400
        assert found_by_meaning(store) == all_passages(store)
        lost = store.passages(sorted(all_passages(store) - reached))[0]
        whole = store.document(lost.document_id)
        vector = BagEmbedder().embed_query(indexed_text(whole, lost))
        (hit,) = store.search_dense(vector, language="en", limit=1)
        assert hit.passage_id == lost.id
        others = Filter(documents=tuple(str(n) for n in range(4) if f"{n}" != whole.source))
        hits = store.search_dense(vector, language="en", limit=400, filter=others)
        assert len(hits) == 300
        assert lost.id not in {hit.passage_id for hit in hits}
        assert store.search_dense(vector, language="nl", limit=1) == ()
        put(store, document("Niets. ", language="nl"), "/docs/nl")
        assert len(store.search_dense(vector, language="nl", limit=9)) == 1
        with Store.open(folder, embedder=BagEmbedder()) as reader:
            assert found_by_meaning(reader) == all_passages(store)
            store.drop(f"/docs/{whole.source}")
            assert found_by_meaning(reader) == all_passages(store)
