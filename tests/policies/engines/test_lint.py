from __future__ import annotations

import importlib.util
import json
import subprocess

import pytest

from policies.engines import lint
from policies.engines.base import Module
from policies.engines.rego_builtins import ALLOWED, refusal
from tests.policies.rego import module
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

OK = 'verdict := {"state": "pass", "findings": []} if input.x == 1'


def problems(body: str) -> list[str]:
    return [problem.message for problem in lint.check(module(body))]


@pytest.mark.parametrize(
    "body",
    [
        OK,
        f"import rego.v1\n\n{OK}",
        f'default verdict := {{"state": "unknown", "findings": []}}\n\n{OK}',
        'verdict := {"state": state, "findings": []}\n\nstate := "pass" if input.x\nelse := "fail"',
        'verdict := x if {\n\tsome x in input.xs\n\tcontains(x.name, "a")\n}',
        "verdict := [y | some x in input.xs; y := f(x)]\n\nf(x) := x + 1",
        "verdict := x if {\n\tx := count({k | some k in object.keys(input.o)})\n}",
        "verdict := x if {\n\tx := count({k | some [k, _] in input.pairs})\n}",
        "verdict := 1 if {\n\tevery k, v in input.o {\n\t\tk != v\n\t}\n}",
        "verdict := names\n\nnames contains n if some n in input.names",
        "verdict := table\n\ntable[k] := v if some k, v in input.o",
        "verdict := 1 if {\n\t[a, b] := input.pair\n\ta == b\n}",
        "verdict := input.list[_].name",
        "verdict := 1 if not other\n\nother if input.y",
        "verdict := 1 if {\n\tsome x in input.xs\n\tnot f(x)\n}\n\nf(x) if x.good",
        'verdict := concat(" ", ["all of", json.marshal(1)])',
        "verdict := x +\n\t1 if {\n\tx := input.x\n}",
    ],
)
def test_sound_policies_have_no_problems(body: str) -> None:
    assert problems(body) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        # What regopy compiles and silently answers undefined, or under not even true.
        ("verdict := 1 if a == b", "a is declared nowhere"),
        ("verdict := 1 if not y_typo", "y_typo is declared nowhere"),
        ("verdict := 1 if inptu.x", "inptu is declared nowhere"),
        ("verdict := 1 if not data.p.typo", "data is refused"),
        ("verdict := nofn(1)", "no function that is known"),
        ("verdict := count(1, 2)", "count takes 1 arguments, not 2"),
        ("verdict := f(1, 2)\n\nf(x) := x", "f takes 1 arguments, not 2"),
        ("verdict := f\n\nf(x) := x", "f is a function and must be called"),
        ("verdict := f(1)\n\nf := 2", "f is no function"),
        ("verdict := 1 if {\n\ta := 1\n\ta := 2\n\ta > 0\n}", "a is declared twice"),
        ("verdict := a\n\na := b\n\nb := a", "a depends on itself"),
        ("verdict := f(1)\n\nf(x) := f(x)", "f depends on itself"),
        ("verdict := 1 if {\n\tsome x\n\tinput.xs[x]\n}", "a bare some binds nothing"),
        ("verdict := 1 if {\n\tx == 1\n\tx := input.x\n}", "x is declared nowhere"),
        ("verdict := 1 if {\n\tx := x + 1\n}", "used before it is declared"),
        ("verdict := x if [x | some x in input.xs]", "x is declared nowhere"),
        ("verdict := 1 if x = input.x", "x is declared nowhere"),
        ("verdict := 1 if {\n\tx := input.x\n}", "declared and never used"),
        ("verdict := f(1)\n\nf(x) := 1", "declared and never used"),
        ("verdict := 1 if {\n\t{a} := input.x\n\ta\n}", "only names and arrays of names"),
        ("verdict := 1 if _ == input.x", "_ stands only for an index"),
        # What engines answer differently.
        ("verdict := 1 if not is_string(input.x)", "under not, calls and in take locals"),
        ("verdict := 1 if not input.x in [1]", "under not, calls and in take locals"),
        ("verdict := 1 if not f(r)\n\nf(x) if x\n\nr := 1", "under not, calls and in take"),
        ('verdict := 1 if not f(g("a"))\n\nf(x) if x\n\ng(x) := x', "under not, calls and in"),
        ('verdict := time.parse_rfc3339_ns("2026-01-01T00:00:00Z")', "engines answer it diff"),
        ("verdict := trim_space(input.x)", "engines answer it differently"),
        ("verdict := [k | some k, v in input.o; v == 1]", "in a comprehension some takes one"),
        ('verdict := sprintf("%v", [input.x])', "engines answer it differently once"),
        ('verdict := net.cidr_contains("10.0.0.0/8", input.x)', "not every engine has it"),
        # What reads more than the input, or cannot be replayed.
        ("verdict := bits.lsh(1, input.n)", "of as many bits as it is told"),
        ("verdict := opa.runtime()", "reads its input and nothing else"),
        ('verdict := http.send({"url": "x"})', "reads its input and nothing else"),
        ("verdict := time.now_ns()", "its answer changes"),
        ('verdict := rand.intn("x", 2)', "its answer changes"),
        ("verdict := print(input.x)", "no effect on a verdict"),
        ("verdict := 1 if input.x == 2 with input.x as 2", "with is not expected here"),
        ("import data.lib\n\nverdict := lib.x", "only rego.v1 may be imported"),
        ("import input.x\n\nverdict := x", "only rego.v1 may be imported"),
        # Rego v0, and text that is no Rego at all.
        ('verdict = "x" { input.x }', "expected if before the body"),
        ("verdict { input.x }", "expected if before the body"),
        ("verdict := 1\n\nf(x) = 1 { x }", "expected if before the body"),
        ("verdict := 1\n\np[x] { x := 1 }", "expected if before the body"),
        ("verdict := 1\n  other := 2", "second assignment in the head"),
        ("verdict := 1\n\na.b := 2", "one plain word"),
        ("verdict := 1 if {}", "body of a rule is empty"),
        ("verdict := 1 if", "body of a rule is empty"),
        ("verdict := if input.x", "a value is missing"),
        ("verdict := (1", "( is never closed"),
        ("verdict := 1]", "] closes nothing"),
        ('verdict := $"{input.x}"', "template strings are not taken"),
        ("verdict := 1 ? 2", "unexpected character"),
        # The entrypoint.
        ("allow := 1", "needs a rule named verdict"),
        ("default verdict := 1", "needs a rule named verdict"),
        ("verdict if input.x", "must be a rule with a value"),
        ("verdict contains 1 if input.x", "must be a rule with a value"),
        ("verdict(x) := x", "must be a rule with a value"),
        (f'default verdict := {{"state": "pass", "findings": []}}\n\n{OK}', "passing is earned"),
        ("verdict := 1\n\ninput := 2", "input cannot be the name"),
        ("verdict := 1 if {\n\tinput := 2\n\tinput\n}", "input cannot be the name"),
    ],
)
def test_unsound_policies_are_refused(body: str, reason: str) -> None:
    found = problems(body)

    assert any(reason in message for message in found), found


