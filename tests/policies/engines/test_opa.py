"""The OPA engine against a real server."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from policies.engines import mounts
from policies.engines.base import Bundle, Outcome, State
from policies.engines.opa import OpaEngine
from tests.policies.rego import DEADLINE, PASSES, bundle, module
from tests.support.opa import OpaServer
from tests.support.parts import PartMissing, missing

CONFLICT = 'verdict := {"state": "pass", "findings": []}\n\nverdict := {"a": 1} if input.x == 1'


@pytest.fixture(scope="module")
def opa_server() -> Iterator[OpaServer]:
    """One for these tests alone, which look at all that a server holds."""
    try:
        server = OpaServer.start()
    except PartMissing as error:
        missing(str(error))
    yield server
    server.stop()


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
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - ours
        return json.loads(answer.read() or b"null")


def lose_policies(server: OpaServer) -> None:
    """Leave the server as it is after a restart; surveys first, for they refer to the rest."""
    ids = [stored["id"] for stored in call(server, "GET", "/v1/policies")["result"]]
    for policy_id in sorted(ids, key=lambda each: "surveys" not in each):
        call(server, "DELETE", f"/v1/policies/{policy_id}")


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
    lose_policies(opa_server)

    assert {each.state for each in ask(engine, asked).values()} == {State.PASS}
    assert {each.state for each in ask(engine, asked).values()} == {State.PASS}


@pytest.mark.opa
def test_another_process_finds_what_is_mounted_and_trusts_only_equal_text(
    engine: OpaEngine, opa_server: OpaServer
) -> None:
    policy = module(PASSES)
    asked = Bundle((policy,))
    ask(engine, asked)
    forged = mounts.mounted(policy).replace("== 1", "== 2")
    call(opa_server, "PUT", f"/v1/policies/{mounts.mount_id(policy)}", forged)
    other = OpaEngine(opa_server.url)

    outcome = ask(other, asked)["p"]

    other.close()
    assert outcome.state is State.PASS
    (stored,) = call(opa_server, "GET", "/v1/policies")["result"]
    assert stored["raw"] == mounts.mounted(policy)


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


@pytest.mark.opa
def test_all_who_ask_a_server_that_lost_its_policies_are_answered(
    engine: OpaEngine, opa_server: OpaServer
) -> None:
    asked, wrong = bundle(PASSES, PASSES), []
    inputs = ['{"x": 1}'] * 12
    ask(engine, asked)

    for _ in range(20):
        lose_policies(opa_server)
        answers = engine.evaluate_many(
            asked, packages=asked.packages, inputs=inputs, deadline=DEADLINE
        )
        wrong += [
            each for found in answers for each in found.values() if each.state is not State.PASS
        ]

    assert wrong == []
