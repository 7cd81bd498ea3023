"""Which of two sets of conditions asks for more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.rules.conditions import STRICTER, Conditions, Threshold, parsed, problems, schema

ROLES = st.sampled_from(["reader", "author", "approver", "deployer", "auditor", "admin"])
THRESHOLDS = st.fixed_dictionaries(
    {
        "metric": st.sampled_from(["f1", "latency"]),
        "operator": st.sampled_from([">=", ">", "<=", "<"]),
        "value": st.sampled_from([0.5, 0.8, 1]),
    },
    optional={
        "evaluator": st.sampled_from(["judge", "people"]),
        "max_age_days": st.integers(1, 30),
    },
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "approver_roles": st.lists(ROLES, unique=True),
        "distinct_roles": st.lists(ROLES, unique=True),
        "approval_max_age_days": st.integers(1, 30),
        "request_max_age_days": st.integers(1, 30),
        "thresholds": st.lists(
            THRESHOLDS, max_size=3, unique_by=lambda each: str(sorted(each.items()))
        ),
        "scan_verdicts": st.lists(st.sampled_from(["safe", "unknown"]), unique=True),
        "signature": st.sampled_from(["any", "trusted"]),
        "card_fields": st.lists(st.sampled_from(["intended_use", "limitations"]), unique=True),
        "card_accepted": st.booleans(),
        "forbidden_states": st.lists(st.sampled_from(["deprecated", "archived"]), unique=True),
        "source_stages": st.lists(st.sampled_from(["development", "staging"]), unique=True),
    },
)


# A machine under load is slow at drawing, not wrong.
patient = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def conditions(**body: Any) -> Conditions:
    assert problems(body) == []
    return parsed(body)


@patient
@given(BODIES)
def test_conditions_are_as_strict_as_themselves_and_as_none(body: dict[str, Any]) -> None:
    found = conditions(**body)

    assert found.is_as_strict_as(found)
    assert found.is_as_strict_as(Conditions())


@patient
@given(BODIES, BODIES, BODIES)
def test_strictness_carries_over(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    first, second, third = conditions(**one), conditions(**two), conditions(**three)

    if first.is_as_strict_as(second) and second.is_as_strict_as(third):
        assert first.is_as_strict_as(third)


@patient
@given(THRESHOLDS, THRESHOLDS, st.sampled_from([0.4, 0.5, 0.6, 0.8, 0.9, 1.0, 1.1]))
def test_what_passes_a_stricter_threshold_passes_the_milder_one(
    one: dict[str, Any], two: dict[str, Any], value: float
) -> None:
    stricter, milder = Threshold(**one), Threshold(**two)

    if stricter.is_as_strict_as(milder) and stricter.is_met_by(value):
        assert milder.is_met_by(value)


LOOSER = [
    ({"approver_roles": ["admin"]}, {"approver_roles": ["admin", "approver"]}),
    ({"approver_roles": ["admin"]}, {}),
    ({"distinct_roles": ["auditor", "approver"]}, {"distinct_roles": ["approver"]}),
    ({"approval_max_age_days": 3}, {"approval_max_age_days": 4}),
    ({"request_max_age_days": 3}, {}),
    ({"scan_verdicts": ["safe"]}, {"scan_verdicts": ["safe", "unknown"]}),
    ({"signature": "trusted"}, {"signature": "any"}),
    ({"card_fields": ["intended_use", "limitations"]}, {"card_fields": ["limitations"]}),
    ({"card_complete": True}, {"card_complete": False}),
    ({"card_accepted": True}, {}),
    ({"forbidden_states": ["deprecated"]}, {"forbidden_states": []}),
    ({"source_stages": ["staging"]}, {"source_stages": ["staging", "development"]}),
    (
        {"thresholds": [{"metric": "f1", "operator": ">=", "value": 0.8}]},
        {"thresholds": [{"metric": "f1", "operator": ">=", "value": 0.7}]},
    ),
    (
        {"thresholds": [{"metric": "f1", "operator": ">", "value": 0.8}]},
        {"thresholds": [{"metric": "f1", "operator": ">=", "value": 0.8}]},
    ),
    (
        {"thresholds": [{"metric": "ms", "operator": "<=", "value": 80, "max_age_days": 9}]},
        {"thresholds": [{"metric": "ms", "operator": "<=", "value": 80}]},
    ),
]


@pytest.mark.parametrize(("strict", "loose"), LOOSER, ids=str)
def test_asking_for_less_is_noticed(strict: dict[str, Any], loose: dict[str, Any]) -> None:
    assert conditions(**strict).is_as_strict_as(conditions(**loose))
    assert not conditions(**loose).is_as_strict_as(conditions(**strict))


def test_every_condition_of_the_schema_has_its_comparison() -> None:
    assert set(STRICTER) == set(schema()["properties"])


WRONG = [
    ({"aprover_roles": []}, "conditions"),
    ({"approver_roles": ["king"]}, "conditions.approver_roles[0]"),
    ({"request_max_age_days": 31}, "conditions.request_max_age_days"),
    ({"approval_max_age_days": True}, "conditions.approval_max_age_days"),
    ({"thresholds": [{"metric": "f1", "operator": "==", "value": 1}]}, "thresholds[0].operator"),
    ({"thresholds": [{"metric": "f1", "operator": ">", "value": "1"}]}, "thresholds[0].value"),
    ({"signature": "maybe"}, "conditions.signature"),
    ([], "conditions"),
]


@pytest.mark.parametrize(("body", "path"), WRONG, ids=str)
def test_what_is_wrong_is_told_with_its_place(body: Any, path: str) -> None:
    (found, *_) = problems(body)

    assert found[0].endswith(path)
    assert found[1]
