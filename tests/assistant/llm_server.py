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

    With `stall` nothing does until the test is over; with `drip` a space now and then. Where a
    stream is asked for, the text comes in `pieces` of so many characters, and `then` is how it
    goes on: to its "end" (for the reason `finish`), or it is "cut", "stalls", "drips" comments,
    becomes "broken", tells an "error", or begins anew and is "endless".
    """

    text: str = ""
    status: int = 200
    body: str | None = None  # in place of what the protocol makes of `text`
    stall: bool = False
    drip: bool = False
    pieces: int = 7
    then: str = "end"
    finish: str = "stop"

    def sent(self) -> bytes:
        if self.body is not None:
            return self.body.encode()
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        whole = {"id": "1", "object": "chat.completion", "created": 0, "model": MODEL}
        return json.dumps({**whole, "choices": [choice]}).encode()

    def frames(self):
        """The stream's events, as bytes."""
        starts = range(0, len(self.text), self.pieces)
        yield frame(role="assistant")
        yield from (frame(content=self.text[at : at + self.pieces]) for at in starts)
        while self.then == "endless":
            yield from (frame(content=self.text[at : at + self.pieces]) for at in starts)
        if self.then == "broken":
            yield b'data: {"choices": [{"delta": {"cont\n\n'
        if self.then == "error":
            yield b'data: {"error": {"message": "Out of memory for ' + KEY.encode() + b'"}}\n\n'
        if self.then == "end":
            yield frame(self.finish) + b"data: [DONE]\n\n"


def frame(finish=None, **delta) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    whole = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": MODEL}
    return f"data: {json.dumps({**whole, 'choices': [choice]})}\n\n".encode()


@dataclass
class Scripted:
    """A running server: its address, and what it was asked (path, headers, body).

    `left` is set when a client has gone before the end of a stream.
    """

    url: str
    answer: Callable[[str], Reply]
    asked: list[tuple[str, dict[str, str], dict]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)


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
        if body.get("stream") and reply.status == 200 and reply.body is None:
            self._stream(script, reply)
            return
        self.send_header("Content-Type", "application/json")
        if reply.drip:
            self._drip(script, b" ")
            return
        self.send_header("Content-Length", str(len(reply.sent())))
        self.end_headers()
        self.wfile.write(reply.sent())

    def _stream(self, script, reply):
        self.send_header("Content-Type", "text/event-stream")
        if reply.drip:
            self._drip(script, b": still here\n\n")
            return
        self.end_headers()
        try:
            for sent in reply.frames():
                self.wfile.write(sent)
                if script.over.is_set():
                    return
        except OSError:
            script.left.set()
        if reply.then == "stalls":
            # nothing is sent, so that only a closed connection can be read
            self.connection.settimeout(0.05)
            while not script.over.is_set():
                try:
                    if self.connection.recv(1) == b"":
                        script.left.set()
                        return
                except TimeoutError:
                    continue
        if reply.then == "drips":
            self._drips(script, b": still here\n\n")

    def _drip(self, script, what):
        self.end_headers()
        self._drips(script, what)

    def _drips(self, script, what):
        try:
            while not script.over.wait(0.05):
                self.wfile.write(what)
        except OSError:
            script.left.set()  # the client has gone

    def log_message(self, *arguments):
        """Nothing on the terminal."""
