"""What the OPA engine does with addresses, servers and answers that are unsound."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from policies.engines import mounts
from policies.engines.base import EngineUnavailable, InvalidModule
from policies.engines.opa import OpaEngine
from tests.policies.rego import PASSES, ask, bundle
from tests.support.processes import free_port

CONFLICT = 'verdict := {"state": "pass", "findings": []}\n\nverdict := {"a": 1} if input.x == 1'


def test_a_server_that_is_not_there_is_unavailable() -> None:
    engine = OpaEngine(f"http://127.0.0.1:{free_port()}")

    with pytest.raises(EngineUnavailable, match="did not answer"):
        ask(engine, PASSES)
    with pytest.raises(EngineUnavailable, match="did not answer"):
        _ = engine.version


@pytest.mark.parametrize(
    "url", ["", "opa", "ftp://opa", "http://", "http://opa/path", "http://u:p@opa", "http://o?a=b"]
)
def test_an_unusable_address_is_refused(url: str) -> None:
    with pytest.raises(EngineUnavailable, match="address of OPA"):
        OpaEngine(url)


def test_a_closed_engine_is_unavailable() -> None:
    engine = OpaEngine("http://127.0.0.1:1")
    engine.close()

    with pytest.raises(EngineUnavailable, match="closed"):
        ask(engine, PASSES)


def lying(answer: Callable[[str, str], tuple[int, object]]) -> type[BaseHTTPRequestHandler]:
    """A handler for a server that answers (method, path) with a status and JSON, or text."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = answer(self.command, self.path)
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = respond  # noqa: N815 - names of the base class

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            return

    return Handler


@pytest.mark.parametrize(
    "answer",
    [
        lambda method, path: (200, {}),
        lambda method, path: (200, {"result": {"raw": "package other", "ast": {}}}),
        lambda method, path: (503, {"code": "x"}),
        lambda method, path: (401, {"code": "unauthorized", "message": "no"}),
        lambda method, path: (502, "<html>bad gateway</html>"),
        lambda method, path: (200, "not json"),
        lambda method, path: (500, {"errors": ["text"]}),
    ],
)
def test_a_server_that_is_no_sound_opa_is_unavailable(
    answer: Callable[[str, str], tuple[int, object]],
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), lying(answer))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    engine = OpaEngine(f"http://127.0.0.1:{server.server_port}")

    with pytest.raises(EngineUnavailable):
        ask(engine, PASSES)

    engine.close()
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_server_that_does_not_tell_how_it_read_a_policy_is_unavailable() -> None:
    module = bundle(PASSES).modules[0]
    stored = {"result": {"raw": mounts.mounted(module)}}
    server = ThreadingHTTPServer(("127.0.0.1", 0), lying(lambda method, path: (200, stored)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    engine = OpaEngine(f"http://127.0.0.1:{server.server_port}")

    with pytest.raises(EngineUnavailable, match="how it read"):
        engine.evaluate(bundle(PASSES), packages=["p0"], input_json="{}", deadline=1)

    engine.close()
    server.shutdown()
    server.server_close()


def test_a_package_that_the_bundle_lacks_is_refused() -> None:
    engine = OpaEngine("http://127.0.0.1:1")

    with pytest.raises(InvalidModule, match="not in the bundle"):
        engine.evaluate(bundle(PASSES), packages=["q"], input_json="{}", deadline=1)
