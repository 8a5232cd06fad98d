import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from store_samples import BagEmbedder

from assistant.adding import Adding
from assistant.exchange import UNEXPECTED
from assistant.uploads import Incoming
from assistant.writer import Writer
from assistant.yielding import Yielding
from ingest.sync import sync
from vectorstore import Store, StoreLocked, UnknownDocument

RAIL = b"The ministers agreed to spend 340 million crowns on the coastal railway until 2026."
PORT = b"The harbour of Birkhaven will be dredged before the end of the year 2027, they said."


class Home:
    """A store in a folder, and someone who adds to it."""

    def __init__(self, folder, embedder=None, **options):
        self.folder = folder / "store"
        self.embedder = embedder or BagEmbedder()
        self.opened = 0
        self.adding = Adding(Writer(self.open), self.folder, **options)

    def open(self):
        self.opened += 1
        return Store.open(self.folder, embedder=self.embedder, mode="write")

    def alone(self):
        """The store for writing, once the thread that adds has let go of it."""
        for _ in range(6_000):
            try:
                return self.open()
            except StoreLocked:
                time.sleep(0.01)
        raise AssertionError("the store is never let go")

    def reading(self):
        return Store.open(self.folder, embedder=self.embedder)

    def file(self, data, name):
        with Incoming(self.adding.folder) as incoming:
            incoming.write(data)
            return self.adding.file(incoming, name)

    def outcomes(self, *ids):
        *_, last = self.adding.follow(ids)
        return [addition.outcome for addition in last]

    def names(self):
        with self.reading() as store:
            return sorted(entry.sources for entry in store.documents())

    def files(self):
        return sorted(f.name for f in self.adding.folder.rglob("*") if f.is_file())


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    yield made
    made.adding.close()


def test_files_go_in_under_their_own_names_and_stay_at_the_next_ingest(home, tmp_path):
    ids = [home.file(RAIL, "rail.txt"), home.file(PORT, "port.md")]
    assert [(o.name, o.result) for o in home.outcomes(*ids)] == [
        ("rail.txt", "added"),
        ("port.md", "added"),
    ]
    assert home.names() == [("port.md",), ("rail.txt",)]
    other = tmp_path / "docs"
    other.mkdir()
    (other / "rail.txt").write_bytes(PORT + b" " + RAIL)
    home.adding.close()
    with home.open() as store:
        sync((str(other),), store)
        (other / "more.txt").write_bytes(RAIL + b" More.")
        (other / "rail.txt").unlink()
        sync((str(other),), store)
    assert home.names() == [("more.txt",), ("port.md",), ("rail.txt",)]


def test_another_file_of_the_same_name_is_another_document(home):
    home.outcomes(home.file(RAIL, "report.txt"))
    (outcome,) = home.outcomes(home.file(PORT, "report.txt"))
    assert outcome.result == "added"
    assert home.names() == [("report.txt",), ("report.txt",)]
    again, under_another_name = home.outcomes(
        home.file(PORT, "report.txt"), home.file(PORT, "copy.txt")
    )
    assert again.result == "unchanged"
    assert (under_another_name.result, under_another_name.reason) == ("same content", "report.txt")


def test_one_that_cannot_be_read_fails_alone_and_is_not_kept(home):
    ids = [
        home.file(b"no pdf at all", "letter.pdf"),
        home.file(RAIL, "rail.txt"),
        home.file(b"\x00\x01MZ" * 99, "program.exe"),
        home.file(b"", "empty.txt"),
    ]
    bad, good, program, empty = home.outcomes(*ids)
    assert "'letter.pdf' is named or declared a .pdf file, but its bytes are not" in bad.reason
    assert good.result == "added"
    assert "format that is not read (.exe)" in program.reason
    assert "'empty.txt' is empty" in empty.reason
    assert home.files() == ["rail.txt"]
    assert home.names() == [("rail.txt",)]


def test_the_same_bad_file_twice_is_refused_twice_without_a_path(home):
    outcomes = home.outcomes(*[home.file(b"no pdf at all", "letter.pdf") for _ in range(2)])
    assert [outcome.result for outcome in outcomes] == ["failed", "failed"]
    assert not any(str(home.folder) in outcome.reason for outcome in outcomes)
    assert home.files() == []


def test_a_file_that_fails_now_but_is_stored_already_is_kept(home):
    home.outcomes(home.file(RAIL, "rail.txt"))
    with home.alone():
        (outcome,) = home.outcomes(home.file(RAIL, "rail.txt"))
    assert outcome.result == "failed" and "being written by" in outcome.reason
    assert home.files() == ["rail.txt"]
    (outcome,) = home.outcomes(home.file(PORT, "port.txt"))
    assert outcome.result == "added"


def test_the_store_is_let_go_between_changes(home):
    home.outcomes(home.file(RAIL, "rail.txt"))
    home.alone().close()


