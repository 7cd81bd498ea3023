"""The gate and the service with a real OPA server in place of the embedded engine."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from policies.models import Decision
from policies.services.decisions import replay
from registry.models import Promotion, Workspace
from tests.factories import administrator, make_prompt, make_workspace, reference
from tests.policies.estate import (
    CLOSED,
    OPEN,
    TICKET_RULE,
    assign,
    make_policy,
    promote,
    reasons,
    submit,
)
from tests.support.opa import OpaServer

pytestmark = [pytest.mark.django_db, pytest.mark.opa]

COMPLETED, REFUSED = Promotion.Status.COMPLETED, Promotion.Status.REFUSED


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def ref() -> str:
    return reference(make_prompt(make_workspace("dev"), name="answer"))


@pytest.fixture
def opa(opa_server: OpaServer, settings: Settings) -> OpaServer:
    """A server that this test's promotions ask."""
    settings.OPA_URL = opa_server.url
    return opa_server


def test_opa_refuses_and_lets_through(opa: OpaServer, prod: Workspace, ref: str) -> None:
    assign(make_policy(), prod)
    assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod)
    submit(prod, OPEN)

    refused = promote(ref, prod)
    submit(prod, CLOSED)
    completed = promote(ref, prod)

    assert (refused.status, completed.status) == (REFUSED, COMPLETED)
    assert [each["detail"]["findings"] for each in reasons(refused)] == [
        [{"msg": "it is open", "path": "properties.public"}]
    ]
    assert set(Decision.objects.values_list("evaluation__engine", flat=True)) == {"opa"}


def test_what_one_engine_decided_the_other_replays(
    opa: OpaServer, prod: Workspace, ref: str, settings: Settings
) -> None:
    assign(make_policy(), prod)
    submit(prod, OPEN)
    promote(ref, prod)
    decision = Decision.objects.get()

    settings.OPA_URL = ""
    replayed = replay(actor=administrator(), decision=decision.uuid)

    assert replayed.is_same
    assert (decision.engine, replayed.outcome.engine) == ("opa", "regopy")


def test_a_decision_of_another_engine_is_not_used_again(
    opa: OpaServer, prod: Workspace, ref: str, settings: Settings
) -> None:
    assign(make_policy(), prod)
    submit(prod, OPEN)
    promote(ref, prod)
    settings.OPA_URL = ""

    promote(ref, prod)

    assert sorted(Decision.objects.values_list("evaluation__engine", flat=True)) == [
        "opa",
        "regopy",
    ]


def test_an_undefined_verdict_refuses_in_opa_too(opa: OpaServer, prod: Workspace, ref: str) -> None:
    rule = 'verdict := {"state": "pass", "findings": []} if input.nothing'
    assign(make_policy(rule, kinds=("promotion",)), prod)

    refused = promote(ref, prod)

    assert refused.status == REFUSED
    assert reasons(refused)[0]["detail"]["state"] == "error"
