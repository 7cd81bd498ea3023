"""Whether a policy can tell the time."""

from __future__ import annotations

import pytest

from policies.engines.moments import reads_now, reads_observed_at
from tests.policies.rego import module


@pytest.mark.parametrize(
    "body",
    [
        'verdict := input.now < "2026"',
        'verdict := input["now"] < "2026"',
        "verdict := input[name]",
        'verdict := object.get(input, concat("", ["n", "ow"]), "")',
        "verdict := {v | some v in input}",
        "verdict := input",
        'verdict := input["n\\u006fw"]',
        'verdict := input["now"].x',
    ],
)
def test_what_may_reach_the_time_reads_it(body: str) -> None:
    assert reads_now(module(body))


@pytest.mark.parametrize(
    "body",
    [
        "verdict := input.resource.now",
        'verdict := input["resource"]["type"]',
        'now := 1\n\nverdict := input.reason == "now"',
        "# input.now\nverdict := input.version.spec[name]",
    ],
)
def test_what_names_other_fields_does_not(body: str) -> None:
    assert not reads_now(module(body))


@pytest.mark.parametrize(
    ("rule", "dated"),
    [
        ("x := input.resource.type", False),
        ("x := input.configuration.observed_at", False),
        ("x := input.resource.observed_at", True),
        ("x := input.resource", True),
        ('x := input.resource["observed_at"]', True),
        ("x := input", True),
        ("x := input[name]", True),
    ],
)
def test_policies_that_may_read_when_it_was_observed_are_found(rule: str, dated: bool) -> None:
    assert reads_observed_at(module(f"package p\n{rule}\n")) is dated
