"""Several inputs in one request to OPA: each is answered as if it had been asked alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence

import pytest

from policies.engines import opa, opa_asking, opa_surveys
from policies.engines.base import Bundle, InvalidInput, InvalidModule, Outcome, State
from policies.engines.opa import OpaEngine
from policies.engines.opa_server import Answer, OpaServer
from tests.policies.rego import DEADLINE, PASSES, bundle
from tests.support.opa import OpaServer as RealOpa
from tests.support.parts import PartMissing, missing

pytestmark = pytest.mark.opa

TELLS = """verdict := {"state": "pass", "findings": []} if input.x < 50

verdict := {"state": "fail", "findings": [{"msg": msg, "path": "/x"}]} if {
	input.x >= 50
	msg := sprintf("%d is too much", [input.x])
}"""
CONFLICTS = PASSES.replace("== 1", "> 0") + '\n\nverdict := {"a": 1} if input.x == 7'
UNDEFINED = PASSES.replace("== 1", "!= 9")
ENDLESS = """verdict := {"state": "pass", "findings": []} if not endless

endless if {
	input.x == 5
	some a in numbers.range(1, 20000)
	some b in numbers.range(1, 20000)
	a * b == -1
}"""
INPUTS = [json.dumps({"x": x}) for x in range(1, 101)]


class Told(OpaServer):
    """Keeps how many inputs were in each request."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.counts: list[int] = []

    def decide(self, path: str, *, text: str, until: float) -> Answer:
        self.counts.append(len(json.loads(text).get("many", [0])))
        return super().decide(path, text=text, until=until)


@pytest.fixture(scope="module")
def real_opa() -> Iterator[RealOpa]:
    try:
        server = RealOpa.start()
    except PartMissing as error:
        missing(str(error))
    yield server
    server.stop()


