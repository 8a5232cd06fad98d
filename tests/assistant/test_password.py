import asyncio
import base64
import threading

import pytest

from assistant.password import STARTING, Credentials, Password

RIGHT = Credentials("anna", "pass:wörd")


def basic(written, kind="Basic"):
    return f"{kind} {base64.b64encode(written.encode()).decode()}"


def asked(authorization=None, *, path="/", served=True, credentials=RIGHT):
    """The status, headers and body that a request gets."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"private"})

    sent = []

    async def send(message):
        sent.append(message)

    event = threading.Event()
    if served:
        event.set()
    headers = [] if authorization is None else [(b"authorization", authorization.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    asyncio.run(Password(app, credentials=credentials, served=event)(scope, None, send))
    start, body = sent
    return start["status"], dict(start["headers"]), body["body"]


def test_the_right_password_opens_everything():
    for kind in ("Basic", "basic", "BASIC"):
        assert asked(basic("anna:pass:wörd", kind))[0] == 200


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Basic %%%",
        "Basic anna:pass:wörd",
        basic("anna:pass"),
        basic("anna:"),
        basic("anna"),
        basic("Anna:pass:wörd"),
        basic("anna:pass:wörd "),
        basic("anna:pass:wörd", "Bearer"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/config", "/assets/index.js", STARTING, "/documents"])
def test_nothing_is_served_without_it(authorization, path):
    status, headers, body = asked(authorization, path=path)
    assert (status, headers[b"cache-control"]) == (401, b"no-store")
    assert headers[b"www-authenticate"].startswith(b'Basic realm="')
    assert b"private" not in body and b"wrd" not in body


def test_while_it_starts_only_the_server_s_own_address_is_answered():
    assert asked(path=STARTING, served=False)[0] == 200
    assert asked(path="/", served=False)[0] == 401
    assert asked(path=STARTING + "/x", served=False)[0] == 401


def test_credentials_are_read_and_never_shown():
    assert Credentials.parse("anna:pass:wörd") == RIGHT
    assert "wörd" not in repr(RIGHT) and "wörd" not in str(RIGHT)
    for written in ("", "anna", "anna:", ":word", ":"):
        assert Credentials.parse(written) is None
