"""The child processes of the embedded engine: limits, crashes, threads, forks, orphans."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from policies.engines.base import (
    Bundle,
    EngineUnavailable,
    State,
)
from policies.engines.embedded import EmbeddedEngine
from tests.policies.rego import DEADLINE, PASSES, ask, bundle, module
from tests.support.processes import wait_until

ROOT = Path(__file__).resolve().parents[3]
ENDLESS = """
verdict := {"state": "pass", "findings": []} if {
	some a in numbers.range(1, 4000)
	some b in numbers.range(1, 4000)
	some c in numbers.range(1, 4000)
	a * b * c == -1
}
"""


def test_a_policy_that_runs_away_is_stopped_and_the_others_still_answer() -> None:
    engine = EmbeddedEngine(workers=1, policy_seconds=2)
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
    assert time.monotonic() - started < DEADLINE


def test_the_deadline_of_a_call_bounds_all_its_policies() -> None:
    engine = EmbeddedEngine(workers=1, policy_seconds=60)
    asked = bundle(ENDLESS, PASSES)

    started = time.monotonic()
    outcomes = engine.evaluate(asked, packages=asked.packages, input_json='{"x": 1}', deadline=0.7)

    engine.close()
    assert time.monotonic() - started < 30
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


def test_a_closed_engine_is_unavailable() -> None:
    engine = EmbeddedEngine(workers=1)
    assert ask(engine, PASSES, {"x": 1}).state is State.PASS
    (pid,) = engine.worker_pids()

    engine.close()

    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(EngineUnavailable, match="closed"):
        ask(engine, PASSES, {"x": 1})


ORPHAN = """
import json, sys, time
from policies.engines.base import Bundle, Module
from policies.engines.embedded import EmbeddedEngine

engine = EmbeddedEngine(workers=1)
policy = Module("p.rego", "package p\\n\\nverdict := 1\\n")
engine.evaluate(Bundle((policy,)), packages=["p"], input_json="{}", deadline=60)
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

    wait_until(lambda: not _runs(worker), what="the end of the orphaned worker")


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
    except (FileNotFoundError, ProcessLookupError):
        return False
