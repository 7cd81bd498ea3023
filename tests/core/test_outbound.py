"""What users tell us to call is never an address of our own network."""

from __future__ import annotations

import ipaddress

import pytest

from core.errors import InvalidInput
from core.outbound.addresses import (
    Endpoint,
    Forbidden,
    Resolver,
    endpoint,
    may_reach,
    networks,
    resolve,
    system_resolver,
)

OWN_NETWORKS = """
127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254
169.254.0.1 100.64.0.1 100.100.100.200 192.0.0.8 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1 :: ::1
::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1 2002:7f00:1:: 2002:a9fe:a9fe:: 2001::1
2001:0:7f00:1:: 2001:db8::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 ff0e::1 100::1
"""
PRIVATE = OWN_NETWORKS.split()
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::200e"]


@pytest.mark.parametrize("text", PRIVATE)
def test_no_address_of_a_network_of_our_own_may_be_reached(text: str) -> None:
    assert not may_reach(ipaddress.ip_address(text), [])


@pytest.mark.parametrize("text", PUBLIC)
def test_addresses_of_the_internet_may_be_reached(text: str) -> None:
    assert may_reach(ipaddress.ip_address(text), [])


def test_an_allowed_network_may_be_reached_and_its_neighbour_not() -> None:
    allowed = networks(["10.1.0.0/16", "::1/128"], field="networks")

    assert may_reach(ipaddress.ip_address("10.1.2.3"), allowed)
    assert may_reach(ipaddress.ip_address("::1"), allowed)
    assert not may_reach(ipaddress.ip_address("10.2.0.1"), allowed)
    with pytest.raises(InvalidInput, match=r"10\.1\.0\.1/16"):
        networks(["10.1.0.1/16"], field="networks")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "gopher://hooks.example/",
        "//hooks.example/",
        "hooks.example",
        "https://",
        "https:///path",
        "https://user:word@hooks.example/",
        "https://user@hooks.example/",
        "https://hooks.example@127.0.0.1/",
        "https://hooks.example/#part",
        "https://hooks.example:0/",
        "https://hooks.example:65536/",
        "https://hooks.example:port/",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: y",
        "https://hooks.example/\x00",
        "https://hooks.example\\@127.0.0.1/",
        "https://höoks.example/",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://hooks.example/" + "x" * 2_000,
    ],
)
def test_an_address_that_may_not_be_called_is_refused_before_anything_is_looked_up(
    url: str,
) -> None:
    with pytest.raises(InvalidInput) as refused:
        endpoint(url, field="url", plain_http=False, allowed=[])

    assert refused.value.errors[0].field == "url"


def test_a_good_address_is_taken_apart() -> None:
    found = endpoint("https://Hooks.example:8443/a?b=c", field="url", plain_http=False, allowed=[])

    assert found == Endpoint("https", "hooks.example", 8443, "/a?b=c")
    assert found.authority == "hooks.example:8443"
    plain = endpoint("http://hooks.example", field="url", plain_http=True, allowed=[])
    assert (plain.port, plain.path, plain.authority) == (80, "/", "hooks.example")


def giving(*addresses: str) -> Resolver:
    """A resolver that knows these addresses for every name."""
    return lambda host, port: list(addresses)


HOOKS = Endpoint("https", "hooks.example", 443, "/")


@pytest.mark.parametrize("private", PRIVATE)
def test_a_name_with_one_address_of_our_own_is_refused_whichever_comes_first(private: str) -> None:
    for answer in ([private], ["8.8.8.8", private], [private, "8.8.8.8"]):
        with pytest.raises(Forbidden, match="no address of the Internet"):
            resolve(HOOKS, allowed=[], resolver=giving(*answer))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1", "localhost"])
def test_odd_spellings_of_this_machine_are_refused_when_they_are_looked_up(host: str) -> None:
    target = endpoint(f"https://{host}/", field="url", plain_http=False, allowed=[])

    with pytest.raises((Forbidden, OSError)):
        resolve(target, allowed=[], resolver=system_resolver)


def test_a_public_name_is_connected_to_by_its_first_address() -> None:
    found = resolve(HOOKS, allowed=[], resolver=giving("8.8.8.8", "1.1.1.1"))

    assert str(found) == "8.8.8.8"
    with pytest.raises(OSError, match="no address"):
        resolve(HOOKS, allowed=[], resolver=giving())
