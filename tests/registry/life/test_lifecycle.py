"""Deprecating, archiving and withdrawing versions."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import decode
from core.models import JournalEntry
from registry.models import AssetVersion, Lifecycle, Promotion
from registry.queries.life import state_of
from registry.queries.versions import resolve
from registry.services import aliases, lifecycle
from tests.factories import (
    administrator,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    make_result,
    make_workspace,
    member,
    reference,
)
from tests.registry.conftest import Team, make_team

pytestmark = pytest.mark.django_db


def change(version: AssetVersion, state: str, **options: Any) -> lifecycle.Change:
    options = {"actor": administrator(), "reason": "found unsafe", **options}
    return lifecycle.change(version=reference(version), state=state, **options)


def events(action: str) -> list[dict[str, Any]]:
    return [decode(entry) for entry in JournalEntry.objects.filter(action=action).order_by("id")]


def test_states_follow_each_other_and_what_held_at_a_time_stays_answerable() -> None:
    version = make_model(make_workspace())
    moments = [timezone.now()]
    for state in ("deprecated", "archived", "withdrawn", "active", "deprecated"):
        change(version, state)
        moments.append(timezone.now())

    assert state_of(version) == "deprecated"
    assert [state_of(version, at=moment) for moment in moments] == [
        "active",
        "deprecated",
        "archived",
        "withdrawn",
        "active",
        "deprecated",
    ]
    assert Lifecycle.objects.filter(valid_to=None).count() == 1


def test_the_event_says_why_and_from_what_to_what() -> None:
    workspace = make_workspace()
    old, new = make_model(workspace, name="m"), make_model(workspace, name="m")

    change(old, "deprecated", replacement=reference(new), reason="superseded")

    (event,) = events("registry.lifecycle.changed")
    assert event["reason"] == "superseded"
    assert event["before"] == {"state": "active", "replacement": None}
    assert event["after"] == {"state": "deprecated", "replacement": str(new.uuid)}
    assert event["subject"]["digest"] == old.digest


def test_a_withdrawal_names_all_that_rests_on_the_version(team: Team) -> None:
    data = make_dataset(team.dev)
    model = make_model(team.dev, trained_on=[data])
    result = make_result(team.dev, model)
    copy = team.promote(model).target_version
    assert copy is not None
    make_model(team.dev)

    change(data, "withdrawn")

    (event,) = events("registry.lifecycle.changed")
    assert set(event["data"]["dependents"]) == {str(v.uuid) for v in (model, result, copy)}
    assert event["data"]["is_truncated"] is False


def test_more_dependents_than_fit_are_told_as_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make_workspace()
    data = make_dataset(workspace)
    for _ in range(3):
        make_model(workspace, trained_on=[data])
    monkeypatch.setattr(lifecycle, "MAX_DEPENDENTS", 2)

    dependents = change(data, "withdrawn").dependents

    assert (len(dependents.version_ids), dependents.is_truncated) == (2, True)


@pytest.mark.parametrize(
    ("state", "options", "field"),
    [
        ("retired", {}, "state"),
        ("withdrawn", {"reason": "  "}, "reason"),
        ("withdrawn", {"reason": "x" * 4_001}, "reason"),
        ("withdrawn", {"reason": "nul \x00"}, "reason"),
        ("deprecated", {"replacement": "nowhere/model/x/1"}, "replacement"),
    ],
)
def test_what_makes_no_sense_is_refused(state: str, options: dict[str, str], field: str) -> None:
    version = make_model(make_workspace())

    with pytest.raises(InvalidInput) as caught:
        change(version, state, **options)

    assert caught.value.errors[0].field == field
    assert not Lifecycle.objects.exists()


def test_a_replacement_is_another_standing_version_of_the_kind() -> None:
    workspace = make_workspace()
    version, prompt, gone = make_model(workspace), make_prompt(workspace), make_model(workspace)
    change(gone, "withdrawn")

    for unfit in (version, prompt, gone):
        with pytest.raises(InvalidInput):
            change(version, "deprecated", replacement=reference(unfit))


def test_a_change_to_what_it_is_already_is_a_conflict() -> None:
    version = make_model(make_workspace())

    with pytest.raises(Conflict):
        change(version, "active")
    change(version, "archived")
    with pytest.raises(Conflict):
        change(version, "archived")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("reader", False),
        ("author", False),
        ("deployer", False),
        ("auditor", False),
        ("approver", True),
        ("admin", True),
    ],
)
def test_who_may_change_the_lifecycle(role: str, may: bool) -> None:
    version = make_model(make_workspace())
    actor = member(version.asset.workspace, role)

    if may:
        change(version, "withdrawn", actor=actor)
    else:
        with pytest.raises(AccessDenied):
            change(version, "withdrawn", actor=actor)
    assert state_of(version) == ("withdrawn" if may else "active")


# -- What withdrawn means ------------------------------------------------------------------------


def test_a_withdrawn_version_is_found_but_neither_linked_nor_pointed_at() -> None:
    workspace = make_workspace()
    data = make_dataset(workspace, name="d")
    change(data, "withdrawn")

    assert resolve(administrator(), reference(data)) == data
    with pytest.raises(InvalidInput, match="is withdrawn") as caught:
        make_model(workspace, trained_on=[data])
    assert caught.value.errors[0].field == "links[0].to"
    with pytest.raises(Conflict, match="is withdrawn"):
        aliases.move(
            actor=administrator(), asset=f"{workspace.slug}/dataset/d", alias="candidate", to=1
        )
    change(data, "active")
    make_model(workspace, trained_on=[data])


def test_a_withdrawn_member_refuses_the_promotion(team: Team) -> None:
    flow = team.flow()
    prompt = flow.links.get(role="uses_prompt").target
    change(prompt, "withdrawn")

    promotion = team.promote(flow)

    assert promotion.status == Promotion.Status.REFUSED
    verdict = next(item for item in promotion.verdicts if item["gate"] == "lifecycle")
    assert [reason["code"] for reason in verdict["reasons"]] == ["member_withdrawn"]
    assert verdict["reasons"][0]["subject"] == reference(prompt)


def test_a_deprecated_member_passes_and_is_named(team: Team) -> None:
    model = make_model(team.dev)
    change(model, "deprecated")

    promotion = team.promote(model)

    assert promotion.status == Promotion.Status.COMPLETED
    verdict = next(item for item in promotion.verdicts if item["gate"] == "lifecycle")
    assert [reason["code"] for reason in verdict["reasons"]] == ["member_deprecated"]


def test_open_promotions_show_a_withdrawal_at_once_and_earlier_approvals_are_stale() -> None:
    team = make_team(required_approvals=2)
    flow = team.flow()
    prompt = flow.links.get(role="uses_prompt").target
    waiting, other = team.promote(flow), team.promote(make_model(team.dev))
    team.approve(waiting, by=team.approver())
    seen = waiting.binding

    change(prompt, "withdrawn")

    waiting.refresh_from_db()
    assert waiting.binding != seen
    assert "refuse" in [verdict["outcome"] for verdict in waiting.verdicts]
    assert not waiting.approvals.filter(binding=waiting.binding).exists()
    (event,) = events("registry.promotion.reviewed")
    assert event["data"]["promotion"] == str(waiting.uuid)
    assert other.binding == Promotion.objects.get(pk=other.pk).binding

    change(prompt, "active")
    waiting.refresh_from_db()
    assert waiting.binding == seen
    approved = team.approve(waiting, by=team.approver(), binding=seen)
    assert approved.status == Promotion.Status.COMPLETED


def test_what_was_shown_before_is_what_a_fresh_review_finds(careful_team: Team) -> None:
    flow = careful_team.flow()
    model = flow.links.get(role="uses_model").target
    waiting = careful_team.promote(flow)

    change(model, "deprecated")

    waiting.refresh_from_db()
    approver = careful_team.approver()
    approved = careful_team.approve(waiting, by=approver, binding=waiting.binding)
    assert approved.status == Promotion.Status.COMPLETED


def test_a_promotion_does_not_use_a_withdrawn_copy_of_a_member_again(team: Team) -> None:
    model = make_model(team.dev)
    copies = []
    for _ in range(2):
        flow = team.promote(make_flow(team.dev, [model])).target_version
        assert flow is not None
        copies.append(flow.links.get().target)
    assert copies[0] == copies[1]
    change(copies[0], "withdrawn")

    flow = team.promote(make_flow(team.dev, [model])).target_version

    assert flow is not None
    assert flow.links.get().target != copies[0]