def test_a_problem_says_where_it_is() -> None:
    found = lint.check(Module("p.rego", "package p\n\nverdict := 1 if {\n\tinptu.x\n}\n"))

    assert [str(problem) for problem in found] == ["p.rego:4:2: inptu is declared nowhere"]


def test_every_allowed_builtin_exists_in_both_engines_with_its_arity() -> None:
    if importlib.util.find_spec("regopy") is None:
        missing("regopy is not installed")
    from regopy import Interpreter

    try:
        listed = subprocess.run(
            [str(opa_binary()), "capabilities", "--current"], capture_output=True, check=True
        )
    except PartMissing as error:
        missing(str(error))
    arities = {
        each["name"]: len(each["decl"].get("args", []))
        for each in json.loads(listed.stdout)["builtins"]
        if not each.get("deprecated") and not each.get("nondeterministic")
    }
    interpreter = Interpreter()

    assert {name: arities.get(name) for name in ALLOWED} == ALLOWED
    assert [name for name in ALLOWED if not interpreter.is_builtin(name)] == []
    assert [name for name in ALLOWED if refusal(name)] == []


@pytest.mark.parametrize("name", ["http.send", "net.cidr_merge", "io.jwt.decode", "made.up"])
def test_other_builtins_are_refused_with_a_reason(name: str) -> None:
    assert refusal(name).startswith(name)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"verdict := {'[' * 5_000}1{']' * 5_000}", "nested deeper than 64 levels"),
        (f"verdict := {'count(' * 5_000}1{')' * 5_000}", "nested deeper than 64 levels"),
        ("\n".join(f"r{n} := r{n + 1}" for n in range(12_000)), "at most 20000"),
        (f"verdict := {'|'.join(['{1}'] * 30_000)}", "at most 20000"),
    ],
)
def test_what_would_take_the_lint_for_ever_is_refused_at_once(body: str, reason: str) -> None:
    (found,) = problems(body)

    assert reason in found
