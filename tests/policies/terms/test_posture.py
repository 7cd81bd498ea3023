"""The posture of a workspace, now and as of a time that is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from policies.queries.assignments import rules_by_workspace
from policies.queries.configurations import configurations_by_workspace
from policies.queries.exemptions import exemptions_in_force
from policies.queries.posture import posture_of
from policies.queries.questions import configuration_questions
from policies.services import assignments, attestations, exemptions
from policies.services.attestations import About, Statement
from policies.services.enforcement import set_enforcement
from policies.services.evaluation import assess
from policies.services.resources import retire
from registry.models import Workspace
from tests.factories import administrator, make_actor, make_workspace, member, token_client
from tests.policies.estate import CLOSED, OPEN, assign, exempt, make_policy, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
API = "/api/policies/posture/"


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


def judge(place: Workspace) -> None:
    """Evaluate what is known of the workspace, as a scan does."""
    assess(
        configuration_questions(
            place,
            rules_by_workspace([place])[place.pk],
            configurations_by_workspace([place])[place.pk],
        ),
        exemptions=exemptions_in_force([place]),
        actor=administrator(),
    )


def states(place: Workspace, at: Any = None) -> list[tuple[str, str, str]]:
    return [(each.subject[-5:], each.state, each.gate) for each in posture_of(place, at=at).lines]


def history(prod: Workspace) -> Iterator[None]:
    """One act after the other, each of which changes what a posture is made of."""
    admin, assignment = administrator(), assign(make_policy(), prod)
    yield
    first = submit(prod, OPEN)
    judge(prod)
    yield
    soon = timezone.now() + timedelta(days=9)
    waived = exempt(assignment, prod, asked_by=member(prod, "deployer"), expires_at=soon)
    yield
    set_enforcement(actor=admin, assignment=assignment.uuid, is_enforced=False)
    yield
    exemptions.end(actor=admin, exemption=waived.uuid)
    yield
    set_enforcement(actor=admin, assignment=assignment.uuid, is_enforced=True)
    submit(prod, CLOSED)
    judge(prod)
    yield
    manual = assign(make_policy(), prod, "manual")
    yield
    made = attestations.attest(
        actor=admin,
        about=About(assignment=manual.uuid, workspace="prod"),
        statement=Statement(state="compliant", expires_at=soon),
    )
    yield
    attestations.end(actor=admin, attestation=made.uuid)
    retire(actor=admin, resource=first.resource.uuid)
    yield
    assignments.end(actor=admin, assignment=assignment.uuid)
    yield


def test_an_answer_about_then_never_changes(prod: Workspace) -> None:
    asked: list[tuple[Any, list[tuple[str, str, str]]]] = []

    for _ in history(prod):
        now = timezone.now()
        asked.append((now, states(prod, now)))
        for moment, told in asked:
            assert states(prod, moment) == told

    assert [told for _, told in asked] == [
        [("prod", "not_started", "refuse")],
        [("cme-1", "fail", "refuse")],
        [("cme-1", "exempt", "pass")],
        [("cme-1", "exempt", "pass")],
        [("cme-1", "fail", "pass")],
        [("cme-1", "pass", "pass")],
        [("prod", "unknown", "pass"), ("cme-1", "pass", "pass")],
        [("cme-1", "pass", "pass"), ("prod", "pass", "pass")],
        [("prod", "unknown", "pass"), ("prod", "not_started", "refuse")],
        [("prod", "unknown", "pass")],
    ]


def test_over_http_with_counts_and_what_gates_would_say(prod: Workspace) -> None:
    assign(make_policy(), prod)
    submit(prod, OPEN)
    judge(prod)
    then = timezone.now()
    submit(prod, CLOSED)
    judge(prod)
    client = token_client(member(prod, "reader"))

    now = client.get(API, {"workspace": "prod"}).data
    before = client.get(API, {"workspace": "prod", "at": then.isoformat()}).data

    assert (now["gate"], now["states"]["pass"]) == ("pass", 1)
    assert (before["gate"], before["states"]["fail"]) == ("refuse", 1)
    assert before["results"][0]["effect"] == "deny"
    assert before["results"][0]["decision"]
    assert client.get(API).status_code == 400
    ahead = timezone.now() + timedelta(days=1)
    assert client.get(API, {"workspace": "prod", "at": ahead.isoformat()}).status_code == 400
    assert token_client(make_actor()).get(API, {"workspace": "prod"}).status_code == 400


def test_the_number_of_queries_is_the_same_for_many_subjects(
    prod: Workspace, django_assert_max_num_queries: Any
) -> None:
    assign(make_policy(), prod)
    for number in range(12):
        submit(prod, OPEN, external_id=f"acme-{number}")
    judge(prod)

    with django_assert_max_num_queries(9):
        assert len(posture_of(prod).lines) == 12
