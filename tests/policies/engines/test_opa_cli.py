"""The OPA command line: strict compiler and test runner."""

from __future__ import annotations

import pytest

from policies.engines.base import EngineUnavailable, Module
from policies.engines.opa_cli import OpaCli, find_opa
from tests.policies.rego import PASSES, bundle
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

CONFLICT = 'verdict := {"state": "pass", "findings": []}\n\nverdict := {"a": 1} if input.x == 1'


@pytest.fixture(scope="module")
def opa() -> OpaCli:
    try:
        return OpaCli(opa_binary())
    except PartMissing as error:
        missing(str(error))


@pytest.mark.opa
def test_the_strict_compiler_refuses_what_the_lint_and_the_server_do_not_know(
    opa: OpaCli,
) -> None:
    report = opa.check(bundle(PASSES.replace("input.x == 1", "count(1) == 1"), PASSES))

    (problem,) = report.problems
    assert (problem.path, problem.line) == ("p0.rego", 3)
    assert opa.version in report.checked_by
    assert opa.check(bundle(PASSES)).ok


@pytest.mark.opa
def test_the_tests_of_a_policy_are_run_and_counted(opa: OpaCli) -> None:
    asked = bundle(PASSES)
    head = "package p0_test\n\nimport data.p0\n\n"
    good = 'test_one if p0.verdict.state == "pass" with input as {"x": 1}\n'
    bad = 'test_two if p0.verdict.state == "pass" with input as {"x": 2}\n'

    passed = opa.test(asked, tests=[Module("p0_test.rego", head + good)])
    failed = opa.test(asked, tests=[Module("p0_test.rego", head + good + bad)])
    empty = opa.test(asked, tests=[])

    assert (passed.ok, passed.passed) == (True, 1)
    assert (failed.ok, failed.failures) == (False, ("data.p0_test.test_two",))
    assert not empty.ok


def test_the_binary_is_found_by_name_and_a_wrong_one_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    wrong = tmp_path_factory.mktemp("bin") / "opa"
    wrong.write_text("#!/bin/sh\necho no opa\n")
    wrong.chmod(0o755)

    assert find_opa({"MUNIMENT_OPA": str(wrong)}) == wrong
    assert find_opa({"MUNIMENT_OPA": str(wrong.with_name("none")), "PATH": ""}) is None
    assert find_opa({"PATH": str(wrong.parent)}) == wrong
    with pytest.raises(EngineUnavailable, match="is no OPA binary"):
        OpaCli(wrong)
