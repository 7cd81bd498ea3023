"""Functions that both engines have and answer differently: each is refused, with good reason."""

from __future__ import annotations

from typing import Any

import pytest

from policies.engines import lint
from policies.engines.base import State
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa_eval import OpaEvalEngine
from policies.engines.rego_builtins import ALLOWED
from tests.policies.rego import ask, module
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

TOLD = 'verdict := {{"state": "fail", "findings": [{{"msg": json.marshal({}), "path": ""}}]}}'
DOCUMENT: dict[str, Any] = {
    "o": {"a": {"b": [1, {"c": 2}]}, "e": 1},
    "scores": [9, 10],
    "words": ["1", "2"],
}
REFUSED = [
    "base64.is_valid(`K`)",
    "bits.rsh(input.scores[0], 64)",
    "format_int(0 - input.scores[0], 16)",
    'json.filter(input.o, ["/a"])',
    'json.remove(input.o, [["a", "b", 0]])',
    "json.patch(input.o, [{`op`: `move`, `from`: `/e`, `path`: `/z`}, "
    "{`op`: `test`, `path`: `/e`, `value`: 1}])",
    "object.subset({}, input.words)",
    "regex.find_all_string_submatch_n(`b*`, `abcabc`, -1)",
    "regex.find_n(`b*`, `abcabc`, -1)",
    "regex.is_valid(`(?=a)`)",
    "regex.replace(`abc`, `(a)(b)`, `${1}`)",
    "time.diff(0, 1709164800000000000)",
    "urlquery.decode_object(`a`)",
]
MISLED = ["max(input.scores)", "min(input.scores)", "sort(input.scores)", "sum(input.words)"]


@pytest.fixture(scope="module")
def opa() -> OpaEvalEngine:
    try:
        return OpaEvalEngine(opa_binary())
    except PartMissing as error:
        missing(str(error))


@pytest.mark.parametrize("expression", [*REFUSED, *MISLED])
def test_what_differs_is_not_stored(expression: str) -> None:
    assert lint.check(module(TOLD.format(expression))) != []


@pytest.mark.opa
@pytest.mark.parametrize("expression", [*REFUSED, *MISLED])
def test_what_is_refused_does_differ(
    engine: EmbeddedEngine, opa: OpaEvalEngine, expression: str
) -> None:
    body = TOLD.format(expression)

    assert (expression.partition("(")[0] in ALLOWED) == (expression in MISLED)
    assert ask(engine, body, DOCUMENT).answer != ask(opa, body, DOCUMENT).answer


ROUNDS = 'verdict := {"state": "pass", "findings": []} if {\n\tn := ceil(input.n)\n\tn < 3\n}'


@pytest.mark.parametrize("number", [1e21, -1e21, 2.0**63])
def test_a_number_that_regopy_cannot_round_is_an_error_and_never_a_pass(
    engine: EmbeddedEngine, number: float
) -> None:
    outcome = ask(engine, ROUNDS, {"n": number})

    assert outcome.state is State.ERROR
    assert "rounds" in outcome.error
    assert (
        ask(engine, ROUNDS, {"n": 1.5, "id": "0000:1e21-9223372036854775808"}).state is State.PASS
    )
