"""Inputs posted to an OPA server over kept-alive connections, one of each thread.

The client library builds a request anew for each call and writes the document again, which costs
more than OPA's own work on a small policy. Here the very bytes go out that were judged fit.
"""

from __future__ import annotations

import http.client
import io
import json
import socket
import ssl
import threading
import time
import weakref
from dataclasses import dataclass, field
from typing import Any

MAX_ANSWER_BYTES = 64 * 1024 * 1024
# When the answer that this thread waits for must be there; the library makes answers by itself.
_asked = threading.local()


class AskedTooLong(Exception):
    """No answer within the deadline, or none was left."""


@dataclass
class Asking:
    """Posts to one server; `tls` is the context of an https one.

    Raises `AskedTooLong`, and `OSError` or `http.client.HTTPException` where no answer came. A
    connection that broke is tried once more: evaluating has no effect, and a kept-alive connection
    may have been closed by the server while it was idle.
    """

    host: str
    port: int
    tls: ssl.SSLContext | None
    token: str
    _local: threading.local = field(default_factory=threading.local)
    _open: list[http.client.HTTPConnection] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        # An engine that nobody closes leaves no socket to the garbage collector.
        weakref.finalize(self, _close_all, self._open)

    def post(self, address: str, body: bytes, *, until: float) -> tuple[int, Any]:
        """Status and parsed JSON of the answer; none where it is no JSON. `until` is of the
        monotonic clock."""
        for is_last in (False, True):
            connection = self._connection()
            try:
                return self._post(connection, address, body, until=until)
            except TimeoutError as error:
                connection.close()
                raise AskedTooLong from error
            except ssl.SSLCertVerificationError:
                connection.close()
                raise
            except (OSError, http.client.HTTPException):
                connection.close()
                if is_last:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        with self._lock:
            _close_all(self._open)

    def _post(
        self, connection: http.client.HTTPConnection, address: str, body: bytes, *, until: float
    ) -> tuple[int, Any]:
        remaining = until - time.monotonic()
        if remaining <= 0:
            raise AskedTooLong
        connection.timeout = remaining
        if connection.sock is not None:
            connection.sock.settimeout(remaining)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        _asked.until = until
        connection.request("POST", address, body, headers)
        answer = connection.getresponse()
        content = answer.read(MAX_ANSWER_BYTES + 1)
        if len(content) > MAX_ANSWER_BYTES:
            raise http.client.HTTPException(f"an answer of over {MAX_ANSWER_BYTES} bytes")
        try:
            return answer.status, json.loads(content)
        except (ValueError, RecursionError):
            return answer.status, None

    def _connection(self) -> http.client.HTTPConnection:
        known: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if known is None:
            if self.tls is None:
                known = http.client.HTTPConnection(self.host, self.port)
            else:
                known = http.client.HTTPSConnection(self.host, self.port, context=self.tls)
            known.response_class = _Answer
            self._local.connection = known
            with self._lock:
                self._open.append(known)
        return known


class _Answer(http.client.HTTPResponse):
    """An answer that is read until a moment of the monotonic clock, however slowly it comes: a
    socket's own timeout begins anew with each byte."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock, _asked.until))


class _Timed(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket, until: float) -> None:
        self._raw, self._sock, self._until = raw, sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._until - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self._sock.settimeout(remaining)
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


def _close_all(connections: list[http.client.HTTPConnection]) -> None:
    while connections:
        connections.pop().close()
