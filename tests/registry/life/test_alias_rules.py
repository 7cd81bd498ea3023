"""Rules of protected aliases."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actors import Actor
from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import decode
from core.models import JournalEntry
from registry.models import Alias, AliasMove, AliasRule, Asset, Workspace
from registry.queries.aliases import matches
from registry.services import alias_rules, aliases, lifecycle, tags, versions, workspaces
from registry.services.alias_rules import Terms
from tests.factories import (
    MODEL_SPEC,
    administrator,
    grant,
    make_actor,
    make_model,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.conftest import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset() -> Asset:
    """A model of two versions."""
    workspace = make_workspace()
    return [make_model(workspace, name="base").asset for _ in range(2)][-1]


def rule(workspace: Workspace, pattern: str, **terms: Any) -> AliasRule:
    return alias_rules.set_rule(
        actor=administrator(), workspace=workspace.slug, pattern=pattern, terms=Terms(**terms)
    )


def move(asset: Asset, alias: str, *, to: int | None = 1, actor: Actor) -> AliasMove:
    ref = f"{asset.workspace.slug}/model/base"
    return aliases.move(actor=actor, asset=ref, alias=alias, to=to)


def may_move(asset: Asset, alias: str, *, actor: Actor) -> bool:
    try:
        move(asset, alias, actor=actor)
    except AccessDenied:
        return False
    return Alias.objects.filter(asset=asset, name=alias).exists()


def test_movers_are_the_roles_users_and_groups_that_a_rule_names(asset: Asset) -> None:
    place = asset.workspace
    author, deployer, named, grouped = (
        member(place, role) for role in ("author", "deployer", "author", "author")
    )
    group = Group.objects.create(name="release managers")
    assert grouped.user is not None
    assert named.user is not None
    grouped.user.groups.add(group)
    rule(
        place,
        "stable",
        roles=["deployer"],
        users=[named.user.username],
        groups=["release managers"],
    )

    answers = {
        who: may_move(asset, "Stable", actor=actor)
        for who, actor in {
            "author": author,
            "deployer": deployer,
            "named": named,
            "grouped": grouped,
            "administrator": administrator(),
        }.items()
    }

    assert answers == {
        "author": False,
        "deployer": True,
        "named": True,
        "grouped": True,
        "administrator": False,
    }


def test_a_rule_gives_nobody_a_right_that_no_role_gives(asset: Asset) -> None:
    reader = member(asset.workspace, "reader")
    assert reader.user is not None
    rule(asset.workspace, "*", users=[reader.user.username])

    with pytest.raises(AccessDenied, match="move_alias"):
        move(asset, "candidate", actor=reader)


def test_the_list_of_protected_aliases_holds_beside_the_rules(asset: Asset) -> None:
    deployer = member(asset.workspace, "deployer")
    rule(asset.workspace, "production", roles=["deployer"])

    with pytest.raises(AccessDenied, match="move_protected_alias"):
        move(asset, "production", actor=deployer)
    workspaces.change(
        actor=administrator(), slug=asset.workspace.slug, changes={"protected_aliases": []}
    )
    assert may_move(asset, "production", actor=deployer)


def test_all_rules_that_hold_must_agree(asset: Asset) -> None:
    both = member(asset.workspace, "author")
    grant(both, asset.workspace, "deployer")
    rule(asset.workspace, "prod-*", roles=["author"])
    rule(asset.workspace, "*-eu", roles=["deployer"])

    author = member(asset.workspace, "author")
    assert may_move(asset, "prod-us", actor=author)
    assert not may_move(asset, "prod-eu", actor=author)
    assert may_move(asset, "prod-eu", actor=both)


def test_a_rule_of_other_kinds_does_not_hold(asset: Asset) -> None:
    author = member(asset.workspace, "author")
    rule(asset.workspace, "stable", roles=["admin"], kinds=["prompt"])

    assert may_move(asset, "stable", actor=author)


def test_tags_and_state_of_the_version_are_conditions(asset: Asset) -> None:
    admin = administrator()
    place = asset.workspace
    rule(place, "stable", tags={"tests": "passed"}, states=["active"])

    with pytest.raises(Conflict) as caught:
        move(asset, "stable", actor=admin)
    assert caught.value.extra["unmet"] == ["it lacks the tag tests=passed"]
    assert caught.value.denial is not None
    version = f"{place.slug}/model/base/1"
    tags.set_version_tag(actor=admin, version=version, key="tests", value="passed")
    lifecycle.change(actor=admin, version=version, state="deprecated", reason="old")
    with pytest.raises(Conflict, match="it is deprecated, not active"):
        move(asset, "stable", actor=admin)
    lifecycle.change(actor=admin, version=version, state="active", reason="still good")

    move(asset, "stable", actor=admin)
    move(asset, "stable", to=None, actor=admin)


def test_registering_with_an_alias_meets_the_same_rule_and_writes_nothing(asset: Asset) -> None:
    rule(asset.workspace, "stable", tags={"tests": "passed"})

    with pytest.raises(Conflict):
        versions.register(
            actor=administrator(),
            workspace=asset.workspace.slug,
            kind="model",
            name="base",
            spec=MODEL_SPEC,
            aliases=["stable"],
        )

    assert asset.versions.count() == 2


def test_a_promotion_moves_what_nobody_may_move_by_hand(team: Team) -> None:
    rule(team.prod, "stable", groups=[Group.objects.create(name="nobody").name])

    copy = team.promote(make_model(team.dev), alias="stable").target_version

    assert copy is not None
    assert [alias.name for alias in copy.aliases.all()] == ["stable"]


def test_rules_follow_each_other_and_end_and_all_stay_on_record(asset: Asset) -> None:
    first = rule(asset.workspace, "STABLE", roles=["admin"])
    second = rule(asset.workspace, "stable", roles=["author"])
    alias_rules.end_rule(actor=administrator(), rule=second.uuid, reason="not needed")

    history = list(AliasRule.objects.order_by("id"))
    assert [found.uuid for found in history] == [first.uuid, second.uuid]
    assert all(found.valid_to for found in history)
    with pytest.raises(Conflict):
        alias_rules.end_rule(actor=administrator(), rule=second.uuid)
    events = JournalEntry.objects.filter(action__startswith="registry.alias_rule.").order_by("id")
    told = [decode(entry) for entry in events]
    assert [event["action"].rpartition(".")[2] for event in told] == ["set", "set", "ended"]
    assert (told[1]["before"]["roles"], told[1]["after"]["roles"]) == (["admin"], ["author"])


@pytest.mark.parametrize(
    ("pattern", "terms", "field"),
    [
        ("", {}, "pattern"),
        ("a/b", {}, "pattern"),
        ("latest", {}, "pattern"),
        ("x" * 201, {}, "pattern"),
        ("nul\x00", {}, "pattern"),
        ("stable", {"roles": ["king"]}, "roles"),
        ("stable", {"kinds": ["poem"]}, "kinds"),
        ("stable", {"states": ["new"]}, "states"),
        ("stable", {"users": ["nobody-here"]}, "users"),
        ("stable", {"groups": ["nobody-here"]}, "groups"),
        ("stable", {"tags": {"k" * 251: "v"}}, "tags"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    asset: Asset, pattern: str, terms: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        rule(asset.workspace, pattern, **terms)

    assert caught.value.errors[0].field == field
    assert not AliasRule.objects.exists()


def test_a_token_meets_the_rules_of_its_user(asset: Asset) -> None:
    actor = make_actor()
    grant(actor, asset.workspace, "author")
    rule(asset.workspace, "stable", roles=["deployer"])
    body = {"asset": f"{asset.workspace.slug}/model/base", "alias": "stable", "to": 1}

    answer = token_client(actor).post("/api/registry/aliases/", body, format="json")

    assert answer.status_code == 403
    assert reference(asset.versions.get(number=1)).endswith("/model/base/1")


# How fast a machine draws is no property of patterns.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    parts=st.lists(st.text(alphabet="ab", max_size=3), min_size=1, max_size=4),
    fillings=st.lists(st.text(alphabet="ab", max_size=3), min_size=4, max_size=4),
)
def test_what_a_pattern_was_filled_with_matches_it(parts: list[str], fillings: list[str]) -> None:
    text = parts[0] + "".join(
        filling + part for filling, part in zip(fillings, parts[1:], strict=False)
    )

    assert matches("*".join(parts), text)


@pytest.mark.parametrize(
    ("pattern", "text", "does"),
    [
        ("*", "anything", True),
        ("a*a", "a", False),
        ("a*b*c", "a-c-b", False),
        ("a*b*c", "abc", True),
        ("prod", "production", False),
        ("*eu*eu", "xeu", False),
    ],
)
def test_a_pattern_matches_whole_names_only(pattern: str, text: str, does: bool) -> None:
    assert matches(pattern, text) is does
