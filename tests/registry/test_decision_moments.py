"""What may change between the look at a promotion and the decision on it."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict, NotFound, Unavailable
from core.journal import decode
from core.models import JournalEntry
from registry.gates.approvals import ApprovalGate
from registry.models import Approval, AssetVersion, Grant, Promotion
from registry.services import lifecycle, members, rules
from registry.services.promotions import complete
from tests.factories import administrator
from tests.registry.conftest import make_team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("decision", Approval.Decision.values)
def test_a_right_that_ends_while_the_gates_answer_decides_nothing(
    decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make_team(required_approvals=1)
    promotion, approver = team.promote(team.flow()), team.approver()
    held = Grant.objects.get(user=approver.user)
    review = ApprovalGate.review

    def revoke_meanwhile(gate: ApprovalGate, proposal: Any) -> Any:
        members.revoke(actor=administrator(), grant_uuid=held.uuid)
        return review(gate, proposal)

    monkeypatch.setattr(ApprovalGate, "review", revoke_meanwhile)
    with pytest.raises(NotFound):
        team.approve(promotion, by=approver, decision=decision)

    promotion.refresh_from_db()
    assert promotion.status == Promotion.Status.AWAITING_APPROVAL
    assert not Approval.objects.exists()


def test_a_gate_that_cannot_decide_leaves_an_approved_promotion_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    team = make_team(required_approvals=1)
    promotion, approver = team.promote(team.flow()), team.approver()

    def fail(*arguments: object) -> Any:
        raise OSError("the disk is away")

    with monkeypatch.context() as away:
        away.setattr(ApprovalGate, "review", fail)
        with pytest.raises(Unavailable):
            team.approve(promotion, by=approver)

    assert not Approval.objects.exists()
    assert team.approve(promotion, by=approver).status == Promotion.Status.COMPLETED


def test_an_approver_who_looked_at_an_older_state_is_shown_the_new_one() -> None:
    team = make_team(required_approvals=1)
    promotion, approver = team.promote(team.flow()), team.approver()
    rules.set_required_approvals(
        actor=administrator(), workspace=team.prod.slug, required_approvals=2
    )

    with pytest.raises(Conflict) as told:
        team.approve(promotion, by=approver, binding=promotion.binding)

    promotion.refresh_from_db()
    assert promotion.binding == told.value.extra["binding"]
    assert promotion.required_approvals == 2
    assert not Approval.objects.exists()
    entry = decode(JournalEntry.objects.get(action="registry.promotion.reviewed"))
    assert entry["data"]["binding"] == promotion.binding
    waiting = team.approve(promotion, by=approver, binding=promotion.binding)
    assert waiting.status == Promotion.Status.AWAITING_APPROVAL


def test_what_is_withdrawn_while_it_is_copied_is_not_promoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    team = make_team()
    version = team.flow()
    copy = complete._copy_closure

    def withdraw_meanwhile(*arguments: Any, **options: Any) -> Any:
        lifecycle.change(
            actor=administrator(), version=version.uuid, state="withdrawn", reason="unsafe"
        )
        return copy(*arguments, **options)

    monkeypatch.setattr(complete, "_copy_closure", withdraw_meanwhile)
    with pytest.raises(Conflict, match="withdrawn"):
        team.promote(version, alias="production")

    assert not Promotion.objects.exists()
    assert not AssetVersion.objects.filter(asset__workspace=team.prod).exists()