class Slow(BagEmbedder):
    def __init__(self):
        super().__init__()
        self.go = threading.Event()
        self.began = threading.Event()

    def embed_passages(self, texts):
        self.began.set()
        assert self.go.wait(60)
        return super().embed_passages(texts)


def test_what_waits_what_is_read_and_what_has_arrived_is_told(tmp_path):
    model = Slow()
    home = Home(tmp_path, model)
    ids = [home.file(RAIL, "rail.txt"), home.file(PORT, "port.txt")]
    assert model.began.wait(60)
    told = home.adding.follow(ids)
    assert [(a.name, a.reading, a.outcome) for a in next(told)] == [
        ("rail.txt", True, None),
        ("port.txt", False, None),
    ]
    # others read the store meanwhile
    assert home.names() == []
    model.go.set()
    *_, last = told
    assert [a.outcome.result for a in last] == ["added", "added"]
    assert list(home.adding.follow([])) == [()]
    assert home.adding.states(["unknown", ids[1]]) == last[1:]
    home.adding.close()


def test_what_waits_when_it_closes_is_not_added_and_says_so(tmp_path):
    model = Slow()
    home = Home(tmp_path, model)
    ids = [home.file(RAIL, "rail.txt"), home.file(PORT, "port.txt")]
    assert model.began.wait(60)
    threading.Timer(0.2, model.go.set).start()
    home.adding.close()
    first, second = home.outcomes(*ids)
    assert first.result == "added"
    assert second.result == "failed" and "stopped" in second.reason
    (late,) = home.outcomes(home.file(PORT, "port.txt"))
    assert late.result == "failed"
    assert home.names() == [("rail.txt",)]
    assert home.files() == ["rail.txt"]


class Broken(BagEmbedder):
    def embed_passages(self, texts):
        raise RuntimeError("secret detail")


def test_an_error_that_nobody_foresaw_is_not_shown(tmp_path, caplog):
    home = Home(tmp_path, Broken())
    (outcome,) = home.outcomes(home.file(RAIL, "rail.txt"))
    assert (outcome.result, outcome.reason) == ("failed", UNEXPECTED)
    assert "secret detail" in caplog.text
    assert home.files() == []
    home.adding.close()


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(RAIL)))
        self.end_headers()
        self.wfile.write(RAIL)

    def log_message(self, format, *args):
        pass


@pytest.fixture
def page():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/statement"
    server.shutdown()
    server.server_close()


def test_a_web_page_goes_in_as_with_summit_ingest(home, page):
    (outcome,) = home.outcomes(home.adding.address(page))
    assert (outcome.name, outcome.result) == (page, "added")
    assert home.names() == [(page,)]


def test_a_page_inside_a_network_is_not_fetched_for_others(tmp_path, page):
    home = Home(tmp_path, public_only=True)
    (outcome,) = home.outcomes(home.adding.address(page))
    assert outcome.result == "failed" and "open internet" in outcome.reason
    home.adding.close()


@pytest.mark.parametrize("kind", ["{}", "file://{}", "ftp://a.example/x.txt", "a.example/x", "//x"])
def test_a_path_is_no_web_address(home, tmp_path, kind):
    secret = tmp_path / "secret.txt"
    secret.write_bytes(RAIL)
    (outcome,) = home.outcomes(home.adding.address(kind.format(secret)))
    assert outcome.result == "failed" and "no web address" in outcome.reason
    assert home.opened == 0


def test_a_document_that_is_removed_goes_with_its_kept_files_alone(home, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "rail.txt").write_bytes(RAIL)
    with home.open() as store:
        sync((str(docs),), store)
    ids = [home.file(RAIL, "copy.txt"), home.file(PORT, "port.txt")]
    assert home.outcomes(*ids)[0].result == "same content"
    with home.reading() as store:
        rail = store.find("rail.txt")
    removed = home.adding.remove(rail)
    assert removed.names == ("rail.txt", "copy.txt")
    assert removed.folders == (str(docs.resolve()),)
    assert home.names() == [("port.txt",)]
    assert home.files() == ["port.txt"]
    assert (docs / "rail.txt").exists()
    with pytest.raises(UnknownDocument):
        home.adding.remove(rail)


def test_a_model_that_yields_embeds_the_same_and_lets_others_between():
    model = BagEmbedder()
    calls = []

    class Counting(BagEmbedder):
        def embed_passages(self, texts):
            calls.append(len(texts))
            return super().embed_passages(texts)

    texts = [f"{'word ' * (n % 7)}{n}" for n in range(100)]
    yielding = Yielding(Counting())
    assert (yielding.embed_passages(texts) == model.embed_passages(texts)).all()
    assert calls == [32, 32, 32, 4]
    assert (yielding.name, yielding.dimension) == ("bag", 64)
    assert yielding.fingerprint == model.fingerprint
