import asyncio

import pytest

from assistant.guard import Guard, Shut


def asked(host, *, served="127.0.0.1", method="GET", path="/", **more):
    """The status and headers that a request with this Host, and `more` headers, gets."""

    async def app(scope, receive, send):
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"private"})

    sent = []

    async def send(message):
        sent.append(message)

    named = {"host": host, **more}
    headers = [
        (name.replace("_", "-").encode(), value.encode())
        for name, value in named.items()
        if value is not None
    ]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    asyncio.run(Guard(Shut(app), host=served)(scope, None, send))
    start, body = sent
    assert (body["body"] == b"private") == (start["status"] == 200)
    return start["status"], dict(start["headers"])


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860"])
def test_this_computer_is_answered(host):
    assert asked(host)[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[", None]
)
def test_a_name_from_elsewhere_is_not(host):
    assert asked(host)[0] == 421


def test_another_loopback_address_is_answered_when_served_there():
    assert asked("127.0.0.2:80", served="127.0.0.2")[0] == 200
    assert asked("127.0.0.2:80")[0] == 421


def test_every_answer_forbids_other_hosts():
    for host in ("localhost", "evil.example"):
        headers = asked(host)[1]
        policy = headers[b"content-security-policy"].decode()
        assert "default-src 'self'" in policy
        assert "http" not in policy and "*" not in policy
        assert headers[b"referrer-policy"] == b"no-referrer"
        assert headers[b"content-type"]


def test_any_name_is_answered_where_a_password_is_asked_for():
    for host in ("server.lan:7860", "192.168.1.7", "chat.example.org"):
        assert asked(host, served=None)[0] == 200


HOST = "localhost:7860"


@pytest.mark.parametrize("origin", ["http://localhost:7860", "HTTP://LOCALHOST:7860", None])
def test_our_own_page_and_programs_may_act(origin):
    assert asked(HOST, method="POST", origin=origin)[0] == 200


@pytest.mark.parametrize(
    "more",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "http://localhost:7860.evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": ""},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_page_from_elsewhere_may_not_act(method, more):
    assert asked(HOST, method=method, **more)[0] == 403


def test_a_page_from_elsewhere_may_link_here():
    assert asked(HOST, origin="http://evil.example", sec_fetch_site="cross-site")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api//file=/etc/passwd",
        "//gradio_api/proxy=http://evil.example",
        "/gradio_api/stream/a/b/c/playlist-file",
        "/gradio_api/component_server",
        "/upload",
        "/file=/etc/passwd",
        "/gradio_api/vibe-code/",
        "/gradio_api/file=/a\nb",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_file_is_taken_kept_or_handed_out(method, path):
    assert asked(HOST, method=method, path=path)[0] == 404


@pytest.mark.parametrize(
    "path", ["/", "/gradio_api/queue/join", "/assets/upload.js", "/static/file.css", "/documents"]
)
def test_what_the_page_needs_is_served(path):
    assert asked(HOST, path=path)[0] == 200


def test_a_websocket_is_closed():
    sent = []

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        raise AssertionError("it is not to get here")

    scope = {"type": "websocket", "headers": [(b"host", b"localhost")], "path": "/"}
    asyncio.run(Guard(app, host="localhost")(scope, None, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
