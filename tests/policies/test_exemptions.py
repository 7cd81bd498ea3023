"""Asking for exemptions, granting and ending them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.journal import decode
from core.models import JournalEntry
from policies.models import Assignment, Exemption
from policies.queries.exemptions import exemptions_in_force
from policies.services import assignments, exemptions
from policies.services.terms import Terms
from registry.models import Workspace
from tests.factories import (
    administrator,
    as_actor,
    make_actor,
    make_workspace,
    member,
    token_client,
)
from tests.policies.estate import OPEN, assign, make_policy, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def assignment(workspace: Workspace) -> Assignment:
    return assign(make_policy(), workspace)


@pytest.fixture
def deployer(workspace: Workspace) -> Actor:
    return member(workspace, "deployer")


def ask(assignment: Assignment, actor: Actor, **changes: Any) -> Exemption:
    """An exemption in ``prod`` that ``actor`` asks for."""
    scope: dict[str, Any] = {"assignment": assignment.uuid, "workspace": "prod"}
    scope |= {name: changes.pop(name) for name in tuple(changes) if name in SCOPE}
    terms: dict[str, Any] = {
        "category": "waiver",
        "reason": "The move is under way.",
        "expires_at": timezone.now() + timedelta(days=30),
    }
    return exemptions.ask(actor=actor, scope=exemptions.Scope(**scope), **(terms | changes))


API = "/api/policies/exemptions/"
SCOPE = {"assignment", "workspace", "reference_ids", "resource", "asset"}


def test_an_exemption_counts_from_its_grant_to_its_end(
    assignment: Assignment, workspace: Workspace, deployer: Actor
) -> None:
    asked = ask(assignment, deployer)
    assert exemptions_in_force([workspace]).rows == ()
    before = timezone.now()

    granted = exemptions.grant(actor=administrator(), exemption=asked.uuid)
    assert exemptions_in_force([workspace]).rows == (granted,)
    during = timezone.now()
    exemptions.end(actor=administrator(), exemption=asked.uuid)

    assert exemptions_in_force([workspace]).rows == ()
    assert exemptions_in_force([workspace], at=during).rows == (granted,)
    assert exemptions_in_force([workspace], at=before).rows == ()
    assert exemptions_in_force([workspace], at=asked.expires_at).rows == ()


def test_nobody_grants_their_own(assignment: Assignment, workspace: Workspace) -> None:
    asked = ask(assignment, administrator())

    with pytest.raises(AccessDenied, match="themselves"):
        exemptions.grant(actor=administrator(), exemption=asked.uuid)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.filter(pk=asked.pk).update(
            approved_by=asked.requested_by, approved_at=timezone.now()
        )


def test_a_workspace_cannot_waive_what_reaches_further(
    workspace: Workspace, deployer: Actor
) -> None:
    wide = assignments.assign(
        actor=administrator(),
        scope="organisation",
        policy=make_policy().reference,
        terms=Terms(effect="deny"),
    )
    asked = ask(wide, deployer)

    with pytest.raises(AccessDenied):
        exemptions.grant(actor=member(workspace, "admin"), exemption=asked.uuid)
    assert exemptions.grant(actor=administrator(), exemption=asked.uuid).approved_at


@pytest.mark.parametrize("role", ["reader", "author", "approver", "deployer", "auditor"])
def test_granting_needs_the_right_to_assign(
    assignment: Assignment, workspace: Workspace, deployer: Actor, role: str
) -> None:
    asked = ask(assignment, deployer)

    with pytest.raises(AccessDenied):
        exemptions.grant(actor=member(workspace, role), exemption=asked.uuid)
    with pytest.raises(AccessDenied):
        exemptions.end(actor=member(workspace, role), exemption=asked.uuid)
    with pytest.raises(NotFound):
        exemptions.grant(actor=make_actor(), exemption=asked.uuid)


def test_who_asked_may_take_it_back(assignment: Assignment, deployer: Actor) -> None:
    asked = ask(assignment, deployer)
    assert deployer.user is not None

    ended = exemptions.end(actor=as_actor(deployer.user), exemption=asked.uuid)

    assert ended.status == "ended"
    with pytest.raises(Conflict):
        exemptions.grant(actor=administrator(), exemption=asked.uuid)
    with pytest.raises(Conflict):
        exemptions.end(actor=administrator(), exemption=asked.uuid)


@pytest.mark.parametrize(
    "scope", ["assign_policy", "submit_configuration", "promote_into_workspace"]
)
def test_a_token_that_only_looks_neither_asks_nor_takes_back(
    assignment: Assignment, deployer: Actor, scope: str
) -> None:
    looking = token_client(deployer, scopes=["view_workspace", "view_trail"])
    working = token_client(deployer, scopes=["view_workspace", scope])
    wanted = {
        "assignment": str(assignment.uuid),
        "workspace": "prod",
        "category": "waiver",
        "reason": "The move is under way.",
        "expires_at": (timezone.now() + timedelta(days=30)).isoformat(),
    }

    assert looking.post(API, wanted, format="json").status_code == 403
    assert not Exemption.objects.exists()
    asked = working.post(API, wanted, format="json")
    assert asked.status_code == 201
    end = f"{API}{asked.data['uuid']}/end/"
    assert looking.post(end, {}, format="json").status_code == 403
    assert Exemption.objects.get().status == "requested"
    assert working.post(end, {}, format="json").data["status"] == "ended"
    assert JournalEntry.objects.filter(action="core.access.denied").count() == 2


def test_it_is_granted_once_and_not_after_the_assignment_ended(
    assignment: Assignment, deployer: Actor
) -> None:
    first, second = ask(assignment, deployer), ask(assignment, deployer)
    exemptions.grant(actor=administrator(), exemption=first.uuid)
    with pytest.raises(Conflict):
        exemptions.grant(actor=administrator(), exemption=first.uuid)

    assignments.end(actor=administrator(), assignment=assignment.uuid)

    with pytest.raises(Conflict):
        exemptions.grant(actor=administrator(), exemption=second.uuid)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "whim"}, "category"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 4_001}, "reason"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_at"),
        ({"expires_at": timezone.now() + timedelta(days=4_000)}, "expires_at"),
        ({"asset": "answer"}, "asset"),
        ({"asset": "novel/answer"}, "asset"),
        ({"reference_ids": ["nothing"]}, "reference_ids"),
        ({"resource": "0190a0a0-0000-7000-8000-000000000000"}, "resource"),
        ({"workspace": "nowhere"}, "workspace"),
    ],
)
def test_what_cannot_be_exempted_is_refused(
    assignment: Assignment, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        ask(assignment, administrator(), **changes)

    assert caught.value.errors[0].field == field
    assert not Exemption.objects.exists()


def test_the_assignment_must_hold_in_the_workspace(assignment: Assignment) -> None:
    elsewhere = assign(make_policy(), make_workspace("other"))

    with pytest.raises(InvalidInput, match="holds in prod"):
        ask(elsewhere, administrator())


def test_a_resource_or_an_asset_but_not_both(assignment: Assignment, workspace: Workspace) -> None:
    resource = submit(workspace, OPEN).resource

    with pytest.raises(InvalidInput, match="not both"):
        ask(assignment, administrator(), resource=resource.uuid, asset="prompt/answer")


def test_every_step_is_in_the_journal(
    assignment: Assignment, workspace: Workspace, deployer: Actor
) -> None:
    asked = ask(assignment, deployer)
    exemptions.grant(actor=administrator(), exemption=asked.uuid, reason="agreed")
    exemptions.end(actor=administrator(), exemption=asked.uuid)

    entries = JournalEntry.objects.filter(action__startswith="policies.exemption.").order_by("id")
    assert [entry.action.rpartition(".")[2] for entry in entries] == [
        "requested",
        "granted",
        "ended",
    ]
    assert {entry.workspace for entry in entries} == {workspace.uuid}
    assert decode(entries[1])["reason"] == "agreed"
    assert deployer.user is not None
    assert decode(entries[1])["data"]["requested_by"] == str(deployer.user.uuid)
