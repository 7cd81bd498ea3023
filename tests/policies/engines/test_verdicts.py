from __future__ import annotations

import pytest

from policies.engines.base import Finding, State
from policies.engines.verdicts import MAX_FINDINGS, failed, outcome_of


@pytest.mark.parametrize("state", ["pass", "unknown", "not_applicable"])
def test_a_state_needs_no_findings_unless_it_fails(state: str) -> None:
    assert outcome_of({"state": state, "findings": []}).state == State(state)


def test_findings_are_sorted_by_path() -> None:
    outcome = outcome_of(
        {"state": "fail", "findings": [{"msg": "b", "path": "z"}, {"msg": "a", "path": "c"}]}
    )

    assert outcome.findings == (Finding("c", "a"), Finding("z", "b"))
    assert outcome.error == ""


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "pass",
        ["pass"],
        {},
        {"state": "pass"},
        {"findings": []},
        {"state": "pass", "findings": [], "more": 1},
        {"state": "PASS", "findings": []},
        {"state": "error", "findings": []},
        {"state": True, "findings": []},
        {"state": ["pass"], "findings": []},
        {"state": "pass", "findings": {}},
        {"state": "pass", "findings": None},
        {"state": "fail", "findings": []},
        {"state": "fail", "findings": ["why"]},
        {"state": "fail", "findings": [{"msg": "why"}]},
        {"state": "fail", "findings": [{"msg": "", "path": "x"}]},
        {"state": "fail", "findings": [{"msg": 1, "path": "x"}]},
        {"state": "fail", "findings": [{"msg": "why", "path": None}]},
        {"state": "fail", "findings": [{"msg": "why", "path": "x", "more": 1}]},
        {"state": "fail", "findings": [{"msg": "y" * 5000, "path": "x"}]},
        {"state": "fail", "findings": [{"msg": "why", "path": "x"}] * (MAX_FINDINGS + 1)},
        {"state": "fail", "findings": [{"msg": "a\0b", "path": "x"}]},
        {"state": "fail", "findings": [{"msg": "why", "path": "\ud800"}]},
    ],
)
def test_every_other_shape_is_an_error(value: object) -> None:
    outcome = outcome_of(value)

    assert outcome.state is State.ERROR
    assert outcome.error
    assert outcome.findings == ()


def test_the_text_of_an_error_can_be_stored_anywhere() -> None:
    assert failed("a\0b \ud800").error == "a\\0b \\ud800"
