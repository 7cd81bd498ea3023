"""What a policy prints on its way, and how it came to its answer."""

from __future__ import annotations

import time

import pytest

from policies.engines import opa_eval
from policies.engines.base import InvalidInput, State
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa_eval import NOT_EXPLAINED, OpaEvalEngine
from policies.engines.traces import CUT, MAX_PRINTED, MAX_TRACE, Tracer
from tests.policies.rego import DEADLINE, PASSES, ask, module
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

PRINTS = """
verdict := {"state": "pass", "findings": []} if {
	print("asked for", input.x, {"a": 1})
	some y in input.ys
	print("y is", y)
	y == 3
}
"""
DOCUMENT = '{"x": 1, "ys": [2, 3]}'
LOUD = PASSES.replace("input.x == 1", 'some x in input.xs\n\tprint("line", x)\n\tx == 0')
LOUD = LOUD.replace("if some", "if {\n\tsome") + "\n}"
RUNAWAY = """
verdict := {"state": "pass", "findings": []} if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	print(a)
	a * b == -1
}
"""


@pytest.fixture(params=["embedded", pytest.param("opa", marks=pytest.mark.opa)])
def tracer(request: pytest.FixtureRequest, engine: EmbeddedEngine) -> Tracer:
    return engine if request.param == "embedded" else opa()


def opa() -> OpaEvalEngine:
    try:
        return OpaEvalEngine(opa_binary())
    except PartMissing as error:
        missing(str(error))


def test_what_is_printed_is_told_beside_the_outcome(tracer: Tracer) -> None:
    traced = tracer.trace(module(PRINTS), input_json=DOCUMENT, deadline=DEADLINE)

    assert traced.outcome.state is State.PASS
    assert traced.printed.splitlines() == ['asked for 1 {"a": 1}', "y is 2", "y is 3"]
    assert traced.outcome.duration_us > 0


def test_printing_without_end_is_cut(tracer: Tracer) -> None:
    document = f'{{"xs": {list(range(1, 8_000))}}}'

    traced = tracer.trace(module(LOUD), input_json=document, deadline=DEADLINE)

    assert len(traced.printed) <= MAX_PRINTED + len(CUT) + 1
    assert traced.printed.startswith("line 1\nline 2\n")
    assert CUT in traced.printed


def test_nothing_hangs_past_its_deadline(tracer: Tracer) -> None:
    started = time.monotonic()

    traced = tracer.trace(module(RUNAWAY), input_json="{}", deadline=0.7)

    assert time.monotonic() - started < 20
    assert traced.outcome.state is State.ERROR
    assert "stopped" in traced.outcome.error


def test_input_that_no_engine_takes_is_refused(tracer: Tracer) -> None:
    with pytest.raises(InvalidInput):
        tracer.trace(module(PASSES), input_json="[]", deadline=1)


def test_the_embedded_engine_answers_after_a_trace_as_before(engine: EmbeddedEngine) -> None:
    document = f'{{"xs": {list(range(1, 8_000))}}}'
    for _ in range(2):
        engine.trace(module(LOUD), input_json=document, deadline=DEADLINE)

    assert ask(engine, PASSES, {"x": 1}).state is State.PASS


@pytest.mark.opa
@pytest.mark.parametrize(("explain", "told"), [("fails", "Fail y = 3"), ("full", "Enter data.p")])
def test_opa_explains_how_it_came_to_its_answer(
    explain: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opa_eval, "EXPLAINABLE_US", 60_000_000)  # OPA may start slowly

    traced = opa().trace(module(PRINTS), input_json=DOCUMENT, deadline=DEADLINE, explain=explain)

    assert told in traced.trace
    assert "findings" not in traced.trace.splitlines()[-1]
    assert len(traced.trace) <= MAX_TRACE + len(CUT) + 1


@pytest.mark.opa
def test_what_runs_long_is_not_explained() -> None:
    traced = opa().trace(module(RUNAWAY), input_json="{}", deadline=1.2, explain="full")

    assert traced.trace == NOT_EXPLAINED
