"""What engines do wrong: gates refuse, scans record an error, and nothing outlives its deadline."""

from __future__ import annotations

import time

import pytest
from pytest_django import Settings

from core.errors import InvalidInput
from policies.engines import opa
from policies.models import Decision, PolicyVersion
from policies.services import answers
from policies.services.answers import Call, ask
from registry.models import Promotion
from tests.audits.conftest import (
    House,
    house,  # noqa: F401  # the fixture
)
from tests.audits.estate import scan, states
from tests.factories import make_prompt, make_workspace, reference
from tests.policies.estate import CLOSED, assign, make_policy, promote, reasons, submit
from tests.policies.lying_opa import HANGS_SECONDS, MODES, lying_opa

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
# Who waited for the liar would take twice as long.
SLOWEST = HANGS_SECONDS / 2
BACKTRACKING = """
verdict := {"state": "pass", "findings": []} if regex.match(`^(a+)+$`, input.configuration.text)
"""
RECURSING = BACKTRACKING.replace("(a+)+", "(a|b)*")


WAITING = {"slow": pytest.mark.slow}


@pytest.fixture(params=[pytest.param(each, marks=WAITING.get(each, ())) for each in sorted(MODES)])
def liar(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An OPA server of the installation that gives no sound decision."""
    settings.POLICY_TIMEOUT_SECONDS = 1
    monkeypatch.setattr(answers, "RUNAWAYS", 1)
    monkeypatch.setattr(opa, "MOUNT_SECONDS", 2.0)
    server = request.getfixturevalue("liars")(request.param)
    settings.OPA_URL = server.url


@pytest.fixture
def liars(request: pytest.FixtureRequest) -> object:
    def start(mode: str) -> object:
        context = lying_opa(mode)
        server = context.__enter__()
        request.addfinalizer(lambda: context.__exit__(None, None, None))
        return server

    return start


@pytest.mark.usefixtures("liar")
def test_a_server_that_gives_no_sound_decision_refuses_a_promotion() -> None:
    prod = make_workspace("prod", stage="production")
    ref = reference(make_prompt(make_workspace("dev")))
    assign(make_policy(), prod)
    submit(prod, CLOSED)

    started = time.monotonic()
    refused = promote(ref, prod)

    assert time.monotonic() - started < SLOWEST
    assert refused.status == Promotion.Status.REFUSED
    assert reasons(refused)[0]["detail"]["state"] == "error"


@pytest.mark.usefixtures("liar")
def test_a_scan_records_an_error(house: House) -> None:  # noqa: F811  # the fixture
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, CLOSED)

    done = scan(house, "audit-dev")

    assert done.counts is not None
    assert done.counts["error"] == 1
    assert list(states(done).values()) == ["error"]
    assert Decision.objects.get().error


@pytest.mark.parametrize("rule", [BACKTRACKING, RECURSING])
def test_a_regular_expression_that_backtracks_over_a_long_text_is_an_error_alone(
    rule: str, settings: Settings
) -> None:
    settings.POLICY_TIMEOUT_SECONDS = 3  # of which the sound one gets enough too
    workspace = make_workspace()
    assign(make_policy(rule), workspace)
    assign(make_policy(), workspace)
    snapshot = submit(workspace, {**CLOSED, "text": "a" * 20_000 + "!"})

    started = time.monotonic()
    refused = promote(reference(make_prompt(make_workspace())), workspace)

    assert time.monotonic() - started < SLOWEST
    assert refused.status == Promotion.Status.REFUSED
    assert [each["detail"]["state"] for each in reasons(refused)] == ["error"]
    assert sorted(
        Decision.objects.filter(evaluation__snapshot=snapshot).values_list("state", flat=True)
    ) == ["error", "pass"]


def test_fifty_megabytes_are_an_error_and_take_nothing_with_them() -> None:
    version: PolicyVersion = make_policy()
    large = b'{"configuration": {"text": "' + b"x" * 50_000_000 + b'"}}'
    small = b'{"configuration": {"properties": {"public": false}}}'

    started = time.monotonic()
    found = ask([Call(version, large), Call(version, small)])

    assert time.monotonic() - started < SLOWEST
    assert [each.outcome.state.value for each in found] == ["error", "pass"]
    assert "at most" in found[0].outcome.error


def test_what_no_engine_takes_is_not_submitted() -> None:
    with pytest.raises(InvalidInput, match="control character"):
        submit(make_workspace(), {**CLOSED, "note": "bell \x07"})
