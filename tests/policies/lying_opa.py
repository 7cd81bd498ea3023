"""A server that takes policies as OPA does, and then gives no sound decision."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANGS_SECONDS = 120.0
MODES = {
    "error": (500, '{"code": "internal_error", "message": "broken"}'),
    "html": (500, "<html>bad gateway</html>"),
    "busy": (503, ""),
    "garbage": (200, "\x00\x01 this is no JSON"),
    "list": (200, "[]"),
    "undefined": (200, "{}"),
    "true": (200, '{"result": true}'),
    "pass-alone": (200, '{"result": "pass"}'),
    "slow": (200, '{"result": {"state": "pass", "findings": []}}'),
    "silent": (200, ""),
}


class Handler(BaseHTTPRequestHandler):
    """Keeps policies, and answers decisions in the server's mode."""

    protocol_version = "HTTP/1.1"
    server: LyingOpa

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.policies[self.path.partition("?")[0]] = body.decode()
        self.answer(200, "{}")

    def do_GET(self) -> None:
        raw = self.server.policies.get(self.path.partition("?")[0])
        if raw is None:
            self.answer(404, '{"code": "resource_not_found", "message": "none"}')
        else:
            self.answer(200, json.dumps({"result": {"raw": raw, "ast": {}}}))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mode = self.server.mode
        if mode == "silent":
            self.close_connection = True
            return
        if mode == "slow":
            time.sleep(HANGS_SECONDS)
        self.answer(*MODES[mode])

    def answer(self, status: int, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        return

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            return  # the client did not wait


class LyingOpa(ThreadingHTTPServer):
    """Listens on a free loopback port."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, mode: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mode = mode
        self.policies: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def lying_opa(mode: str) -> Iterator[LyingOpa]:
    """A server in one of the `MODES`, until the block ends."""
    server = LyingOpa(mode)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
