import asyncio
import json

import pytest
from store_samples import BagEmbedder

from assistant.adding import Adding
from assistant.receiving import PATH, Receiving
from assistant.writer import Writer
from vectorstore import Store

TEXT = b"The ministers agreed to spend 340 million crowns on the coastal railway until 2026."


@pytest.fixture
def adding(tmp_path):
    def opened():
        return Store.open(tmp_path / "store", embedder=BagEmbedder(), mode="write")

    made = Adding(Writer(opened), tmp_path / "store", max_bytes=1000)
    yield made
    made.close()


def asked(adding, *pieces, name="rail.txt", method="POST", path=PATH, gone=False, **headers):
    """Status and body that a request gets, and how many of its pieces were read."""
    read = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})

    async def receive():
        at = len(read)
        if at == len(pieces) and gone:
            return {"type": "http.disconnect"}
        read.append(pieces[at])
        more = at + 1 < len(pieces) or gone
        return {"type": "http.request", "body": pieces[at], "more_body": more}

    sent = []

    async def send(message):
        sent.append(message)

    named = {"x-file-name": name, **headers}
    raw = [
        (key.replace("_", "-").encode(), value.encode())
        for key, value in named.items()
        if value is not None
    ]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}
    asyncio.run(Receiving(app, adding=adding)(scope, receive, send))
    status = sent[0]["status"] if sent else None
    return status, sent[1]["body"] if sent else b"", len(read)


def test_a_file_that_arrives_in_pieces_is_added(adding, tmp_path):
    status, body, _ = asked(adding, TEXT[:10], b"", TEXT[10:], content_length=str(len(TEXT)))
    assert status == 202
    *_, (addition,) = adding.follow([json.loads(body)["id"]])
    assert (addition.name, addition.outcome.result) == ("rail.txt", "added")
    with Store.open(tmp_path / "store", embedder=BagEmbedder()) as store:
        assert store.document(store.find("rail.txt")).text == TEXT.decode()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("..%2F..%2Fx.txt", "x.txt"),
        ("a%00b%E2%80%AE.txt", "ab.txt"),
        ("%FF%FE.txt", "\ufffd\ufffd.txt"),
        ("caf%C3%A9.txt", "café.txt"),
    ],
)
def test_a_name_is_made_safe(adding, name, safe):
    _, body, _ = asked(adding, TEXT, name=name)
    (addition,) = adding.states([json.loads(body)["id"]])
    assert addition.name == safe
    *_, last = adding.follow([addition.id])
    assert last[0].outcome.result == "added"
    assert [f.name for f in adding.folder.rglob("*") if f.is_file()] == [safe]


def left(adding):
    return list(adding.folder.rglob("*")) if adding.folder.exists() else []


def test_a_file_that_says_it_is_too_large_is_not_even_read(adding):
    for declared in ("1001", "99999999999", "many", "-1"):
        status, body, read = asked(adding, b"x", content_length=declared)
        assert (status, read) == (413, 0)
        assert b"1,000 bytes" in body
    assert left(adding) == []


def test_a_file_that_grows_too_large_is_stopped(adding):
    status, _, read = asked(adding, *[b"x" * 300] * 100)
    assert (status, read) == (413, 4)
    assert left(adding) == []


def test_a_file_of_just_the_largest_size_is_taken(adding):
    assert asked(adding, b"x" * 1000, content_length="1000")[0] == 202


def test_a_file_that_breaks_off_is_not_kept(adding):
    assert asked(adding, TEXT, gone=True)[0] is None
    assert left(adding) == []


def test_other_requests_are_none_of_its_business(adding):
    assert asked(adding, method="GET")[0] == 405
    assert asked(adding, TEXT, name=None)[0] == 400
    assert asked(adding, path="/documents/x")[0] == 299
    assert asked(adding, path="/")[:2] == (299, b"page")
    assert left(adding) == []


def test_a_disk_that_is_full_is_named(adding, monkeypatch):
    def full(self, piece):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assistant.uploads.Incoming.write", full)
    status, body, _ = asked(adding, TEXT)
    assert status == 507 and b"No space left" in body
    assert left(adding) == []
