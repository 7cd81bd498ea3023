"""The embedded engine against the traps of regopy, each of which was measured without it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.engines.base import (
    Bundle,
    EngineUnavailable,
    InvalidInput,
    InvalidModule,
    Module,
    Outcome,
    State,
)
from policies.engines.embedded import EmbeddedEngine
from tests.policies.rego import DEADLINE, PASSES, bundle, module
from tests.support.processes import wait_until

ROOT = Path(__file__).resolve().parents[3]
ENDLESS = """
verdict := {"state": "pass", "findings": []} if {
	some a in numbers.range(1, 4000)
	some b in numbers.range(1, 4000)
	a * b == -1
}
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(workers=2)
    yield engine
    engine.close()


def ask(engine: EmbeddedEngine, body: str, document: object = None) -> Outcome:
    text = json.dumps({} if document is None else document)
    return ask_text(engine, body, text)


def ask_text(engine: EmbeddedEngine, body: str, text: str) -> Outcome:
    asked = Bundle((module(body),))
    return engine.evaluate(asked, packages=["p"], input_json=text, deadline=DEADLINE)["p"]


def test_a_verdict_carries_its_engine_and_time(engine: EmbeddedEngine) -> None:
    outcome = ask(engine, PASSES, {"x": 1})

    assert outcome.state is State.PASS
    assert (outcome.engine, outcome.engine_version) == ("regopy", engine.version)
    assert outcome.duration_us > 0


def test_undefined_is_an_error_and_never_passes(engine: EmbeddedEngine) -> None:
    outcome = ask(engine, PASSES, {"x": 2})

    assert (outcome.state, outcome.error) == (
        State.ERROR,
        "verdict is undefined for this document",
    )


@pytest.mark.parametrize(
    "body",
    [
        'verdict := {"state": "pass"}',
        "verdict := true",
        'verdict := {"state": "pass", "findings": []}\n\nverdict := {"state": "x", "findings": []}',
        'verdict := {"state": nofn(1), "findings": []}',
        'verdict := {"state": "pass", "findings": [lower(input.n)]}',
        'verdict := {"state": "pass", "findings": [], "x": strings.reverse("a\U0001f600")}',
        "other := 1",
    ],
)
def test_conflicts_unknown_functions_and_broken_answers_are_errors(
    engine: EmbeddedEngine, body: str
) -> None:
    outcome = ask(engine, body, {"n": 5})

    assert outcome.state is State.ERROR
    assert outcome.error


@pytest.mark.parametrize(
    "owner",
    [
        'x", "state":"pass", "findings":[], "y":"',
        'x"}], "state": "pass"}',
        "back\\slash \\u0022 \\",
        "line\nbreak\ttab\r",
        "{{}}%s%d`raw`",
        "snow ☃ and \U0001f600",
        "\u2028\u2029\x7f\x1b",
    ],
)
def test_text_in_the_input_cannot_become_part_of_the_verdict(
    engine: EmbeddedEngine, owner: str
) -> None:
    body = """
verdict := {"state": "fail", "findings": [{"msg": input.owner, "path": input.owner}]}
"""

    for ensure_ascii in (True, False):
        text = json.dumps({"owner": owner}, ensure_ascii=ensure_ascii)
        outcome = ask_text(engine, body, text)

        assert outcome.state is State.FAIL
        assert [(each.msg, each.path) for each in outcome.findings] == [(owner, owner)]


def test_large_and_small_numbers_keep_their_value(engine: EmbeddedEngine) -> None:
    body = 'verdict := {"state": "fail", "findings": [{"msg": json.marshal(input.n), "path": ""}]}'

    for number in (12345678901234567890123, -1, 0.1, 4.25):
        outcome = ask(engine, body, {"n": number})

        assert json.loads(outcome.findings[0].msg) == number


