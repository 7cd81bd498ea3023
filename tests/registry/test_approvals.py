"""Promotions that wait for people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from core.actors import system
from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.journal import decode
from core.models import JournalEntry, User
from registry.models import Approval, AssetVersion, Grant, Promotion
from registry.services import members, rules
from registry.services.promotions import closing, decide, staleness
from tests.factories import (
    administrator,
    grant,
    make_actor,
    make_admin,
    make_model,
    member,
    token_client,
)
from tests.registry.conftest import Team, make_team

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    """What happened to promotions, in order."""
    rows = JournalEntry.objects.filter(action__startswith="registry.promotion.").order_by("id")
    return [row.action.removeprefix("registry.promotion.") for row in rows]


def in_production(team: Team) -> bool:
    return AssetVersion.objects.filter(asset__workspace=team.prod).exists()


def test_nothing_is_copied_before_the_approval_and_everything_after(careful_team: Team) -> None:
    team = careful_team
    promotion = team.promote(team.flow(), alias="production")
    assert promotion.status == "awaiting_approval"
    assert promotion.required_approvals == 1
    assert not in_production(team)
    approver = team.approver()

    done = team.approve(promotion, by=approver, binding=promotion.binding, comment="fine")

    assert done.status == "completed"
    assert in_production(team)
    assert actions() == ["requested", "decided", "completed"]
    body = decode(JournalEntry.objects.get(action="registry.promotion.completed"))
    assert approver.user is not None
    assert [item["by"] for item in body["data"]["approvals"]] == [str(approver.user.uuid)]
    assert done.target_version is not None
    (frozen,) = done.target_version.provenance.body["approvals"]
    assert frozen["comment"] == "fine"
    assert frozen["decided_by"] == str(approver.user.uuid)


def test_it_takes_as_many_people_as_the_rule_says(db: None) -> None:
    team = make_team(required_approvals=3)
    promotion = team.promote(team.flow())

    statuses = [team.approve(promotion, by=team.approver()).status for _ in range(3)]

    assert statuses == ["awaiting_approval", "awaiting_approval", "completed"]


def test_nobody_counts_twice(db: None) -> None:
    team = make_team(required_approvals=2)
    promotion = team.promote(team.flow())
    approver = team.approver()
    team.approve(promotion, by=approver)

    with pytest.raises(Conflict, match="already"):
        team.approve(promotion, by=approver)

    promotion.refresh_from_db()
    assert promotion.status == "awaiting_approval"


def test_nobody_decides_on_their_own_request_superusers_included(careful_team: Team) -> None:
    team = careful_team
    grant(team.deployer, team.prod, "approver")
    admin = make_admin()
    own = team.promote(make_model(team.dev))
    admins = team.promote(make_model(team.dev), actor=admin)

    for promotion, actor in ((own, team.deployer), (admins, admin)):
        for decision in Approval.Decision:
            with pytest.raises(AccessDenied, match="own request") as caught:
                team.approve(promotion, by=actor, decision=decision)
            assert caught.value.denial is not None
    with pytest.raises(AccessDenied):
        team.approve(own, by=system())
    assert not Approval.objects.exists()


@pytest.mark.parametrize("role", ["reader", "author", "deployer", "auditor"])
def test_only_approvers_decide(careful_team: Team, role: str) -> None:
    promotion = careful_team.promote(careful_team.flow())

    with pytest.raises(AccessDenied):
        careful_team.approve(promotion, by=member(careful_team.prod, role))
    with pytest.raises(NotFound):
        careful_team.approve(promotion, by=make_actor())


def test_a_rejection_ends_it_with_its_reason(careful_team: Team) -> None:
    promotion = careful_team.promote(careful_team.flow())

    refused = careful_team.approve(
        promotion, by=careful_team.approver(), decision="rejected", comment="not yet"
    )

    assert refused.status == "refused"
    assert actions() == ["requested", "decided", "refused"]
    body = decode(JournalEntry.objects.get(action="registry.promotion.refused"))
    assert body["reason"] == "not yet"
    assert not in_production(careful_team)
    with pytest.raises(Conflict, match="refused"):
        careful_team.approve(promotion, by=careful_team.approver())


def test_an_approval_of_something_else_than_there_is_now_is_a_conflict(
    careful_team: Team,
) -> None:
    promotion = careful_team.promote(careful_team.flow())
    rules.set_required_approvals(
        actor=administrator(), workspace=careful_team.prod.slug, required_approvals=2
    )

    with pytest.raises(Conflict, match="look again") as caught:
        careful_team.approve(promotion, by=careful_team.approver(), binding=promotion.binding)

    assert caught.value.extra["binding"] != promotion.binding
    assert not Approval.objects.exists()


def test_an_approval_goes_stale_when_what_it_was_given_for_changes(db: None) -> None:
    team = make_team(required_approvals=2)
    promotion = team.promote(team.flow())
    team.approve(promotion, by=team.approver())
    rules.set_required_approvals(
        actor=administrator(), workspace=team.prod.slug, required_approvals=3
    )
    staleness.look_again(actor=team.deployer, promotion=promotion.uuid)

    statuses = [team.approve(promotion, by=team.approver()).status for _ in range(3)]

    # The first approval was for another rule and does not count towards the three.
    assert statuses == ["awaiting_approval", "awaiting_approval", "completed"]


def test_an_approver_who_lost_the_right_does_not_count(db: None) -> None:
    team = make_team(required_approvals=2)
    promotion = team.promote(team.flow())
    leaving, deactivated = team.approver(), team.approver()
    team.approve(promotion, by=leaving)
    lost = Grant.objects.get(user=leaving.user)
    members.revoke(actor=administrator(), grant_uuid=lost.uuid)

    assert team.approve(promotion, by=deactivated).status == "awaiting_approval"
    assert deactivated.user is not None
    User.objects.filter(pk=deactivated.user.pk).update(is_active=False)
    assert team.approve(promotion, by=team.approver()).status == "awaiting_approval"
    assert team.approve(promotion, by=team.approver()).status == "completed"


@pytest.mark.parametrize("place", ["prod", "dev"])
def test_a_requester_who_lost_the_right_gets_no_completion(careful_team: Team, place: str) -> None:
    promotion = careful_team.promote(careful_team.flow())
    lost = Grant.objects.get(
        user=careful_team.deployer.user, workspace=getattr(careful_team, place)
    )
    members.revoke(actor=administrator(), grant_uuid=lost.uuid)
    staleness.look_again(actor=careful_team.approver(), promotion=promotion.uuid)

    try:
        status = careful_team.approve(promotion, by=careful_team.approver()).status
    except Conflict:
        status = "conflict"

    assert status == {"prod": "conflict", "dev": "refused"}[place]
    assert not in_production(careful_team)


def test_an_open_twin_is_a_conflict_that_names_it(careful_team: Team) -> None:
    flow = careful_team.flow()
    promotion = careful_team.promote(flow, alias="production")

    with pytest.raises(Conflict, match="waits for approval") as caught:
        careful_team.promote(flow, alias="production")

    assert caught.value.extra == {"promotion": str(promotion.uuid)}
    assert careful_team.promote(flow, alias="canary").status == "awaiting_approval"
    assert Promotion.objects.count() == 2


def test_a_token_that_may_not_promote_withdraws_nothing_its_own_requests_included(
    careful_team: Team,
) -> None:
    team = careful_team
    promotion = team.promote(team.flow())
    address = f"/api/registry/promotions/{promotion.uuid}/withdraw/"
    rights = ["view_workspace", "promote_into_workspace"]

    refused = token_client(team.deployer, scopes=rights[:1]).post(address, {})
    assert refused.status_code == 403
    promotion.refresh_from_db()
    assert promotion.status == "awaiting_approval"
    done = token_client(team.deployer, scopes=rights).post(address, {})

    assert (done.status_code, done.data["status"]) == (200, "withdrawn")


def test_it_is_withdrawn_by_its_requester_or_a_deployer_and_by_nobody_else(
    careful_team: Team,
) -> None:
    team = careful_team
    own, others = team.promote(make_model(team.dev)), team.promote(make_model(team.dev))

    with pytest.raises(AccessDenied):
        decide.withdraw(actor=member(team.prod, "reader"), promotion=own.uuid)
    with pytest.raises(NotFound):
        decide.withdraw(actor=make_actor(), promotion=own.uuid)
    decide.withdraw(actor=team.deployer, promotion=own.uuid, reason="a mistake")
    decide.withdraw(actor=member(team.prod, "deployer"), promotion=others.uuid)

    assert set(Promotion.objects.values_list("status", flat=True)) == {"withdrawn"}
    with pytest.raises(Conflict, match="withdrawn"):
        decide.withdraw(actor=team.deployer, promotion=own.uuid)
    with pytest.raises(Conflict, match="withdrawn"):
        team.approve(own, by=team.approver())


def test_an_overdue_promotion_expires_and_cannot_be_decided(
    careful_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    promotion = careful_team.promote(careful_team.flow())
    assert closing.expire_overdue(actor=system()) == 0
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: later)

    with pytest.raises(Conflict, match="expired"):
        careful_team.approve(promotion, by=careful_team.approver())
    assert closing.expire_overdue(actor=system()) == 1
    assert closing.expire_overdue(actor=system()) == 0

    promotion.refresh_from_db()
    assert promotion.status == "expired"
    assert actions() == ["requested", "expired"]


def test_an_overdue_twin_does_not_block_a_new_request(
    careful_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = careful_team.flow()
    first = careful_team.promote(flow)
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: later)

    second = careful_team.promote(flow)

    first.refresh_from_db()
    assert (first.status, second.status) == ("expired", "awaiting_approval")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"decision": "maybe"}, "decision"), ({"comment": "x" * 4_001}, "comment")],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_bad_decision_is_told_with_its_field(
    careful_team: Team, change: dict[str, str], field: str
) -> None:
    promotion = careful_team.promote(careful_team.flow())

    with pytest.raises(InvalidInput) as caught:
        careful_team.approve(promotion, by=careful_team.approver(), **change)

    assert caught.value.errors[0].field == field


def test_a_token_without_the_scope_does_not_approve(careful_team: Team) -> None:
    promotion = careful_team.promote(careful_team.flow())
    approver = replace(careful_team.approver(), scopes=frozenset({"view_workspace"}))

    with pytest.raises(AccessDenied):
        careful_team.approve(promotion, by=approver)
