"""A server that takes OpenLineage events, or does not, as a test tells it to."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Rule = Callable[[dict[str, Any]], int]


@dataclass
class Receiver:
    """``rule`` gives the status for each event; ``taken`` are the bodies answered with 2xx."""

    url: str = ""
    rule: Rule = lambda event: 201
    taken: list[bytes] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def transport(self, **options: Any) -> dict[str, Any]:
        """The configuration of a transport that sends here."""
        return {"type": "http", "url": self.url, "endpoint": "api/v1/lineage", **options}

    def take(self, body: bytes) -> int:
        status = self.rule(json.loads(body))
        (self.taken if status < 300 else self.refused).append(body)
        return status


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.headers.append(dict(self.headers.items()))
            self.send_response(receiver.take(body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with _served(Handler) as url:
        receiver.url = url
        yield receiver


Verdict = Callable[[dict[str, Any]], tuple[int, bool]]


@dataclass
class BatchReceiver:
    """A server with OpenLineage's batch endpoint.

    ``verdict`` gives status and retriable for each event, ``refuses`` a status for a batch as a
    whole or 0, ``dies_after`` how many events of a batch it keeps before it dies without a word.
    """

    url: str = ""
    verdict: Verdict = lambda event: (200, False)
    refuses: Callable[[list[dict[str, Any]]], int] = lambda events: 0
    dies_after: int | None = None
    requests: int = 0
    taken: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def transport(self, **options: Any) -> dict[str, Any]:
        """The configuration of a sink that sends here."""
        return {"type": "muniment_batch", "url": self.url, **options}

    def take(self, body: bytes) -> tuple[int, dict[str, Any]] | None:
        """Take a batch; return status and answer, or None to hang up."""
        self.requests += 1
        events = json.loads(body)
        if status := self.refuses(events):
            return status, {}
        failed = []
        for index, event in enumerate(events):
            if self.dies_after is not None and index >= self.dies_after:
                return None
            status, retriable = self.verdict(event)
            if status == 200:
                self.taken.append(json.dumps(event).encode())
            else:
                failed.append({"index": index, "reason": str(status), "retriable": retriable})
        return 200, {"status": "partial_success", "failed_events": failed} if failed else {}


@contextmanager
def batch_receiving() -> Iterator[BatchReceiver]:
    """Run a batch receiver on a free port of this machine."""
    receiver = BatchReceiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.headers.append(dict(self.headers.items()))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            answer = receiver.take(body)
            if answer is None:
                self.close_connection = True
                return
            status, told = answer
            content = json.dumps(told).encode() if told else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    with _served(Handler) as url:
        receiver.url = url
        yield receiver


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
