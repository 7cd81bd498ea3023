"""What the lint asks for, and that the guard it asks for makes engines agree."""

from __future__ import annotations

import pytest

from policies.engines.advice import advice
from policies.engines.base import Module, State
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa_eval import OpaEvalEngine
from tests.policies.rego import PASSES, ask, module
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

PLAIN = 'verdict := {"state": "pass", "findings": []} if lower(input.x) == "kind"'
GUARDED = """
verdict := {"state": "pass", "findings": []} if {
	regex.match(`^[ -~]*$`, input.x)
	lower(input.x) == "kind"
}
"""
BY_FUNCTION = """
verdict := {"state": "pass", "findings": []} if folded(input.x) == "kind"

folded(text) := lower(text) if is_ascii(text)

is_ascii(text) if regex.match(`^[ -~]*$`, text)
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (PLAIN, "lower changes ASCII letters alone in regopy"),
        (PLAIN.replace("lower", "upper"), "upper changes ASCII letters alone"),
        (PLAIN.replace("lower(input.x)", "substring(input.x, 0, 1)"), "substring counts the esc"),
        (PLAIN.replace("lower(input.x)", 'split(input.x, ",")[0]'), "split of a text with"),
    ],
)
def test_a_guard_is_asked_for_with_its_place(body: str, told: str) -> None:
    (found,) = advice(module(body))

    assert told in found.message
    assert (found.line, found.column) == (3, 49)


@pytest.mark.parametrize("body", [PASSES, GUARDED, BY_FUNCTION])
def test_what_is_guarded_gets_no_advice(body: str) -> None:
    assert advice(module(body)) == []


def test_text_that_is_no_rego_gets_none() -> None:
    assert advice(Module("p.rego", "package p\n\nverdict := {")) == []


@pytest.mark.opa
@pytest.mark.parametrize("word", ["KIND", "\u212aind", "k\u0130nd", "k\u0131nd", "é"])
def test_engines_agree_behind_the_guard(engine: EmbeddedEngine, word: str) -> None:
    try:
        opa = OpaEvalEngine(opa_binary())
    except PartMissing as error:
        missing(str(error))

    ours, theirs = ask(engine, GUARDED, {"x": word}), ask(opa, GUARDED, {"x": word})

    assert ours.answer == theirs.answer
    assert (ours.state is State.PASS) == (word == "KIND")


@pytest.mark.opa
@pytest.mark.parametrize("word", ["\u212aind", "k\u0130nd"])
def test_without_the_guard_the_embedded_engine_refuses_to_answer(
    engine: EmbeddedEngine, word: str
) -> None:
    try:
        opa = OpaEvalEngine(opa_binary())
    except PartMissing as error:
        missing(str(error))

    outcome = ask(engine, PLAIN, {"x": word})

    assert outcome.state is State.ERROR
    assert "guard the call" in outcome.error
    assert ask(opa, PLAIN, {"x": word}).state is State.PASS
    # Prose in which such a letter stands among others of its alphabet is no matter.
    assert ask(engine, PLAIN, {"x": "kind", "y": "İstanbul'da bir gün"}).state is State.PASS
