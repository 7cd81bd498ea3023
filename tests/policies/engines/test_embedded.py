"""The embedded engine against the traps of regopy, each of which was measured without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policies.engines.base import (
    Bundle,
    EngineUnavailable,
    InvalidInput,
    InvalidModule,
    Module,
    State,
)
from policies.engines.embedded import EmbeddedEngine
from tests.policies.rego import DEADLINE, PASSES, ask, ask_text, bundle, module

ROOT = Path(__file__).resolve().parents[3]


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
        "\u2028\u2029\x7f",
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

    outcome = ask(engine, body, {"noise": "\n\txx" * 5000})

    assert outcome.state is State.PASS
    assert ask(engine, PASSES, {"x": 1}).state is State.PASS


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
