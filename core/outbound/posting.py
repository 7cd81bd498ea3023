"""Post bytes to a checked address, within bounds of time and size.

The connection goes to the very address that was checked, so that a name which changes its meaning
between check and connect gains nothing. Redirects are not followed, and no proxy of the
environment is asked.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.outbound.addresses import Forbidden, resolve, system_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.outbound.addresses import Address, Endpoint, Network, Resolver


@dataclass(frozen=True)
class Limits:
    """Seconds for connecting and for everything; bytes of the answer that are read, of its start
    or, with ``whole_answer``, until its end."""

    connect_seconds: float = 5.0
    total_seconds: float = 10.0
    answer_bytes: int = 1_024
    whole_answer: bool = False


@dataclass(frozen=True)
class Reply:
    """What came back: a status and the start of the answer, or an error and no status."""

    status: int | None
    body: bytes
    error: str
    milliseconds: int


class _Pinned(http.client.HTTPConnection):
    """Connects to one address, whatever the name in the URL means by now."""

    def __init__(
        self, target: Endpoint, address: Address, limits: Limits, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(target.host, target.port)
        self._tls = tls
        self._target = target
        self._address = str(address)
        self._limits = limits

    def connect(self) -> None:
        seconds = self._limits.connect_seconds
        self.sock = socket.create_connection((self._address, self._target.port), seconds)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.settimeout(self._limits.total_seconds)
        if self._target.scheme == "https":
            self.sock = (self._tls or ssl.create_default_context()).wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )

    def secure(self) -> None:
        """Do the TLS handshake, where the scheme asks for one."""
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()


def post(
    target: Endpoint,
    body: bytes,
    *,
    headers: Mapping[str, str],
    allowed: Sequence[Network],
    limits: Limits,
    resolver: Resolver = system_resolver,
    tls: ssl.SSLContext | None = None,
) -> Reply:
    """Send one POST and return what came back; never raises for what the network does.

    ``tls`` says whom https trusts; by default those whom the system does.
    """
    started = time.monotonic()
    status, answer, error = None, b"", ""
    try:
        address = resolve(target, allowed=allowed, resolver=resolver)
        connection = _Pinned(target, address, limits, tls)
        status, answer = _exchange(connection, target, body, headers=headers, limits=limits)
    except Forbidden as forbidden:
        error = str(forbidden)
    except (OSError, http.client.HTTPException, ValueError) as failure:
        is_late = time.monotonic() - started >= limits.total_seconds
        what = f"no answer within {limits.total_seconds:g} seconds" if is_late else str(failure)
        error = f"{type(failure).__name__}: {what}"
    return Reply(status, answer, error, int((time.monotonic() - started) * 1000))


def _exchange(
    connection: _Pinned,
    target: Endpoint,
    body: bytes,
    *,
    headers: Mapping[str, str],
    limits: Limits,
) -> tuple[int, bytes]:
    try:
        connection.connect()
        with _ended_after(connection.sock, limits.total_seconds):
            connection.secure()
            sent = {"Host": target.authority, **headers, "Connection": "close"}
            connection.request("POST", target.path, body, sent)
            response = connection.getresponse()
            return response.status, _body_of(response, limits)
    finally:
        connection.close()


def _body_of(response: http.client.HTTPResponse, limits: Limits) -> bytes:
    """Return what has come of the answer: its status is known, and often all that counts."""
    parts, left = list[bytes](), limits.answer_bytes
    with suppress(OSError, http.client.HTTPException):
        while left > 0 and (part := response.read1(left)):
            parts.append(part)
            left -= len(part)
            if not limits.whole_answer:
                break
    return b"".join(parts)


@contextmanager
def _ended_after(opened: socket.socket, seconds: float) -> Iterator[None]:
    """Shut the connection down after so many seconds: a timeout of the socket starts anew with
    each byte that a slow server lets drip."""
    timer = threading.Timer(seconds, _shut_down, [opened])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut_down(opened: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        # Not SSLSocket's own: that forgets its state under the reading thread.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
