"""Who may do what where."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from guardian.shortcuts import assign_perm, remove_perm

from core.actors import Actor, system
from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.models import User
from registry import access, effective_access
from registry.effective_access import Access, current_epoch
from registry.models import Grant, Workspace, WorkspaceUserObjectPermission
from registry.permissions import ROLES, Permission, Role
from registry.services import members
from tests.core.test_journal import Outside
from tests.factories import (
    administrator,
    grant,
    make_actor,
    make_admin,
    make_user,
    make_workspace,
    member,
)

pytestmark = pytest.mark.django_db


def held(actor: Actor, workspace: Workspace) -> frozenset[Permission]:
    return access.permissions(actor, workspace.pk)


def in_lists(actor: Actor, workspace: Workspace) -> frozenset[Permission]:
    """The same rights, as the condition of lists sees them."""
    return frozenset(
        permission
        for permission in Permission
        if access.visible_workspaces(actor, permission=permission).filter(pk=workspace.pk).exists()
    )


@pytest.mark.parametrize("role", Role)
def test_a_role_gives_its_permissions_in_its_workspace_only(role: Role) -> None:
    here, there = make_workspace(), make_workspace()
    actor = member(here, role)

    assert held(actor, here) == in_lists(actor, here) == ROLES[role]
    assert held(actor, there) == in_lists(actor, there) == frozenset()
    assert access.roles(actor, here.pk) == {role}


def test_roles_add_up_and_ending_one_leaves_the_other() -> None:
    workspace = make_workspace()
    actor = member(workspace, "author")
    grant(actor, workspace, "approver")
    assert held(actor, workspace) == ROLES[Role.AUTHOR] | ROLES[Role.APPROVER]

    author = Grant.objects.get(user=actor.user, role="author")
    members.revoke(actor=administrator(), grant_uuid=author.uuid)

    assert held(actor, workspace) == ROLES[Role.APPROVER]
    assert access.roles(actor, workspace.pk) == {"approver"}


def test_a_group_passes_its_roles_on_to_whoever_is_in_it() -> None:
    workspace, group = make_workspace(), Group.objects.create(name="the-team")
    actor = make_actor()
    members.grant(
        actor=administrator(), workspace=workspace.slug, role="deployer", group="the-team"
    )
    assert held(actor, workspace) == frozenset()
    assert actor.user is not None

    actor.user.groups.add(group)
    assert held(actor, workspace) == in_lists(actor, workspace) == ROLES[Role.DEPLOYER]

    actor.user.groups.remove(group)
    assert held(actor, workspace) == in_lists(actor, workspace) == frozenset()


def test_an_administrator_may_everything_and_a_deactivated_account_nothing() -> None:
    workspace = make_workspace()
    admin, author = make_admin(), member(workspace, "author")
    assert held(admin, workspace) == in_lists(admin, workspace) == frozenset(Permission)

    for actor in (admin, author):
        assert actor.user is not None
        actor.user.is_active = False
        assert held(actor, workspace) == in_lists(actor, workspace) == frozenset()


def test_the_system_may_everything() -> None:
    workspace = make_workspace()

    assert held(system(), workspace) == in_lists(system(), workspace) == frozenset(Permission)


def test_a_credential_narrows_and_never_widens() -> None:
    here, there = make_workspace(), make_workspace()
    reader = member(here, "reader")
    grant(reader, there, "author")
    admin = make_admin()
    scopes = frozenset({"view_workspace", "create_version", "no-such-right"})

    for actor in (reader, admin):
        narrow = replace(actor, workspaces=frozenset({here.pk}), scopes=scopes)
        assert held(narrow, there) == in_lists(narrow, there) == frozenset()
        assert held(narrow, here) == in_lists(narrow, here)
    assert held(replace(reader, scopes=scopes), here) == {Permission.VIEW}
    assert held(replace(admin, scopes=scopes), here) == {
        Permission.VIEW,
        Permission.CREATE_VERSION,
    }
    assert held(replace(admin, scopes=frozenset()), here) == frozenset()


def test_require_hides_what_may_not_be_seen_and_says_what_lacks_where_it_may() -> None:
    workspace = make_workspace()

    with pytest.raises(NotFound) as hidden:
        access.require(make_actor(), Permission.APPROVE, workspace)
    with pytest.raises(AccessDenied, match="approve_promotion") as lacking:
        access.require(member(workspace, "reader"), Permission.APPROVE, workspace)
    access.require(member(workspace, "approver"), Permission.APPROVE, workspace)

    for caught in (hidden, lacking):
        assert caught.value.denial is not None
        assert caught.value.denial.workspace == workspace.uuid


def test_only_an_unnarrowed_administrator_administers_the_organisation() -> None:
    workspace = make_workspace()
    admin = make_admin()

    access.require_organisation_admin(admin, subject="x")
    for actor in (
        member(workspace, "admin"),
        replace(admin, workspaces=frozenset({workspace.pk})),
        replace(admin, scopes=frozenset(Permission)),
    ):
        with pytest.raises(AccessDenied):
            access.require_organisation_admin(actor, subject="x")


# -- The epoch -----------------------------------------------------------------------------------


def by_guardian(user: User, workspace: Workspace) -> None:
    assign_perm("registry.approve_promotion", user, workspace)


def by_guardian_again(user: User, workspace: Workspace) -> None:
    assign_perm("registry.approve_promotion", user, workspace)
    remove_perm("registry.approve_promotion", user, workspace)


def by_bulk_delete(user: User, workspace: Workspace) -> None:
    WorkspaceUserObjectPermission.objects.filter(user=user).delete()


def by_group(user: User, workspace: Workspace) -> None:
    user.groups.add(Group.objects.create(name="a-group"))


def by_deactivation(user: User, workspace: Workspace) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def by_promotion(user: User, workspace: Workspace) -> None:
    User.objects.filter(pk=user.pk).update(is_superuser=True)


CHANGES = [by_guardian, by_guardian_again, by_bulk_delete, by_group, by_deactivation, by_promotion]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_epoch_counts_every_change_of_access_whoever_makes_it(
    change: Callable[[User, Workspace], None],
) -> None:
    workspace = make_workspace()
    actor = member(workspace, "reader")
    before = current_epoch()
    assert actor.user is not None

    change(actor.user, workspace)

    assert current_epoch() > before


def test_a_login_does_not_touch_the_epoch() -> None:
    user = make_user()
    before = current_epoch()

    user.last_login = user.date_joined
    user.save(update_fields=["last_login"])

    assert current_epoch() == before


def test_what_was_derived_is_kept_exactly_as_long_as_the_epoch_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = make_workspace()
    actor = member(workspace, "reader")
    # The cache keeps nothing that is derived inside a transaction, where every test runs.
    monkeypatch.setattr(effective_access, "connection", Outside())
    monkeypatch.setattr(effective_access, "_cache", OrderedDict())
    derived: list[User] = []
    derive = effective_access._derive

    def counted(user: User) -> Access:
        derived.append(user)
        return derive(user)

    monkeypatch.setattr(effective_access, "_derive", counted)
    pinned = replace(actor, access_epoch=current_epoch())

    assert held(pinned, workspace) == held(pinned, workspace) == ROLES[Role.READER]
    assert len(derived) == 1
    grant(actor, workspace, "author")

    fresh = replace(actor, access_epoch=current_epoch())
    assert held(fresh, workspace) == ROLES[Role.READER] | ROLES[Role.AUTHOR]


def test_afresh_forgets_what_the_actor_was() -> None:
    workspace = make_workspace()
    actor = replace(member(workspace, "author"), access_epoch=current_epoch())
    by_deactivation(actor.user, workspace) if actor.user else None

    assert held(access.afresh(actor), workspace) == frozenset()


# -- Members -------------------------------------------------------------------------------------


def test_granting_twice_and_ending_twice_are_conflicts() -> None:
    workspace = make_workspace()
    actor = member(workspace, "reader", username="somebody")

    with pytest.raises(Conflict):
        grant(actor, workspace, "reader")
    uuid = Grant.objects.get(user=actor.user).uuid
    members.revoke(actor=administrator(), grant_uuid=uuid)
    with pytest.raises(Conflict):
        members.revoke(actor=administrator(), grant_uuid=uuid)
    grant(actor, workspace, "reader")
    assert Grant.objects.filter(user=actor.user).count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": "king"}, "role"),
        ({"username": "nobody-here"}, "username"),
        ({"username": "", "group": "no-group"}, "group"),
        ({"username": "", "group": ""}, "username"),
        ({"group": "both"}, "username"),
        ({"workspace": "nowhere"}, "workspace"),
    ],
    ids=str,
)
def test_a_bad_grant_is_told_with_its_field(change: dict[str, str], field: str) -> None:
    user, workspace = make_user(), make_workspace()
    wanted = {"workspace": workspace.slug, "role": "reader", "username": user.username}

    with pytest.raises(InvalidInput) as caught:
        members.grant(actor=administrator(), **(wanted | change))

    assert caught.value.errors[0].field == field
    assert not Grant.objects.filter(user=user).exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_admin_of_the_workspace_manages_its_members(role: Role) -> None:
    workspace = make_workspace()
    user = make_user()
    actor = member(workspace, role)

    with pytest.raises(AccessDenied):
        members.grant(
            actor=actor,
            workspace=workspace.slug,
            role="admin",
            username=user.username,
        )
    assert not Grant.objects.filter(user=user).exists()
