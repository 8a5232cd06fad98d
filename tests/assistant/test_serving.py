"""How serving the page ends."""

import asyncio
import socket

from gradio import utils
from page_site import models

from assistant.assistant import Assistant
from assistant.serving import ChatPage
from vectorstore import Store


class InItsLoop(asyncio.Event):
    """An event that, as asyncio asks, is set in its own loop alone."""

    def set(self):
        if not self.is_set():
            asyncio.get_running_loop()
        super().set()


def test_open_streams_end_with_the_page_and_in_their_own_loop(tmp_path, monkeypatch):
    monkeypatch.setattr(utils, "safe_get_stop_event", InItsLoop)
    embedder, ranker = models()
    Store.open(tmp_path, embedder=embedder, mode="write").close()
    with (
        Store.open(tmp_path, embedder=embedder) as store,
        ChatPage(Assistant(store, embedder, ranker), host="127.0.0.1", port=0) as page,
    ):
        host = page.url.removeprefix("http://")
        stream = socket.create_connection(host.split(":"), timeout=60)
        stream.sendall(f"GET /gradio_api/heartbeat/a HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        with stream, stream.makefile("rb") as lines:
            assert any(b"ALIVE" in line for line in lines)
            page.close()
            assert lines.read().endswith(b"0\r\n\r\n")


def test_a_page_that_is_closed_can_be_closed_again(tmp_path):
    embedder, ranker = models()
    Store.open(tmp_path, embedder=embedder, mode="write").close()
    with Store.open(tmp_path, embedder=embedder) as store:
        page = ChatPage(Assistant(store, embedder, ranker), host="127.0.0.1", port=0)
        page.close()
        page.close()