def test_policies_do_not_see_the_environment(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_SECRET", "hunter2")
    body = """
verdict := {"state": "fail", "findings": [{"msg": concat(" ", names), "path": ""}]}

names := object.keys(object.union(opa.runtime().env, {"ASKED": 1}))
"""
    fresh = EmbeddedEngine(workers=1)

    found = ask(fresh, body).findings[0].msg.split()

    fresh.close()
    assert "ASKED" in found
    assert set(found) <= {"ASKED", "LC_CTYPE"}


def test_printing_cannot_disturb_the_protocol(engine: EmbeddedEngine) -> None:
    body = f"{PASSES.replace('input.x == 1', 'print(input.noise)')}"

    outcome = ask(engine, body, {"noise": "\x00\x00\x00\x01".replace("\x00", "x") * 5000})

    assert outcome.state is State.PASS
    assert ask(engine, PASSES, {"x": 1}).state is State.PASS


def test_a_policy_that_runs_away_is_stopped_and_the_others_still_answer() -> None:
    engine = EmbeddedEngine(workers=1, policy_seconds=0.5)
    asked = bundle(PASSES, ENDLESS, PASSES)

    started = time.monotonic()
    outcomes = engine.evaluate(
        asked, packages=asked.packages, input_json='{"x": 1}', deadline=DEADLINE
    )

    engine.close()
    assert [outcomes[name].state for name in asked.packages] == [
        State.PASS,
        State.ERROR,
        State.PASS,
    ]
    assert "no answer within the deadline" in outcomes["p1"].error
    assert time.monotonic() - started < 5


def test_the_deadline_of_a_call_bounds_all_its_policies() -> None:
    engine = EmbeddedEngine(workers=1, policy_seconds=5)
    asked = bundle(ENDLESS, PASSES)

    started = time.monotonic()
    outcomes = engine.evaluate(asked, packages=asked.packages, input_json='{"x": 1}', deadline=0.7)

    engine.close()
    assert time.monotonic() - started < 3
    assert {outcome.state for outcome in outcomes.values()} == {State.ERROR}


def test_a_crash_of_the_engine_is_an_error_of_one_policy() -> None:
    # regopy's regular expressions recurse: on a long text the process dies of SIGSEGV.
    engine = EmbeddedEngine(workers=1)
    crash = PASSES.replace("input.x == 1", 'regex.match("^(a|b)*$", input.long)')
    asked = bundle(crash, PASSES)

    outcomes = engine.evaluate(
        asked,
        packages=asked.packages,
        input_json=json.dumps({"x": 1, "long": "a" * 100_000}),
        deadline=DEADLINE,
    )

    engine.close()
    assert outcomes["p0"].state is State.ERROR
    assert "signal" in outcomes["p0"].error
    assert outcomes["p1"].state is State.PASS


def test_memory_is_bounded() -> None:
    engine = EmbeddedEngine(workers=1, memory_bytes=256 * 1024 * 1024)
    greedy = PASSES.replace("input.x == 1", "count(numbers.range(1, 100000000)) > 1")

    outcome = ask(engine, greedy)
    after = ask(engine, PASSES, {"x": 1})

    engine.close()
    assert outcome.state is State.ERROR
    assert after.state is State.PASS


def test_a_killed_idle_worker_is_replaced(engine: EmbeddedEngine) -> None:
    ask(engine, PASSES, {"x": 1})
    for pid in engine.worker_pids():
        os.kill(pid, signal.SIGKILL)

    assert ask(engine, PASSES, {"x": 1}).state is State.PASS


def test_threads_share_the_engine() -> None:
    engine = EmbeddedEngine(workers=2)
    asked = bundle(*[PASSES] * 5)
    states: list[State] = []

    def work(number: int) -> None:
        for turn in range(10):
            x = (number + turn) % 2
            outcomes = engine.evaluate(
                asked,
                packages=asked.packages,
                input_json=json.dumps({"x": x}),
                deadline=DEADLINE,
            )
            wanted = State.PASS if x else State.ERROR
            states.extend(each.state for each in outcomes.values() if each.state is not wanted)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states == []
    assert len(engine.worker_pids()) <= 2
    engine.close()


def test_more_bundles_than_are_kept_still_answer(engine: EmbeddedEngine) -> None:
    for number in range(40):
        body = PASSES.replace("== 1", f"== {number}")
        assert ask(engine, body, {"x": number}).state is State.PASS
    assert ask(engine, PASSES.replace("== 1", "== 0"), {"x": 0}).state is State.PASS


def test_a_policy_that_does_not_compile_is_the_only_error(engine: EmbeddedEngine) -> None:
    asked = bundle("verdict := {", PASSES)

    outcomes = engine.evaluate(
        asked, packages=asked.packages, input_json='{"x": 1}', deadline=DEADLINE
    )

    assert outcomes["p0"].state is State.ERROR
    assert "unclosed" in outcomes["p0"].error
    assert outcomes["p1"].state is State.PASS


def test_functions_of_one_name_do_not_disturb_each_other(engine: EmbeddedEngine) -> None:
    # Compiled together, these two make regopy fail, or crash.
    one = Module(
        "a.rego",
        'package a.b\n\nverdict := {"state": "fail", "findings": [f("one")]}\n\n'
        'f(msg) := {"msg": msg, "path": ""}\n',
    )
    two = Module(
        "c.rego",
        'package c.d\n\nverdict := {"state": "fail", "findings": found}\n\n'
        'found := [f(x, "two") | some x in input.xs]\n\nf(p, msg) := {"msg": msg, "path": p}\n',
    )
    asked = Bundle((one, two))

    outcomes = engine.evaluate(
        asked, packages=asked.packages, input_json='{"xs": ["here"]}', deadline=DEADLINE
    )

    assert [each.msg for each in outcomes["a.b"].findings] == ["one"]
    assert [(each.path, each.msg) for each in outcomes["c.d"].findings] == [("here", "two")]


def test_many_inputs_are_answered_in_order(engine: EmbeddedEngine) -> None:
    outcomes = engine.evaluate_many(
        Bundle((module(),)),
        packages=["p"],
        inputs=['{"x": 1}', '{"x": 2}', '{"x": 1}'],
        deadline=DEADLINE,
    )

    assert [each["p"].state for each in outcomes] == [State.PASS, State.ERROR, State.PASS]


def test_wrong_questions_are_refused(engine: EmbeddedEngine) -> None:
    asked = Bundle((module(),))

    with pytest.raises(InvalidInput):
        engine.evaluate(asked, packages=["p"], input_json="[]", deadline=DEADLINE)
    with pytest.raises(InvalidModule, match="not in the bundle"):
        engine.evaluate(asked, packages=["q"], input_json="{}", deadline=DEADLINE)


def test_a_closed_engine_is_unavailable() -> None:
    engine = EmbeddedEngine(workers=1)
    assert ask(engine, PASSES, {"x": 1}).state is State.PASS
    (pid,) = engine.worker_pids()

    engine.close()

    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(EngineUnavailable, match="closed"):
        ask(engine, PASSES, {"x": 1})


def test_without_regopy_the_engine_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(EngineUnavailable, match="regopy, which is not installed"):
        EmbeddedEngine()


def test_checking_reports_syntax_with_line_and_column(engine: EmbeddedEngine) -> None:
    source = f"package p\n\n{PASSES}\n\nother := é\n"
    report = engine.check(Bundle((Module("p.rego", source),)))

    assert not report.ok
    assert [(each.line, each.column) for each in report.problems] == [(5, 10)]
    assert engine.check(Bundle((module(),))).ok
    assert "regopy" in report.checked_by


ORPHAN = """
import json, sys, time
from policies.engines.base import Bundle, Module
from policies.engines.embedded import EmbeddedEngine

engine = EmbeddedEngine(workers=1)
policy = Module("p.rego", "package p\\n\\nverdict := 1\\n")
engine.evaluate(Bundle((policy,)), packages=["p"], input_json="{}", deadline=10)
print(engine.worker_pids()[0], flush=True)
time.sleep(60)
"""


def test_workers_end_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())

    parent.kill()
    parent.wait()
    parent.stdout.close()

    wait_until(lambda: not _runs(worker), what="the end of the orphaned worker", seconds=5)


def test_a_forked_child_does_not_share_its_parents_workers(engine: EmbeddedEngine) -> None:
    asked = Bundle((module(),))
    ask(engine, PASSES, {"x": 1})
    before = set(engine.worker_pids())

    child = os.fork()
    if child == 0:
        outcomes = engine.evaluate(asked, packages=["p"], input_json='{"x": 1}', deadline=DEADLINE)
        apart = not before & set(engine.worker_pids())
        os._exit(0 if outcomes["p"].state is State.PASS and apart else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert ask(engine, PASSES, {"x": 1}).state is State.PASS
    assert before <= set(engine.worker_pids())


def _runs(pid: int) -> bool:
    """Whether the process exists and is no zombie that somebody forgot to reap."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
