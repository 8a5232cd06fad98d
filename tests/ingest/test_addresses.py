"""Only addresses of the open internet count as public."""

import pytest

from ingest.addresses import is_public


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.9.9.9", "[::1]", "localhost", "0.0.0.0", "[::]", "2130706433"),
        *("10.0.0.1", "172.16.5.4", "192.168.1.7", "100.64.0.1", "[fd00::1]"),
        *("169.254.169.254", "[fe80::1]", "224.0.0.1", "[ff02::1]", "240.0.0.1"),
        *("[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "192.0.2.1", "0x7f000001"),
    ],
)
def test_addresses_inside_a_network_are_not_public(host: str) -> None:
    assert not is_public(f"http://{host}:8080/page")


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700:4700::1111]", "[::ffff:8.8.8.8]"])
def test_addresses_of_the_internet_are_public(host: str) -> None:
    assert is_public(f"https://{host}/page")


@pytest.mark.parametrize("url", ["http://", "http://[/", "http://a:99999/", "", "/etc/hosts"])
def test_what_has_no_address_is_not_public(url: str) -> None:
    assert not is_public(url)
