"""One step back: the promoted alias means again what it meant before."""

from __future__ import annotations

import pytest

from core.errors import AccessDenied, Conflict, InvalidInput, Refused
from core.journal import decode
from core.models import JournalEntry
from registry.models import Alias, AliasMove, AssetVersion, Promotion
from registry.services import aliases, deletion, lifecycle
from registry.services.promotions.rollback import rollback
from tests.factories import MODEL_SPEC, administrator, make_model, member, reference
from tests.registry.conftest import Team, make_team

pytestmark = pytest.mark.django_db
REASON = "worse answers than before"


def twice(team: Team) -> tuple[Promotion, Promotion]:
    """Two promotions of one model, the second after the first, both as production."""
    done = []
    for text in ("MIT", "Apache-2.0"):
        version = make_model(team.dev, name="desk", spec={**MODEL_SPEC, "license": text})
        asked = team.promote(version, alias="production")
        if asked.status == "awaiting_approval":
            asked = team.approve(asked, by=team.approver())
        assert asked.status == "completed"
        done.append(asked)
    return done[0], done[1]


def asset_of(promotion: Promotion) -> str:
    """The asset that a promotion brought a version of."""
    assert promotion.target_version is not None
    return reference(promotion.target_version).rpartition("/")[0]


def meant(promotion: Promotion) -> AssetVersion:
    assert promotion.target_version is not None
    return Alias.objects.get(asset=promotion.target_version.asset_id, name="production").version


def events() -> list[str]:
    rows = JournalEntry.objects.filter(action__startswith="registry.promotion.roll")
    return [row.action.rpartition(".")[2] for row in rows.order_by("id")]


def test_the_alias_goes_back_by_a_move_of_its_own(careful_team: Team) -> None:
    first, second = twice(careful_team)

    done = rollback(actor=careful_team.deployer, promotion=second.uuid, reason=REASON)

    assert meant(second) == first.target_version
    assert done.rolled_back_at is not None
    move = AliasMove.objects.latest("id")
    assert (move.from_version, move.to_version) == (second.target_version, first.target_version)
    assert move.reason == REASON
    body = decode(JournalEntry.objects.get(action="registry.promotion.rolled_back"))
    assert body["data"]["back_to"]["ref"] == f"{asset_of(first)}/1"
    with pytest.raises(Conflict, match="any more"):
        rollback(actor=careful_team.deployer, promotion=second.uuid, reason=REASON)


def test_there_is_nothing_before_the_first(team: Team) -> None:
    only = team.promote(make_model(team.dev), alias="production")

    with pytest.raises(Conflict, match="nothing to go back to"):
        rollback(actor=team.deployer, promotion=only.uuid, reason=REASON)
    nameless = team.promote(make_model(team.dev))
    with pytest.raises(Conflict, match="moved an alias"):
        rollback(actor=team.deployer, promotion=nameless.uuid, reason=REASON)


def test_what_was_withdrawn_meanwhile_does_not_come_back(team: Team) -> None:
    first, second = twice(team)
    assert first.target_version is not None
    lifecycle.change(
        actor=administrator(),
        version=first.target_version.uuid,
        state="withdrawn",
        reason="unsafe",
    )

    with pytest.raises(Refused, match="withdrawn") as told:
        rollback(actor=team.deployer, promotion=second.uuid, reason=REASON)

    assert {verdict["gate"] for verdict in told.value.extra["verdicts"]} >= {"lifecycle"}
    assert meant(second) == second.target_version
    assert events() == ["rollback_refused"]


def test_what_was_deleted_meanwhile_does_not_come_back(team: Team) -> None:
    first, second = twice(team)
    assert first.target_version is not None
    deletion.delete_version(
        actor=administrator(), version=first.target_version.uuid, reason="a mistake"
    )

    with pytest.raises(Refused):
        rollback(actor=team.deployer, promotion=second.uuid, reason=REASON)


def test_a_version_that_nobody_approved_here_must_be_promoted() -> None:
    team = make_team(required_approvals=1)
    native = make_model(team.prod, name="desk")
    aliases.move(
        actor=administrator(),
        asset=f"{team.prod.slug}/model/desk",
        alias="production",
        to=native.number,
        reason="by hand",
    )
    asked = team.promote(make_model(team.dev, name="desk"), alias="production")
    done = team.approve(asked, by=team.approver())

    with pytest.raises(Refused, match="Nobody approved"):
        rollback(actor=team.deployer, promotion=done.uuid, reason=REASON)

    assert events() == ["rollback_refused"]


def test_it_takes_the_right_to_promote_and_a_reason(team: Team) -> None:
    _, second = twice(team)

    with pytest.raises(AccessDenied):
        rollback(actor=member(team.prod, "approver"), promotion=second.uuid, reason=REASON)
    with pytest.raises(InvalidInput):
        rollback(actor=team.deployer, promotion=second.uuid, reason="  ")
    assert events() == []
