import socket

import pytest

from assistant.address import PageError, check_host, free_port, is_any, is_here
from assistant.password import Credentials

HERE = ["127.0.0.1", "127.3.2.1", "::1", "localhost"]
ELSEWHERE = ["0.0.0.0", "::", "192.168.1.7", "example.org", "localhost."]


@pytest.mark.parametrize("host", HERE)
def test_this_computer_is_let_in(host):
    check_host(host)
    assert is_here(host) and not is_any(host)


@pytest.mark.parametrize("host", [*ELSEWHERE, ""])
def test_every_other_address_is_refused_by_name(host):
    with pytest.raises(PageError, match=f"{host!r} without a password"):
        check_host(host)
    assert not is_here(host)


@pytest.mark.parametrize("host", [*HERE, *ELSEWHERE])
def test_with_a_password_every_address_is_let_in(host):
    check_host(host, Credentials("anna", "word"))


def test_no_address_is_none():
    with pytest.raises(PageError):
        check_host("", Credentials("anna", "word"))


def test_two_addresses_stand_for_all():
    assert [host for host in (*HERE, *ELSEWHERE, "") if is_any(host)] == ["0.0.0.0", "::"]


def test_a_free_port_can_be_taken():
    port = free_port("127.0.0.1")
    with socket.create_server(("127.0.0.1", port)) as taken:
        assert taken.getsockname()[1] == port
