"""Which addresses may be spoken to.

An address is refused unless it is plainly one of the public Internet: ``ipaddress.is_global``
alone also passes multicast and the forms of IPv6 that carry an IPv4 address, 127.0.0.1 included.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import SplitResult, urlsplit

from core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver: TypeAlias = "Callable[[str, int], Sequence[str]]"

MAX_URL = 2_000
UNWANTED = re.compile(r"[^\x21-\x7e]|[\\\"<>^`{|}]")
PORTS = {"https": 443, "http": 80}
NOT_PUBLIC: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "2001::/23",  # protocol assignments, Teredo among them
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local, of old
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's platform, which answers its virtual machines
    )
)


@dataclass(frozen=True)
class Endpoint:
    """A checked URL: ``path`` with its query; ``host`` as it stands in the URL, in ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return what the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


class Forbidden(RuntimeError):
    """The name stands for an address that must not be spoken to."""


def endpoint(url: str, *, field: str, plain_http: bool, allowed: Sequence[Network]) -> Endpoint:
    """Return the parts of ``url``; raises InvalidInput that says what is wrong with it.

    No name is looked up: that is done, and checked, when something is sent. An address that is
    written out is checked here already.
    """
    if len(url) > MAX_URL:
        raise InvalidInput.of(field, f"must have at most {MAX_URL} characters")
    if UNWANTED.search(url):
        raise InvalidInput.of(field, "must hold ASCII characters of a URL only; encode others")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidInput.of(field, f"is no URL: {error}") from error
    _require_shape(parts, host, port, field=field, plain_http=plain_http)
    if (literal := _literal(host)) and not may_reach(literal, allowed):
        raise InvalidInput.of(field, f"{host} is no address of the public Internet")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(parts.scheme, host, port or PORTS[parts.scheme], path)


def _require_shape(
    parts: SplitResult, host: str, port: int | None, *, field: str, plain_http: bool
) -> None:
    schemes = ("https", "http") if plain_http else ("https",)
    if parts.scheme not in schemes:
        raise InvalidInput.of(field, f"must start with {' or '.join(f'{s}://' for s in schemes)}")
    if not host or len(host) > 253 or "%" in host:
        raise InvalidInput.of(field, "must name a host")
    if port == 0:
        raise InvalidInput.of(field, "must have a port from 1 to 65535")
    if "@" in parts.netloc:
        raise InvalidInput.of(field, "must not hold a user name or password")
    if parts.fragment:
        raise InvalidInput.of(field, "must not have a fragment")


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def may_reach(address: Address, allowed: Sequence[Network]) -> bool:
    """Tell whether ``address`` is public, or in one of the ``allowed`` networks."""
    if any(address in network for network in allowed):
        return True
    is_unusual = address.is_multicast or address.is_reserved or address.is_unspecified
    is_local = address.is_loopback or address.is_link_local or address.is_private
    if is_unusual or is_local or not address.is_global:
        return False
    return not any(address in network for network in NOT_PUBLIC)


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses that the system gives for ``host``; raises OSError for none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(item[4][0]) for item in found]


def resolve(target: Endpoint, *, allowed: Sequence[Network], resolver: Resolver) -> Address:
    """Look the host up once and return the address to connect to.

    Raises Forbidden if any of its addresses must not be spoken to: a name with a public and a
    private address is refused, whichever comes first. Raises OSError if there is none.
    """
    texts = resolver(target.host, target.port)
    addresses = [ipaddress.ip_address(text) for text in dict.fromkeys(texts)]
    if not addresses:
        raise OSError(f"{target.host} has no address")
    for address in addresses:
        if not may_reach(address, allowed):
            raise Forbidden(f"{target.host} stands for {address}, no address of the Internet")
    return addresses[0]


def networks(texts: Sequence[str], *, field: str) -> tuple[Network, ...]:
    """Return the networks that ``texts`` spell; raises InvalidInput for anything else."""
    try:
        return tuple(ipaddress.ip_network(text) for text in texts)
    except ValueError as error:
        raise InvalidInput.of(field, str(error)) from error
