"""How many inputs the OPA engine has under evaluation at a time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import pytest

from policies.engines.base import Bundle, State
from policies.engines.opa import CONNECTIONS, FEW_CONNECTIONS, OpaEngine
from tests.policies.lying_opa import Handler, lying_opa
from tests.policies.rego import PASSES, bundle

INPUTS = [json.dumps({"x": number}) for number in range(60)]
ANSWER = {"state": "pass", "findings": []}


class Counting:
    """Answers each survey of a bundle after some seconds, and counts those it works on at once."""

    def __init__(self, packages: tuple[str, ...], seconds: float) -> None:
        self.seconds, self.most, self._now = seconds, 0, 0
        self._body = json.dumps({"result": dict.fromkeys(packages, ANSWER)})
        self._lock = threading.Lock()

    def as_method(self) -> Callable[[Handler], None]:
        """What a handler's class takes for its ``do_POST``."""

        def answer(handler: Handler) -> None:
            handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
            with self._lock:
                self._now += 1
                self.most = max(self.most, self._now)
            time.sleep(self.seconds)
            with self._lock:
                self._now -= 1
            handler.answer(200, self._body)

        return answer


@pytest.fixture
def two() -> Bundle:
    return bundle(PASSES, PASSES)


def most_at_once(engine: OpaEngine, two: Bundle, counting: Counting, *, inputs: int) -> int:
    counting.most = 0
    answers = engine.evaluate_many(
        two, packages=two.packages, inputs=INPUTS[:inputs], deadline=30.0
    )
    assert [{each.state for each in answer.values()} for answer in answers] == [
        {State.PASS} for _ in range(inputs)
    ]
    return counting.most


def test_it_asks_more_at_a_time_once_answers_come_quickly_and_fewer_when_they_do_not(
    two: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(two.packages, seconds=0.3)
    monkeypatch.setattr(Handler, "do_POST", counting.as_method())
    with lying_opa("true") as server:
        engine = OpaEngine(server.url)

        assert most_at_once(engine, two, counting, inputs=10) == FEW_CONNECTIONS
        counting.seconds = 0.03
        assert most_at_once(engine, two, counting, inputs=10) == FEW_CONNECTIONS
        assert FEW_CONNECTIONS < most_at_once(engine, two, counting, inputs=60) <= CONNECTIONS
        counting.seconds = 0.3
        most_at_once(engine, two, counting, inputs=4)
        assert most_at_once(engine, two, counting, inputs=10) == FEW_CONNECTIONS
        engine.close()
