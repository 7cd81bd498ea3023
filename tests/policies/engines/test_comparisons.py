"""Conditions that engines answer differently: refused by the lint, or equal in both engines."""

from __future__ import annotations

import pytest

from policies.engines import lint
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from tests.policies.rego import ask, module
from tests.support.opa import OpaServer

REFUSED = [
    '"abc" > 3',
    "null < 3",
    "true < 3",
    'not 5 >= "9"',
    '5 < "9"',
    "not null >= 4",
    'max(["a", 3]) == 3',
    'min(["a", 3]) == 3',
    'sort(["a", 3]) == [3, "a"]',
    'concat(",", {"b", "a"}) == "a,b"',
    "max([9, 10]) == 9",
    "min([x | some x in input.xs; is_number(x)]) == 1",
    "sort([x | some x in input.xs; is_number(x)]) == [1, 2]",
    "sum(input.xs) == 3",
    "product([x | some x in input.xs; is_string(x)]) == 1",
    "input.n < 3",
    "is_number(input.xs[_]); input.xs[_] < 3",
    "some x in input.xs; not is_number(x); x < 3",
    "is_number(n); count([x | some n in input.xs; x := n < 3]) == 1",
    "input.n == input.n < 3",
    'input.s == "\\u00e9"',
]
EQUAL = [
    'input.s == "é"',
    '"é" in {input.s}',
    "count(input.s) == 1",
    "is_number(input.n); input.n < 3",
    "is_number(input.s); input.s < 3",
    "is_number(input.n); not input.n >= 3",
    'max([x | some x in input.xs; is_string(x)]) == "a"',
    "sum([x | some x in input.xs; is_number(x)]) == 3",
    "count(input.xs) + 1 > n",
]
DOCUMENT = {"s": "é", "n": 2, "xs": [1, "a", 2]}


def rules(condition: str) -> str:
    passes = '{"state": "pass", "findings": []}'
    fails = '{"state": "fail", "findings": [{"msg": "no", "path": ""}]}'
    return f"verdict := {passes} if {{\n\t{condition}\n}} else := {fails}\n\nn := 3"


@pytest.mark.parametrize("condition", REFUSED)
def test_what_engines_answer_differently_is_refused(condition: str) -> None:
    assert lint.check(module(rules(condition))) != []


@pytest.mark.parametrize("condition", EQUAL)
def test_what_is_shown_to_be_of_one_type_is_taken(condition: str) -> None:
    assert lint.check(module(rules(condition))) == []


@pytest.mark.opa
def test_engines_agree_on_what_is_taken(engine: EmbeddedEngine, opa_server: OpaServer) -> None:
    opa = OpaEngine(opa_server.url)
    try:
        for condition in EQUAL:
            ours = ask(engine, rules(condition), DOCUMENT)
            assert ours.error == "", condition
            assert ours.answer == ask(opa, rules(condition), DOCUMENT).answer, condition
    finally:
        opa.prune(keep=[])
        opa.close()


@pytest.mark.parametrize("state", ['"pass"', "`pass`", '"p\\u0061ss"', '"error"', "1"])
def test_a_default_states_fail_or_unknown(state: str) -> None:
    body = f'default verdict := {{"state": {state}, "findings": []}}\n\n{rules("input.x")}'

    assert any("passing is earned" in each.message for each in lint.check(module(body)))
