"""The OPA engine against a real server, and its mistrust against servers that are not."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from policies.engines import mounts
from policies.engines.base import Bundle, EngineUnavailable, InvalidModule, Module, Outcome, State
from policies.engines.opa import OpaEngine
from policies.engines.opa_cli import OpaCli, find_opa
from tests.policies.rego import DEADLINE, PASSES, bundle, module
from tests.support.opa import OpaServer, opa_binary
from tests.support.parts import PartMissing, missing
from tests.support.processes import free_port

CONFLICT = 'verdict := {"state": "pass", "findings": []}\n\nverdict := {"a": 1} if input.x == 1'


@pytest.fixture
def engine(opa_server: OpaServer) -> Iterator[OpaEngine]:
    engine = OpaEngine(opa_server.url)
    yield engine
    engine.prune(keep=[])
    engine.close()


def ask(engine: OpaEngine, asked: Bundle, document: object = None) -> dict[str, Outcome]:
    text = json.dumps({"x": 1} if document is None else document)
    return engine.evaluate(asked, packages=asked.packages, input_json=text, deadline=DEADLINE)


def call(server: OpaServer, method: str, path: str, body: str = "") -> Any:
    url = f"{server.url}{path}"
    request = urllib.request.Request(url, body.encode() or None, method=method)  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - ours
        return json.loads(answer.read() or b"null")


@pytest.mark.opa
def test_a_whole_bundle_is_answered_and_undefined_is_an_error(engine: OpaEngine) -> None:
    outcomes = ask(engine, bundle(PASSES, PASSES.replace("== 1", "== 2")))

    assert outcomes["p0"].state is State.PASS
    assert outcomes["p0"].engine == "opa"
    assert outcomes["p0"].engine_version == engine.version
    assert engine.version.count(".") == 2
    assert outcomes["p1"].error == "verdict is undefined for this document"


@pytest.mark.opa
def test_one_policy_that_stops_the_evaluation_is_the_only_error(engine: OpaEngine) -> None:
    outcomes = ask(engine, bundle(CONFLICT, PASSES))

    assert outcomes["p0"].state is State.ERROR
    assert "eval_conflict_error" in outcomes["p0"].error
    assert outcomes["p1"].state is State.PASS


@pytest.mark.opa
def test_a_wrong_operand_is_an_error_and_not_undefined(engine: OpaEngine) -> None:
    body = f'{PASSES.replace("input.x == 1", "not odd")}\n\nodd if lower(input.x) == "a"'

    assert ask(engine, bundle(body))["p0"].state is State.ERROR


@pytest.mark.opa
def test_a_policy_that_does_not_compile_is_the_only_error(engine: OpaEngine) -> None:
    outcomes = ask(engine, bundle("verdict := 1 if a == b", PASSES))

    assert "var a is unsafe" in outcomes["p0"].error
    assert outcomes["p1"].state is State.PASS


@pytest.mark.opa
def test_old_syntax_is_refused_and_never_rewritten(
    engine: OpaEngine, opa_server: OpaServer
) -> None:
    outcomes = ask(engine, bundle("verdict = 1 { input.x == 1 }"))

    assert outcomes["p0"].state is State.ERROR
    assert "`if` keyword is required" in outcomes["p0"].error
    assert call(opa_server, "GET", "/v1/policies")["result"] == []


@pytest.mark.opa
def test_two_versions_of_a_policy_live_side_by_side(engine: OpaEngine) -> None:
    one = Bundle((module(PASSES),))
    other = Bundle((module(PASSES.replace("pass", "not_applicable")),))

    for _ in range(2):
        assert ask(engine, one)["p"].state is State.PASS
        assert ask(engine, other)["p"].state is State.NOT_APPLICABLE


@pytest.mark.opa
def test_the_server_holds_the_reviewed_text(engine: OpaEngine, opa_server: OpaServer) -> None:
    policy = module(PASSES)
    ask(engine, Bundle((policy,)))

    (stored,) = call(opa_server, "GET", "/v1/policies")["result"]

    assert stored["id"] == mounts.mount_id(policy)
    assert mounts.unmounted(stored["raw"], policy.digest) == policy.source


@pytest.mark.opa
def test_policies_may_use_rules_and_functions_of_their_own(engine: OpaEngine) -> None:
    body = f"{PASSES.replace('input.x == 1', 'good(x)')}\n\nx := input.x\n\ngood(y) if y == 1"

    assert ask(engine, bundle(body))["p0"].state is State.PASS


@pytest.mark.opa
def test_policies_that_read_data_are_refused(engine: OpaEngine, opa_server: OpaServer) -> None:
    direct = PASSES.replace("input.x == 1", "not data.p.typo")
    own = PASSES.replace("input.x == 1", "not data.p2.verdict")
    imported = f"import data.lib\n\n{PASSES.replace('input.x == 1', 'not lib.typo')}"

    outcomes = ask(engine, bundle(direct, imported, own))

    assert [outcome.error for outcome in outcomes.values()] == [
        f"p{number}.rego: data is refused: a policy reads its input alone" for number in range(3)
    ]
    assert call(opa_server, "GET", "/v1/policies")["result"] == []


@pytest.mark.opa
@pytest.mark.parametrize("bodies", [[PASSES], [PASSES, PASSES]])
def test_a_server_that_lost_its_policies_gets_them_again(
    engine: OpaEngine, opa_server: OpaServer, bodies: list[str]
) -> None:
    asked = bundle(*bodies)
    ask(engine, asked)
    for stored in call(opa_server, "GET", "/v1/policies")["result"]:
        if "surveys" in stored["id"]:
            call(opa_server, "DELETE", f"/v1/policies/{stored['id']}")
    for stored in call(opa_server, "GET", "/v1/policies")["result"]:
        call(opa_server, "DELETE", f"/v1/policies/{stored['id']}")

    assert {each.state for each in ask(engine, asked).values()} == {State.PASS}
    assert {each.state for each in ask(engine, asked).values()} == {State.PASS}


@pytest.mark.opa
def test_pruning_keeps_what_is_named(engine: OpaEngine, opa_server: OpaServer) -> None:
    kept, dropped = bundle(PASSES, PASSES), Bundle((module(PASSES),))
    ask(engine, kept)
    ask(engine, dropped)

    assert engine.prune(keep=[kept]) == 1

    assert len(call(opa_server, "GET", "/v1/policies")["result"]) == 3
    assert ask(engine, dropped)["p"].state is State.PASS


@pytest.mark.opa
@pytest.mark.parametrize("document", [{}, {"x": 0}, {"x": []}, {"x": None}, {"x": False}])
def test_falsy_input_reaches_the_policy(engine: OpaEngine, document: dict[str, object]) -> None:
    body = """