@pytest.fixture
def told(real_opa: RealOpa, monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told(real_opa.url)
    monkeypatch.setattr(opa, "OpaServer", lambda *_, **__: told)
    return told


@pytest.fixture
def engine(told: Told) -> Iterator[OpaEngine]:
    engine = OpaEngine("http://opa")
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, an answer counts as quick."""
    monkeypatch.setattr(opa_surveys, "QUICK_SECONDS", DEADLINE)


def ask(
    engine: OpaEngine, asked: Bundle, inputs: Sequence[str] = INPUTS, *, deadline: float = DEADLINE
) -> list[dict[str, Outcome]]:
    return engine.evaluate_many(asked, packages=asked.packages, inputs=inputs, deadline=deadline)


def answers(found: Sequence[dict[str, Outcome]]) -> list[dict[str, tuple[object, ...]]]:
    """What was answered, without how long it took."""
    return [
        {package: (each.state, each.findings, each.error) for package, each in outcomes.items()}
        for outcomes in found
    ]


def test_each_input_is_answered_as_when_it_is_asked_alone(engine: OpaEngine, told: Told) -> None:
    asked = bundle(TELLS, UNDEFINED, PASSES)

    together = ask(engine, asked)

    alone = [
        engine.evaluate(asked, packages=asked.packages, input_json=text, deadline=DEADLINE)
        for text in INPUTS
    ]
    assert answers(together) == answers(alone)
    assert together[49]["p0"].findings[0].msg == "50 is too much"
    assert together[8]["p1"].error == "verdict is undefined for this document"
    # The first mounts what the rest is asked by.
    assert told.counts[0] == 1
    assert sorted(count for count in told.counts if count > 1) == [24, 25, 25, 25]


def test_a_few_inputs_are_shared_by_all_connections(engine: OpaEngine, told: Told) -> None:
    asked = bundle(TELLS, PASSES.replace("== 1", "> 0"))
    ask(engine, asked, INPUTS[:1])
    told.counts.clear()

    ask(engine, asked, INPUTS[:8])

    assert told.counts == [2, 2, 2, 2]


def test_one_input_that_stops_the_evaluation_takes_no_other_with_it(
    engine: OpaEngine, told: Told
) -> None:
    asked = bundle(TELLS, CONFLICTS)

    found = ask(engine, asked)

    wrong = {place: outcomes for place, outcomes in enumerate(found) if "error" in states(outcomes)}
    assert list(wrong) == [6]
    assert wrong[6]["p0"].state is State.PASS
    assert "eval_conflict_error" in wrong[6]["p1"].error
    told.counts.clear()
    ask(engine, asked)
    assert set(told.counts) == {1}  # for a while, each is asked alone


def states(outcomes: dict[str, Outcome]) -> set[str]:
    return {each.state.value for each in outcomes.values()}


@pytest.mark.slow
def test_one_input_without_end_takes_no_other_with_it(
    engine: OpaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opa, "MANY_SECONDS", 1.0)
    asked = bundle(TELLS, ENDLESS)

    found = ask(engine, asked, INPUTS[:20], deadline=10.0)

    wrong = [place for place, outcomes in enumerate(found) if "error" in states(outcomes)]
    assert wrong == [4]
    assert "deadline" in found[4]["p1"].error


def test_large_inputs_are_not_put_together(
    engine: OpaEngine, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opa_surveys, "MANY_CHARACTERS", 3 * len(INPUTS[50]))
    asked = bundle(TELLS, PASSES.replace("== 1", "> 0"))

    found = ask(engine, asked)

    assert len(found) == 100
    assert max(told.counts) == 3


def test_no_slow_answers_are_waited_for_together(
    engine: OpaEngine, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opa_surveys, "QUICK_SECONDS", 0.0)

    ask(engine, bundle(TELLS, PASSES.replace("== 1", "> 0")))

    assert set(told.counts) == {1}


def test_an_input_that_no_engine_takes_is_refused_among_others(engine: OpaEngine) -> None:
    asked = bundle(TELLS, PASSES)
    ask(engine, asked, INPUTS[:1])

    with pytest.raises(InvalidInput, match="twice"):
        ask(engine, asked, [*INPUTS[:5], '{"x": 1, "x": 2}', *INPUTS[5:8]])


def test_answers_too_large_together_are_taken_alone(
    engine: OpaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = bundle(TELLS, PASSES.replace("== 1", "> 0"))
    ask(engine, asked, INPUTS[:1])
    monkeypatch.setattr(opa_asking, "MAX_ANSWER_BYTES", 600)

    found = ask(engine, asked)

    assert [states(outcomes) for outcomes in found[:49]] == [{"pass"}] * 49
    assert [states(outcomes) for outcomes in found[49:]] == [{"pass", "fail"}] * 51


@pytest.mark.slow
def test_neighbours_without_end_share_the_connections(
    engine: OpaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four inputs that all run into their deadline take one deadline, not four."""
    monkeypatch.setattr(opa, "MANY_SECONDS", 0.5)
    asked = bundle(TELLS, ENDLESS)
    same = [json.dumps({"x": 5, "n": n}) for n in range(4)]
    ask(engine, asked, INPUTS[:1])

    began = time.monotonic()
    found = ask(engine, asked, [*same, *INPUTS[10:18]], deadline=10.0)

    assert [place for place, each in enumerate(found) if "error" in states(each)] == [0, 1, 2, 3]
    assert time.monotonic() - began < 4 * 10.0


def test_each_input_has_its_own_deadline_for_what_is_asked_alone(engine: OpaEngine) -> None:
    asked = bundle(TELLS, *[UNDEFINED.replace("!= 9", "> 1000")] * 20)
    ask(engine, asked, INPUTS[:1])

    found = ask(engine, asked, INPUTS[:40], deadline=20.0)

    errors = {each.error for outcomes in found for each in outcomes.values() if each.error}
    assert errors == {"verdict is undefined for this document"}


def test_after_one_failure_nothing_is_begun_together(
    engine: OpaEngine, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opa_surveys, "MANY", 2)
    asked = bundle(TELLS, CONFLICTS)
    ask(engine, asked, INPUTS[:1])
    told.counts.clear()

    ask(engine, asked, [INPUTS[6]] * 40)

    assert told.counts.count(2) <= opa.CONNECTIONS


def test_what_the_bundle_lacks_is_refused_for_several_too(engine: OpaEngine) -> None:
    asked = bundle(TELLS, PASSES)
    ask(engine, asked, INPUTS[:1])

    with pytest.raises(InvalidModule, match="not in the bundle"):
        engine.evaluate_many(asked, packages=["p0", "q"], inputs=INPUTS, deadline=DEADLINE)
