"""Under modify a policy proposes; two that contradict each other are told, never hidden."""

from __future__ import annotations

import pytest

from policies.models import Decision
from registry.models import Promotion, Workspace
from tests.factories import (
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.policies.estate import (
    OPEN,
    assign,
    promote,
    proposing,
    reasons,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


def test_a_failure_shows_what_would_mend_it(prod: Workspace) -> None:
    assign(proposing(value=False), prod, "modify")
    submit(prod, OPEN)

    promotion = promote(reference(make_model(make_workspace("dev"))), prod)

    assert promotion.status == Promotion.Status.COMPLETED
    (reason,) = reasons(promotion)
    assert reason["code"] == "policy_modifies"
    assert reason["detail"]["modify"] == [
        {"op": "replace", "path": "/properties/public", "value": "false"}
    ]
    decision = Decision.objects.get()
    shown = token_client(member(prod, "reader")).get(f"/api/policies/decisions/{decision.uuid}/")
    diff = shown.data["modification"]["diff"].splitlines()
    assert '-    "public": true' in diff
    assert '+    "public": false' in diff
    assert decision.snapshot is not None
    assert decision.snapshot.document == OPEN


def test_two_that_would_set_one_thing_differently_are_a_conflict(prod: Workspace) -> None:
    assign(proposing(value=False), prod, "modify")
    assign(proposing(value="closed"), prod, "modify")
    submit(prod, OPEN)

    promotion = promote(reference(make_model(make_workspace("dev"))), prod)

    told = reasons(promotion)
    assert [each["code"] for each in told] == ["policy_conflict", "policy_conflict"]
    assert {each["detail"]["state"] for each in told} == {"conflict"}
    assert {each["detail"]["policy_state"] for each in told} == {"fail"}
    assert all(len(each["detail"]["conflicts_with"]) == 1 for each in told)
    posture = token_client(member(prod, "reader")).get(
        "/api/policies/posture/", {"workspace": "prod"}
    )
    assert posture.data["states"]["conflict"] == 2


def test_two_that_agree_are_none(prod: Workspace) -> None:
    assign(proposing(value=False), prod, "modify")
    assign(proposing(value=False), prod, "modify")
    submit(prod, OPEN)

    promotion = promote(reference(make_model(make_workspace("dev"))), prod)

    assert {each["code"] for each in reasons(promotion)} == {"policy_modifies"}
