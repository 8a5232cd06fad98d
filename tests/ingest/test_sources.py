"""Folders, files and URLs become sources; their bytes arrive whole or not at all."""

import gzip
import os
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from ingest.extract import ReadError
from ingest.sources import Source, SourceError, find, find_skipped, load


class Site(BaseHTTPRequestHandler):
    """A few pages, good and bad; keeps the paths that were asked for and who hangs up."""

    asked: ClassVar[list[str]] = []
    left: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/loop"):
            number = int(self.path[5:] or 0)
            self._answer(302, b"", location=f"/loop{number + 1}")
        elif self.path.startswith("/hop"):
            number = int(self.path[4:])
            self._answer(302, b"", location=f"/hop{number - 1}" if number > 1 else "/page")
        elif self.path == "/away":
            self._answer(302, b"", location="file:///etc/hostname")
        elif self.path == "/page":
            self._answer(
                200, b'<p>Hello <a href="/secret">link</a></p>', kind="text/html; charset=x"
            )
        elif self.path == "/bomb":
            self._answer(200, gzip.compress(b"0" * 5_000_000), encoding="gzip")
        elif self.path == "/garbled":
            self._answer(200, b"this is no gzip", encoding="gzip")
        elif self.path == "/slow":
            self._drip()
        elif self.path == "/short":
            self._answer(200, b"cut", length=1000)
        else:
            self._answer(404, b"no such page")

    def _answer(
        self,
        status: int,
        body: bytes,
        *,
        location: str = "",
        kind: str = "text/plain",
        encoding: str = "",
        length: int | None = None,
    ) -> None:
        self.send_response(status)
        for key, value in {
            "Location": location,
            "Content-Type": kind,
            "Content-Encoding": encoding,
            "Content-Length": str(len(body) if length is None else length),
        }.items():
            if value:
                self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            try:
                self.wfile.write(b"x")
            except OSError:
                self.left.set()
                return
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")


def names(folder: Path) -> list[str]:
    return [source.name for source in find(str(folder))]


def test_a_folder_gives_its_documents_in_order(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a.md", "sub/deep/c.HTML", "sub/a b.pdf", "x.xlsx", "sub/Makefile")
    write(tmp_path, ".hidden.txt", ".git/a.txt", "~$lock.docx")

    assert names(tmp_path) == ["a.md", "b.txt", "sub/a b.pdf", "sub/deep/c.HTML"]
    assert find_skipped(str(tmp_path)) == ("sub/Makefile", "x.xlsx")
    source = find(str(tmp_path))[3]
    assert source.root == str(tmp_path.resolve())
    assert source.location == str(tmp_path.resolve() / "sub/deep/c.HTML")
    assert not source.is_url


def test_a_folder_is_the_same_however_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "docs/a.txt")
    (tmp_path / "link").symlink_to("docs")
    monkeypatch.chdir(tmp_path)

    assert find("docs") == find("./docs/") == find("docs/../link") == find(str(tmp_path / "docs"))


def test_links_are_followed_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path / "docs", "a.txt", "sub/b.txt")
    write(tmp_path / "other", "c.txt")
    (tmp_path / "docs/sub/up").symlink_to("..")
    (tmp_path / "docs/self").symlink_to(".")
    (tmp_path / "docs/other").symlink_to(tmp_path / "other")
    (tmp_path / "docs/broken.txt").symlink_to("nowhere")

    assert names(tmp_path / "docs") == ["a.txt", "other/c.txt", "sub/b.txt"]


def test_a_file_by_itself(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.xyz")

    assert find(str(tmp_path / "sub/a.xyz")) == (
        Source(str(tmp_path.resolve() / "sub/a.xyz"), "", "a.xyz"),
    )


def test_names_that_are_no_utf_8_can_be_stored(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_bytes(b"text")
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")

    (source,) = find(str(tmp_path))

    assert source.name == "caf\ufffd.txt"
    assert load(source) == (b"text", None)


def test_what_names_nothing_is_a_usage_error(tmp_path: Path) -> None:
    write(tmp_path, "only.xlsx")

    with pytest.raises(SourceError, match=r"'.*/missing' does not exist. Name a folder"):
        find(str(tmp_path / "missing"))
    with pytest.raises(SourceError, match=r"holds no file that can be read.*\.docx"):
        find(str(tmp_path))


@pytest.mark.parametrize(
    "argument", ["ftp://x.example/a", "file:///etc/passwd", "http://", "http://[x/"]
)
def test_addresses_that_are_not_of_the_web(argument: str) -> None:
    with pytest.raises(SourceError, match="is no web address"):
        find(argument)


def test_a_url_is_named_without_password_and_fragment() -> None:
    (source,) = find("https://me:secret@x.example/a?b=c#d")

    assert source == Source("https://me:secret@x.example/a?b=c", "", "https://x.example/a?b=c")
    assert source.is_url


def test_a_file_is_loaded_within_the_limit(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (source,) = find(str(tmp_path))

    assert load(source, max_bytes=4) == (b"text", None)
    with pytest.raises(ReadError, match=r"'a.txt' has more than the 3 bytes"):
        load(source, max_bytes=3)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(ReadError, match=r"'a.txt' cannot be opened \(No such file"):
        load(source)


def test_a_page_is_loaded_with_its_type_and_its_links_are_not(site: str) -> None:
    (source,) = find(f"{site}/page")

    assert load(source) == (b'<p>Hello <a href="/secret">link</a></p>', "text/html; charset=x")
    assert Site.asked == ["/page"]


def test_five_redirects_are_followed_and_six_are_not(site: str) -> None:
    data, _ = load(find(f"{site}/hop5")[0])
    assert data.startswith(b"<p>Hello")

    with pytest.raises(ReadError, match="redirects more than 5 times"):
        load(find(f"{site}/hop6")[0])
    with pytest.raises(ReadError, match="redirects more than 5 times"):
        load(find(f"{site}/loop")[0])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing", r"refused by its server \(404 Not Found\)"),
        ("/away", "cannot be reached"),
        ("/garbled", "cannot be reached"),
        ("/short", "cannot be reached"),
        ("/bomb", "has more than the 1,000,000 bytes"),
    ],
)
def test_a_page_that_cannot_be_had_whole_is_named(site: str, path: str, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        load(find(site + path)[0], max_bytes=1_000_000)

    assert repr(site + path) in str(caught.value)


def test_the_time_limit_is_for_the_whole_transfer(site: str) -> None:
    with pytest.raises(ReadError, match=r"did not arrive within 0.5 seconds"):
        load(find(f"{site}/slow")[0], timeout_seconds=0.5)

    assert Site.left.wait(10)  # it went before all had come


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(ReadError, match=r"'http://127.0.0.1:\d+/' cannot be reached"):
        load(find(f"http://127.0.0.1:{port}/")[0], timeout_seconds=5)


def test_where_somebody_else_names_it_no_address_inside_a_network_is_asked(site: str) -> None:
    (source,) = find(f"{site}/page")
    with pytest.raises(ReadError, match=r"'127\.0\.0\.1', which is not in the open internet"):
        load(source, public_only=True)
    assert Site.asked == []
    assert load(source)[0]


def test_a_redirect_leads_to_no_address_inside_a_network(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = find(f"{site}/hop2")
    monkeypatch.setattr("ingest.sources.is_public", lambda url: url.endswith("/hop2"))
    with pytest.raises(ReadError, match="not in the open internet"):
        load(source, public_only=True)
    assert Site.asked == ["/hop2"]
