"""Answers that come slowly, or without end."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from policies.engines import opa_asking
from policies.engines.opa_asking import AskedTooLong, Asking

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GOOD = HEAD + b'Content-Length: 13\r\n\r\n{"result": 1}'


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[Asking]:
    """A client of a server that reads requests and answers each as told."""
    listening = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                connections.append(connection)
                # Who has heard enough hangs up, and may ask again.
                with suppress(OSError):
                    while is_asked(connection):
                        answer(connection)

    threading.Thread(target=serve, daemon=True).start()
    asking = Asking("127.0.0.1", listening.getsockname()[1], None, "")
    yield asking
    asking.close()
    for each in (listening, *connections):
        each.close()


def is_asked(connection: socket.socket) -> bool:
    """Read a whole request, however many pieces it comes in; false where there is none more."""
    request = b""
    while not request.endswith(b"\r\n\r\n{}"):
        if not (piece := connection.recv(65536)):
            return False
        request += piece
    return True


def dripping(start: bytes) -> Callable[[socket.socket], None]:
    def drip(connection: socket.socket) -> None:
        connection.sendall(start)
        with suppress(OSError):
            while True:
                connection.sendall(b" ")
                time.sleep(0.02)

    return drip


@pytest.mark.parametrize("start", [b"", HEAD, HEAD + b"Content-Length: 99999\r\n\r\n"])
def test_an_answer_that_drips_ends_at_the_deadline(start: bytes) -> None:
    with answering(dripping(start)) as asking:
        began = time.monotonic()
        with pytest.raises(AskedTooLong):
            asking.post("/", b"{}", until=began + 0.3)

    assert time.monotonic() - began < 20


def test_an_answer_without_end_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opa_asking, "MAX_ANSWER_BYTES", 1000)
    with (
        answering(lambda each: each.sendall(HEAD + b"\r\n" + b"x" * 5000)) as asking,
        pytest.raises(http.client.HTTPException, match="over 1000 bytes"),
    ):
        asking.post("/", b"{}", until=time.monotonic() + 60)


def test_what_nests_without_end_is_no_json() -> None:
    deep = b"[" * 100_000
    head = HEAD + f"Content-Length: {len(deep)}\r\n\r\n".encode()
    with answering(lambda each: each.sendall(head + deep)) as asking:
        assert asking.post("/", b"{}", until=time.monotonic() + 60) == (200, None)


def test_a_connection_is_kept_between_answers() -> None:
    with answering(lambda each: each.sendall(GOOD)) as asking:
        for _ in range(3):
            assert asking.post("/", b"{}", until=time.monotonic() + 60) == (200, {"result": 1})

        assert len(asking._open) == 1
