"""A server that takes OpenLineage events, or does not, as a test tells it to."""

from __future__ import annotations

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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