verdict := {"state": "fail", "findings": [{"msg": json.marshal(input), "path": ""}]}
"""

    (outcome,) = ask(engine, bundle(body), document).values()

    assert json.loads(outcome.findings[0].msg) == document


@pytest.mark.opa
def test_a_policy_that_runs_away_ends_at_the_deadline(engine: OpaEngine) -> None:
    endless = PASSES.replace(
        "input.x == 1",
        "{\n\tsome a in numbers.range(1, 20000)\n"
        "\tsome b in numbers.range(1, 20000)\n\ta * b == -1\n}",
    )

    outcomes = engine.evaluate(
        bundle(endless, PASSES), packages=["p0", "p1"], input_json="{}", deadline=0.7
    )

    assert "deadline" in outcomes["p0"].error
    assert {each.state for each in outcomes.values()} == {State.ERROR}


@pytest.mark.opa
def test_threads_share_the_engine(engine: OpaEngine) -> None:
    asked = bundle(PASSES, PASSES)
    wrong: list[Outcome] = []

    def work(x: int) -> None:
        for _ in range(10):
            wanted = State.PASS if x == 1 else State.ERROR
            outcomes = ask(engine, asked, {"x": x}).values()
            wrong.extend(each for each in outcomes if each.state is not wanted)

    threads = [threading.Thread(target=work, args=(number % 2,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


@pytest.mark.opa
def test_checking_locates_what_the_compiler_finds(engine: OpaEngine) -> None:
    # Of two types that never meet only a compiler knows; the lint does not.
    report = engine.check(bundle(PASSES.replace("input.x == 1", "count(1) == 1")))

    (problem,) = report.problems
    assert (problem.path, problem.line) == ("p0.rego", 3)
    assert problem.message.startswith("rego_type_error")
    assert engine.check(bundle(PASSES)).ok


def test_a_server_that_is_not_there_is_unavailable() -> None:
    engine = OpaEngine(f"http://127.0.0.1:{free_port()}")

    with pytest.raises(EngineUnavailable, match="did not answer"):
        ask(engine, bundle(PASSES))
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
        ask(engine, bundle(PASSES))


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
    ],
)
def test_a_server_that_is_no_sound_opa_is_unavailable(
    answer: Callable[[str, str], tuple[int, object]],
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), lying(answer))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    engine = OpaEngine(f"http://127.0.0.1:{server.server_port}")

    with pytest.raises(EngineUnavailable):
        ask(engine, bundle(PASSES))

    engine.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def opa() -> OpaCli:
    try:
        return OpaCli(opa_binary())
    except PartMissing as error:
        missing(str(error))


@pytest.mark.opa
def test_the_strict_compiler_refuses_what_the_lint_and_the_server_do_not_know(
    opa: OpaCli,
) -> None:
    report = opa.check(bundle(PASSES.replace("input.x == 1", "count(1) == 1"), PASSES))

    (problem,) = report.problems
    assert (problem.path, problem.line) == ("p0.rego", 3)
    assert opa.version in report.checked_by
    assert opa.check(bundle(PASSES)).ok


@pytest.mark.opa
def test_the_tests_of_a_policy_are_run_and_counted(opa: OpaCli) -> None:
    asked = bundle(PASSES)
    head = "package p0_test\n\nimport data.p0\n\n"
    good = 'test_one if p0.verdict.state == "pass" with input as {"x": 1}\n'
    bad = 'test_two if p0.verdict.state == "pass" with input as {"x": 2}\n'

    passed = opa.test(asked, tests=[Module("p0_test.rego", head + good)])
    failed = opa.test(asked, tests=[Module("p0_test.rego", head + good + bad)])
    empty = opa.test(asked, tests=[])

    assert (passed.ok, passed.passed) == (True, 1)
    assert (failed.ok, failed.failures) == (False, ("data.p0_test.test_two",))
    assert not empty.ok


def test_the_binary_is_found_by_name_and_a_wrong_one_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    wrong = tmp_path_factory.mktemp("bin") / "opa"
    wrong.write_text("#!/bin/sh\necho no opa\n")
    wrong.chmod(0o755)

    assert find_opa({"MUNIMENT_OPA": str(wrong)}) == wrong
    assert find_opa({"MUNIMENT_OPA": str(wrong.with_name("none")), "PATH": ""}) is None
    assert find_opa({"PATH": str(wrong.parent)}) == wrong
    with pytest.raises(EngineUnavailable, match="is no OPA binary"):
        OpaCli(wrong)


def test_a_package_that_the_bundle_lacks_is_refused() -> None:
    engine = OpaEngine("http://127.0.0.1:1")

    with pytest.raises(InvalidModule, match="not in the bundle"):
        engine.evaluate(bundle(PASSES), packages=["q"], input_json="{}", deadline=1)
