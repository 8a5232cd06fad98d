"""A language model's server on loopback that answers as a test tells it, in the OpenAI protocol."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-loopback-3f9a1c77"
MODEL = "scripted"


@dataclass(frozen=True)
class Reply:
    """What comes back for one request.

    With `stall` nothing does until the test is over; with `drip` a space now and then.
    """

    text: str = ""
    status: int = 200
    body: str | None = None  # in place of what the protocol makes of `text`
    stall: bool = False
    drip: bool = False

    def sent(self) -> bytes:
        if self.body is not None:
            return self.body.encode()
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        whole = {"id": "1", "object": "chat.completion", "created": 0, "model": MODEL}
        return json.dumps({**whole, "choices": [choice]}).encode()


@dataclass
class Scripted:
    """A running server: its address, and what it was asked (path, headers, body)."""

    url: str
    answer: Callable[[str], Reply]
    asked: list[tuple[str, dict[str, str], dict]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def error(status: int, message: str) -> Reply:
    """A refusal in the protocol's form."""
    return Reply(status=status, body=json.dumps({"error": {"message": message, "code": None}}))


@contextmanager
def serving(answer: Callable[[str], Reply]):
    """The server, while the block runs; `answer` gives the reply to a prompt."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    script = Scripted(f"http://127.0.0.1:{server.server_address[1]}/v1", answer)
    server.script = script
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        script.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        script = self.server.script
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script.asked.append((self.path, dict(self.headers), body))
        reply = script.answer(body["messages"][-1]["content"])
        if reply.stall:
            script.over.wait()
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        if reply.drip:
            self._drip(script)
            return
        self.send_header("Content-Length", str(len(reply.sent())))
        self.end_headers()
        self.wfile.write(reply.sent())

    def _drip(self, script):
        self.end_headers()
        try:
            while not script.over.wait(0.05):
                self.wfile.write(b" ")
        except OSError:
            pass  # the client has gone

    def log_message(self, *arguments):
        """Nothing on the terminal."""
