"""Nothing that somebody writes as a policy, or as its tests, makes OPA reach out of its process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from policies.engines import lint
from policies.engines.base import Bundle, Module
from policies.engines.opa_cli import OpaCli
from policies.engines.opa_eval import OpaEvalEngine
from tests.policies.rego import DEADLINE
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

VERDICT = 'verdict := {"state": "pass", "findings": []} if input.x == 1\n'


class Neighbour:
    """An HTTP server that remembers who came."""

    def __init__(self) -> None:
        visits: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                visits.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"type": "object"}')

            def log_message(self, *_: object) -> None:
                """Keep the output of the tests clean."""

        self.visits = visits
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/schema"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    found = Neighbour()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="module")
def opa() -> OpaCli:
    try:
        return OpaCli(opa_binary())
    except PartMissing as error:
        missing(str(error))


def referring(address: str, *, above: str = "package p\n\n", mark: str = "METADATA") -> str:
    """A policy whose METADATA refers to a schema elsewhere: of the package, or of a rule."""
    annotation = f'# {mark}\n# schemas:\n#   - input: {{"$ref": "{address}"}}\n'
    return f"{annotation}package p\n\n{VERDICT}" if not above else f"{above}{annotation}{VERDICT}"


@pytest.mark.opa
@pytest.mark.parametrize("above", ["", "package p\n\n"])
def test_opa_fetches_no_schema_that_metadata_refers_to(
    opa: OpaCli, neighbour: Neighbour, above: str
) -> None:
    module = Module("p.rego", referring(neighbour.url, above=above))
    bundle = Bundle((module,))
    asked = OpaEvalEngine(opa_binary())

    report = opa.check(bundle)
    traced = asked.trace(module, input_json='{"x": 1}', deadline=DEADLINE, explain="full")

    assert "remote reference loading disabled" in report.problems[0].message
    assert "remote reference loading disabled" in traced.outcome.error
    assert neighbour.visits == []


@pytest.mark.opa
@pytest.mark.parametrize(
    "call",
    [
        'json.match_schema({{}}, {{"$ref": "{url}"}})',
        'http.send({{"url": "{url}", "method": "get"}})',
        "opa.runtime()",
    ],
)
def test_tests_of_a_policy_reach_nothing(opa: OpaCli, neighbour: Neighbour, call: str) -> None:
    bundle = Bundle((Module("p.rego", f"package p\n\n{VERDICT}"),))
    body = call.format(url=neighbour.url)
    tests = Module("p_test.rego", f"package p_test\n\ntest_it if {{\n\tx := {body}\n\tx\n}}\n")

    report = opa.check(bundle, tests=[tests])

    assert "undefined function" in report.problems[0].message
    assert neighbour.visits == []


@pytest.mark.parametrize(
    "source",
    [
        referring("file:///etc/passwd", above=""),
        referring("file:///etc/passwd"),
        referring("file:///etc/passwd", mark="METADATA of this rule"),
        f'package p\n\nx := 1 # METADATA\n# {{"\\u0073chemas": []}}\n{VERDICT}',
        f"package p\n\n# METADATA\n# <<: {{Schemas: []}}\n{VERDICT}",
        f"package p\n\n# METADATA\n# !!binary c2NoZW1hcw==: []\n{VERDICT}",
    ],
)
def test_the_lint_refuses_schemas_in_metadata_wherever_they_stand(source: str) -> None:
    (problem,) = lint.check(Module("p.rego", source))

    assert "schemas are not taken" in problem.message


def test_metadata_of_rules_is_taken_and_what_is_no_mapping_is_told() -> None:
    sound = f"package p\n\n# METADATA\n# title: It\n# labels: {{a: b}}\n{VERDICT}"
    prose = f"package p\n\n# METADATA\n# - of nothing\n{VERDICT}"

    assert lint.check(Module("p.rego", sound)) == []
    (problem,) = lint.check(Module("p.rego", prose))
    assert (problem.line, problem.message) == (3, "METADATA must be a YAML mapping")
