"""Collectors of syslog: over TCP with and without TLS, and of datagrams."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

MESSAGE = re.compile(
    rb"<(?P<priority>\d{1,3})>1 (?P<time>\S+) (?P<host>\S+) (?P<app>\S+) (?P<process>\S+) "
    rb"(?P<kind>\S+) (?P<data>\[(?:[^\]\\]|\\.)*\]) (?P<text>.*)\Z",
    re.DOTALL,
)


@dataclass
class Collector:
    """What came, in order; ``reset_first`` connections are reset in the middle."""

    port: int = 0
    messages: list[bytes] = field(default_factory=list)
    reset_first: int = 0
    connections: int = 0

    @property
    def parsed(self) -> list[dict[str, str]]:
        """Each message in its parts; raises AssertionError for one that RFC 5424 does not know."""
        found = []
        for message in self.messages:
            match = MESSAGE.match(message)
            assert match, message
            found.append({name: part.decode() for name, part in match.groupdict().items()})
        return found

    def take(self, opened: socket.socket) -> None:
        """Read a connection to its end: each message behind its length in octets (RFC 6587)."""
        self.connections += 1
        data = b""
        while part := opened.recv(65_536):
            data += part
            if self.connections <= self.reset_first:
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                return
        while data:
            length, _, rest = data.partition(b" ")
            self.messages.append(rest[: int(length)])
            assert len(rest) >= int(length)
            data = rest[int(length) :]


@contextmanager
def collecting(tls: ssl.SSLContext | None = None, *, port: int = 0) -> Iterator[Collector]:
    """Listen on a port of this machine."""
    collector = Collector()
    with socket.create_server(("127.0.0.1", port)) as server:
        collector.port = server.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    plain, _ = server.accept()
                    with suppress(OSError), plain:
                        if tls is None:
                            collector.take(plain)
                            continue
                        with tls.wrap_socket(plain, server_side=True) as secure:
                            collector.take(secure)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield collector
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@contextmanager
def collecting_datagrams() -> Iterator[Collector]:
    """Take datagrams on a port of this machine."""
    collector = Collector()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        collector.port = server.getsockname()[1]
        yield collector
        server.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                collector.messages.append(server.recv(65_536))
