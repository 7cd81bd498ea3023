"""Every rule counts on its own; of what they ask for the most restrictive wins."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ids import new_uuid
from policies.engines.base import State
from policies.gate import verdict_of
from policies.models import (
    Assignment,
    DocumentKind,
    Effect,
    Evaluation,
    Exemption,
    Policy,
    PolicyVersion,
)
from policies.queries.assignments import Rule
from policies.queries.questions import Question
from policies.services.decided import Decided
from policies.services.evaluation import Assessment
from registry.gates.base import Outcome
from registry.models import Workspace

# The first draw loads modules, which counts as slow on a machine that does other things too.
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
FAR = datetime(2030, 1, 1, tzinfo=UTC)
RANK = {Outcome.PASS: 0, Outcome.REQUIRE_APPROVAL: 1, Outcome.REFUSE: 2}
METADATA = {
    "title": "A policy",
    "description": "",
    "severity": "high",
    "controls": [],
    "remediation": "",
    "input_kinds": ["configuration"],
    "parameters": {},
    "related_resources": [],
}


@dataclass(frozen=True)
class Told:
    """What one rule says and how it is assigned."""

    effect: Effect
    is_enforced: bool
    is_exempt: bool
    state: State


RULES = st.builds(
    Told,
    effect=st.sampled_from([each for each in Effect if each != Effect.DISABLED]),
    is_enforced=st.booleans(),
    is_exempt=st.booleans(),
    state=st.sampled_from(State),
)


def assessment(told: Told) -> Assessment:
    version = PolicyVersion(policy=Policy(name="p"), number=1, metadata=METADATA)
    rule = Rule(Assignment(effect=told.effect), version, told.effect, is_enforced=told.is_enforced)
    question = Question(
        rule=rule,
        workspace=Workspace(slug="prod"),
        kind=DocumentKind.CONFIGURATION,
        subject="it",
        document={},
    )
    exemption = Exemption(category="waiver", expires_at=FAR) if told.is_exempt else None
    decided = Decided(Evaluation(), version, told.state.value, hex=new_uuid().hex)
    return Assessment(question, decided, exemption)


def outcome(*rules: Told) -> Outcome:
    return verdict_of("policies", [assessment(each) for each in rules], binding="").outcome


@RELAXED
@given(rules=st.lists(RULES, max_size=8), seed=st.integers(0, 99))
def test_the_order_of_rules_does_not_matter(rules: list[Told], seed: int) -> None:
    shuffled = list(rules)
    random.Random(seed).shuffle(shuffled)

    assert outcome(*shuffled) == outcome(*rules)


@RELAXED
@given(rules=st.lists(RULES, min_size=1, max_size=8))
def test_together_they_are_as_strict_as_the_strictest_alone(rules: list[Told]) -> None:
    alone = [outcome(each) for each in rules]

    assert outcome(*rules) == max(alone, key=lambda each: RANK[each])


@RELAXED
@given(rules=st.lists(RULES, max_size=6), more=RULES)
def test_another_rule_never_makes_it_milder(rules: list[Told], more: Told) -> None:
    assert RANK[outcome(*rules, more)] >= RANK[outcome(*rules)]


@pytest.mark.parametrize("state", [State.FAIL, State.ERROR, State.UNKNOWN])
@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (Effect.DENY, Outcome.REFUSE),
        (Effect.REQUIRE_APPROVAL, Outcome.REQUIRE_APPROVAL),
        (Effect.MODIFY, Outcome.PASS),
        (Effect.MANUAL, Outcome.PASS),
        (Effect.WARN, Outcome.PASS),
        (Effect.AUDIT, Outcome.PASS),
    ],
)
def test_what_each_effect_does(effect: Effect, expected: Outcome, state: State) -> None:
    assert outcome(Told(effect, is_enforced=True, is_exempt=False, state=state)) == expected
    assert outcome(Told(effect, is_enforced=False, is_exempt=False, state=state)) == Outcome.PASS
    assert outcome(Told(effect, is_enforced=True, is_exempt=True, state=state)) == Outcome.PASS
