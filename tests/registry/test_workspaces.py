"""Workspaces and their rules; and that no verb of the registry goes unrecorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput
from core.events import CATALOGUE
from core.journal import decode
from core.models import JournalEntry
from registry.models import Grant, PromotionRule, Workspace
from registry.permissions import Role
from registry.queries.rules import required_approvals
from registry.services import alias_rules, aliases, members, rules, tokens, workspaces
from registry.services.promotions import closing, decide
from tests.factories import administrator, make_actor, make_model, make_workspace, member
from tests.registry.conftest import make_team
from tests.registry.rules.test_rules import use_every_verb

pytestmark = pytest.mark.django_db


def test_its_creator_administers_a_new_workspace() -> None:
    workspace = make_workspace("new-place")

    held = Grant.objects.get(workspace=workspace)
    assert (held.user, held.role) == (administrator().user, "admin")
    body = decode(JournalEntry.objects.get(action="registry.workspace.created"))
    assert body["after"]["stage"] == "development"
    assert body["subject"]["ref"] == "new-place"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "Upper"}, "slug"),
        ({"slug": "-dash"}, "slug"),
        ({"slug": "x" * 64}, "slug"),
        ({"slug": ""}, "slug"),
        ({"stage": "heaven"}, "stage"),
        ({"protected_aliases": ["fine", "12"]}, "protected_aliases"),
    ],
    ids=str,
)
def test_a_bad_workspace_is_told_with_its_field(change: dict[str, Any], field: str) -> None:
    wanted = {"slug": "fine", "title": "Fine", "stage": "staging"} | change

    with pytest.raises(InvalidInput) as caught:
        workspaces.create(actor=administrator(), **wanted)

    assert caught.value.errors[0].field == field
    assert not Workspace.objects.exists()


def test_a_slug_is_taken_once() -> None:
    make_workspace("taken")

    with pytest.raises(Conflict, match="taken"):
        make_workspace("taken")


def test_only_administrators_create_and_only_admins_change() -> None:
    workspace = make_workspace()
    for role in Role:
        actor = member(workspace, role)
        with pytest.raises(AccessDenied):
            workspaces.create(actor=actor, slug="x", title="x", stage="staging")
        if role is not Role.ADMIN:
            with pytest.raises(AccessDenied):
                workspaces.change(actor=actor, slug=workspace.slug, changes={"title": "x"})
            with pytest.raises(AccessDenied):
                rules.set_required_approvals(
                    actor=actor, workspace=workspace.slug, required_approvals=0
                )


def test_a_change_is_journalled_with_before_and_after() -> None:
    workspace = make_workspace()

    workspaces.change(
        actor=administrator(),
        slug=workspace.slug,
        changes={"title": "Renamed", "protected_aliases": ["live", "live", "champion"]},
        reason="a new name",
    )

    workspace.refresh_from_db()
    assert workspace.protected_aliases == ["champion", "live"]
    body = decode(JournalEntry.objects.get(action="registry.workspace.changed"))
    assert body["before"]["title"] == workspace.slug
    assert body["after"]["title"] == "Renamed"
    assert body["reason"] == "a new name"
    with pytest.raises(InvalidInput, match="cannot be changed"):
        workspaces.change(actor=administrator(), slug=workspace.slug, changes={"slug": "other"})


def test_a_rule_follows_another_and_all_stay_on_record() -> None:
    workspace = make_workspace()

    for number in (1, 3, 0):
        rules.set_required_approvals(
            actor=administrator(), workspace=workspace.slug, required_approvals=number
        )
        assert required_approvals(workspace) == number

    history = PromotionRule.objects.filter(workspace=workspace).order_by("id")
    assert [rule.required_approvals for rule in history] == [1, 3, 0]
    ends = [rule.valid_to for rule in history]
    assert ends == [history[1].valid_from, history[2].valid_from, None]
    assert list(history.as_of(history[1].valid_from)) == [history[1]]


@pytest.mark.parametrize("number", [-1, 21])
def test_a_rule_asks_for_none_to_twenty(number: int) -> None:
    with pytest.raises(InvalidInput):
        rules.set_required_approvals(
            actor=administrator(), workspace=make_workspace().slug, required_approvals=number
        )


# The other files of registry/events are held by the tests of their own verbs.
NOUNS = ("access", "aliases", "promotions", "versions", "workspaces")


def test_every_verb_of_the_registry_leaves_its_event(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team(required_approvals=1)
    admin, dev = administrator(), team.dev.slug
    workspaces.change(actor=admin, slug=dev, changes={"title": "x"})
    use_every_verb(team.prod)
    terms = alias_rules.Terms(roles=["admin"])
    rule = alias_rules.set_rule(actor=admin, workspace=dev, pattern="best", terms=terms)
    alias_rules.end_rule(actor=admin, rule=rule.uuid)
    leaver = member(team.dev, "reader")
    members.revoke(actor=admin, grant_uuid=Grant.objects.get(user=leaver.user).uuid)
    actor = make_actor()
    assert actor.user is not None
    issued = tokens.issue(actor=actor, user=actor.user)
    tokens.revoke(actor=actor, token_uuid=issued.token.uuid)
    model = make_model(team.dev, name="base")
    aliases.move(actor=admin, asset=f"{dev}/model/base", alias="a", to=1)
    approver = team.approver()
    team.approve(team.promote(model), by=approver)
    team.approve(team.promote(model), by=approver, decision="rejected")
    decide.withdraw(actor=team.deployer, promotion=team.promote(model).uuid)
    changed = team.promote(model)
    rules.set_required_approvals(actor=admin, workspace=team.prod.slug, required_approvals=2)
    with pytest.raises(Conflict):
        team.approve(changed, by=approver)
    decide.withdraw(actor=team.deployer, promotion=changed.uuid)
    overdue = team.promote(model)
    monkeypatch.setattr(timezone, "now", lambda: overdue.expires_at)
    closing.expire_overdue(actor=admin)

    left = set(JournalEntry.objects.values_list("action", flat=True))

    modules = [f"registry.events.{noun}" for noun in NOUNS]
    expected = {action for action, event in CATALOGUE.items() if event.__module__ in modules}
    assert expected - left == set()
