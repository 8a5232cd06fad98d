import asyncio

import pytest

from assistant.guard import Guard


def asked(host, *, served="127.0.0.1"):
    """The status and headers that a request with this Host gets."""

    async def app(scope, receive, send):
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"private"})

    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"host", host.encode())] if host is not None else []
    scope = {"type": "http", "headers": headers}
    asyncio.run(Guard(app, host=served)(scope, None, send))
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
