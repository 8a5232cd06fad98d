import socket

import pytest

from assistant.address import PageError, check_host, free_port


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_this_computer_is_let_in(host):
    check_host(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", "", "localhost."])
def test_every_other_address_is_refused_by_name(host):
    with pytest.raises(PageError, match="no password"):
        check_host(host)


def test_a_free_port_can_be_taken():
    port = free_port("127.0.0.1")
    with socket.create_server(("127.0.0.1", port)) as taken:
        assert taken.getsockname()[1] == port
