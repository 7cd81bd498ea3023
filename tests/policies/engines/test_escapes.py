"""Text with quotes, backslashes, line breaks and rare letters: where engines differ, and what the
lint does about it."""

from __future__ import annotations

import json

import pytest

from policies.engines import lint
from policies.engines.base import Engine, State
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa_eval import OpaEvalEngine
from policies.engines.rego_builtins import ALLOWED
from tests.policies.rego import PASSES, ask, module
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

TOLD = 'verdict := {{"state": "fail", "findings": [{{"msg": json.marshal({}), "path": ""}}]}}'
TEXTS = (
    "plain",
    'a "quoted" word',
    "back\\slash",
    "two\nlines",
    "tab\there",
    "größe",
    "日本",
    "😀",
)
SAFE = (
    "input.x",
    'contains(input.x, "\\n")',
    'startswith(input.x, "two")',
    'replace(input.x, "\\n", "-")',
    'concat("-", [input.x, "end"])',
    "json.is_valid(input.x)",
    'input.x == "two\\nlines"',
    '[y | some y in ["plain", "back\\\\slash"]; y == input.x]',
    "object.keys({input.x: 1})",
)
REFUSED = (
    "base64.encode(input.x)",
    "base64url.encode(input.x)",
    "hex.encode(input.x)",
    "crypto.md5(input.x)",
    "crypto.sha1(input.x)",
    "crypto.sha256(input.x)",
    "yaml.marshal(input.x)",
)


@pytest.fixture(scope="module")
def opa() -> OpaEvalEngine:
    try:
        return OpaEvalEngine(opa_binary())
    except PartMissing as error:
        missing(str(error))


def told(engine: Engine, expression: str, text: str) -> object:
    """The value of the expression, as the engine tells it."""
    outcome = ask(engine, TOLD.format(expression), {"x": text})
    assert outcome.state is State.FAIL, outcome.error
    return json.loads(outcome.findings[0].msg)


@pytest.mark.opa
@pytest.mark.parametrize("expression", SAFE)
def test_engines_agree_on_what_the_lint_takes(
    engine: EmbeddedEngine, opa: OpaEvalEngine, expression: str
) -> None:
    assert lint.check(module(TOLD.format(expression))) == []
    for text in TEXTS:
        assert told(engine, expression, text) == told(opa, expression, text), text


@pytest.mark.opa
@pytest.mark.parametrize("expression", REFUSED)
def test_what_they_do_not_agree_on_is_refused(
    engine: EmbeddedEngine, opa: OpaEvalEngine, expression: str
) -> None:
    (problem,) = lint.check(module(TOLD.format(expression)))

    assert "engines answer it differently for text with" in problem.message
    assert expression.partition("(")[0] not in ALLOWED
    assert told(engine, expression, "two\nlines") != told(opa, expression, "two\nlines")


@pytest.mark.parametrize(
    "body",
    [
        'verdict := {"state": "pass", "findings": []} if net.cidr_contains("10.0.0.0/8", input.x)',
        'verdict := {"state": "pass", "findings": []} if '
        'time.parse_rfc3339_ns("2024-01-01T00:00:00Z") > 0',
        "verdict := sprintf(`%q`, [input.x])",
        "verdict { true }",
    ],
)
def test_what_regopy_lets_through_never_passes_and_is_never_stored(
    engine: EmbeddedEngine, body: str
) -> None:
    assert ask(engine, body, {"x": "10.0.0.1"}).state is State.ERROR
    assert lint.check(module(body)) != []


TRIMMED = """
verdict := {"state": "fail", "findings": [{"msg": trim(input.x, " "), "path": "x"}]}
"""
COLLECTED = """
verdict := {"state": "fail", "findings": found}

found contains {"msg": "told", "path": trim(input.x, " ")} if input.x
"""


@pytest.mark.parametrize("body", [TRIMMED, COLLECTED])
@pytest.mark.parametrize(
    "text",
    [
        'x", "path": "forged"}, {"msg": "y',
        'x", "path": "y", "msg": "forged',
        'x", "msg": "forged',
        'x", "path": ""}], "state": "pass", "findings": [{"msg": "y',
        'x"}], "state": "pass", "findings": [{"msg": "z", "path": "y',
        'one "quoted" word',
    ],
)
def test_text_that_a_function_unescaped_cannot_become_part_of_the_verdict(
    engine: EmbeddedEngine, body: str, text: str
) -> None:
    assert lint.check(module(body)) == []

    outcome = ask(engine, body, {"x": text})

    assert outcome.state is State.ERROR
    assert outcome.findings == ()
    assert ask(engine, body, {"x": " plain "}).state is State.FAIL


COMPARES = 'verdict := {"state": "pass", "findings": []} if trim(input.x, " /") == "Disabled"'


@pytest.mark.parametrize("text", ['"Disabled"', ' "Disabled"\n', '/"Disabled"/'])
def test_quotes_that_trim_would_take_off_are_an_error_and_never_a_pass(
    engine: EmbeddedEngine, text: str
) -> None:
    outcome = ask(engine, COMPARES, {"x": text})

    assert outcome.state is State.ERROR
    assert "wholly in quotes" in outcome.error
    assert ask(engine, PASSES, {"x": 1, "y": text}).state is State.PASS
    assert ask(engine, COMPARES, {"x": " Disabled/", "y": 'say "no" here'}).state is State.PASS
    assert (
        engine.trace(module(COMPARES), input_json=json.dumps({"x": text}), deadline=5).outcome.state
        is State.ERROR
    )
