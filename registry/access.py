"""Who may do what where: what an account's grants give, after the narrowing of its credential."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q

from core.errors import AccessDenied, Denial, InvalidInput, NotFound
from core.merging import MAX_KEYS, Merged
from core.models import User
from core.statements import Parameter, Statement
from registry.effective_access import current_epoch, of_user
from registry.models import (
    Workspace,
    WorkspaceGroupObjectPermission,
    WorkspaceUserObjectPermission,
)
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import Model, QuerySet

    from core.actors import Actor

    AnyModel = TypeVar("AnyModel", bound=Model)

ALL = frozenset(Permission)
NONE: frozenset[Permission] = frozenset()
SUPERUSER = "superuser"
WORKSPACE_BY_SLUG = Statement(lambda: Workspace.objects.filter(slug=Parameter("slug")))
NOTHING = Q(pk__in=[])
# Not the empty Q(): "this or in reach" would drop that, and mean "this" alone.
EVERYTHING = ~NOTHING


def permissions(actor: Actor, workspace_id: int) -> frozenset[Permission]:
    """Return what ``actor`` may do in a workspace, after every narrowing of its credential."""
    return permissions_in(actor, {workspace_id})[workspace_id]


def permissions_in(
    actor: Actor, workspace_ids: Collection[int]
) -> dict[int, frozenset[Permission]]:
    """Return the same for each of several workspaces, at the cost of one."""
    user = actor.user
    if not workspace_ids:
        return {}
    if user is None:
        within = workspace_ids if actor.workspaces is None else actor.workspaces
        return {key: ALL if key in within else NONE for key in workspace_ids}
    if not user.is_active:
        return dict.fromkeys(workspace_ids, NONE)
    held: Mapping[int, frozenset[Permission]]
    if user.is_superuser:
        held = dict.fromkeys(workspace_ids, ALL)
    else:
        held = of_user(user, epoch=actor.access_epoch).permissions
    scope = ALL if actor.scopes is None else _in_scope(actor.scopes)
    return {
        workspace_id: held.get(workspace_id, NONE) & scope
        if actor.workspaces is None or workspace_id in actor.workspaces
        else NONE
        for workspace_id in workspace_ids
    }


def _in_scope(scopes: frozenset[str]) -> frozenset[Permission]:
    return frozenset(permission for permission in Permission if permission.value in scopes)


def readable(actor: Actor, workspace_ids: Collection[int]) -> frozenset[int]:
    """Return those of the workspaces that ``actor`` may see."""
    held = permissions_in(actor, workspace_ids)
    return frozenset(key for key, rights in held.items() if Permission.VIEW in rights)


def afresh(actor: Actor) -> Actor:
    """Return ``actor`` as it is now: its account read again, its pinned epoch forgotten.

    For the last check before an effect, inside the transaction of the effect.
    """
    if actor.user is None:
        return actor
    user = User.objects.get(pk=actor.user.pk)
    return replace(actor, user=user, access_epoch=current_epoch())


def roles(actor: Actor, workspace_id: int) -> frozenset[str]:
    """Return the names of the roles that ``actor`` holds in a workspace, for the journal."""
    if actor.user is None:
        return frozenset()
    held = of_user(actor.user, epoch=actor.access_epoch).roles.get(workspace_id, frozenset())
    return held | {SUPERUSER} if actor.user.is_superuser else held


def allows(actor: Actor, permission: Permission, workspace_id: int) -> bool:
    """Tell whether ``actor`` may do that in the workspace."""
    return permission in permissions(actor, workspace_id)


def require(
    actor: Actor, permission: Permission, workspace: Workspace, *, subject: str = ""
) -> None:
    """Return if ``actor`` may do that in ``workspace``.

    Raises NotFound where the actor may not even see the workspace, else AccessDenied.
    """
    held = permissions(actor, workspace.pk)
    if permission in held:
        return
    denial = Denial(permission.value, subject or workspace.slug, workspace.uuid)
    if Permission.VIEW not in held:
        raise NotFound(denial=denial)
    raise AccessDenied(
        f"This needs the right {permission.value} in the workspace {workspace.slug}.",
        denial=denial,
    )


def administers_organisation(actor: Actor) -> bool:
    """Tell whether ``actor`` administers the whole organisation, by an unnarrowed credential."""
    user = actor.user
    return user is None or (user.is_active and user.is_superuser and not actor.is_narrowed)


def require_organisation_admin(actor: Actor, *, subject: str) -> None:
    """Return if ``actor`` administers the whole organisation; raises AccessDenied."""
    if administers_organisation(actor):
        return
    raise AccessDenied(
        "This needs an administrator of the organisation.",
        denial=Denial("organisation_admin", subject, None),
    )


def workspace_by_slug(
    actor: Actor, slug: str, *, permission: Permission = Permission.VIEW, field: str = ""
) -> Workspace:
    """Return the workspace called ``slug``, in which ``actor`` has ``permission``.

    Raises NotFound for a missing or foreign one (InvalidInput where ``field`` names the input
    that held the slug), AccessDenied for a lacking right.
    """
    workspace = WORKSPACE_BY_SLUG.first(slug=slug)
    try:
        if workspace is None:
            raise NotFound
        require(actor, permission, workspace)
    except NotFound as error:
        if field:
            reason = f"there is no workspace {slug[:80]!r}"
            raise InvalidInput.of(field, reason, denial=error.denial) from error
        raise
    return workspace


def in_reach(
    actor: Actor, *, path: str = "workspace", permission: Permission = Permission.VIEW
) -> Q:
    """Return the condition that a row's workspace, at ``path``, grants ``permission``.

    It is one IN per kind of principal, so that a list stays one query at any number of
    workspaces; the database reads the two sets once, not once per row, as it would with EXISTS.
    An empty ``path`` means the row is the workspace.
    """
    key = f"{path}_id" if path else "pk"
    narrowed = EVERYTHING if actor.workspaces is None else Q(**{f"{key}__in": actor.workspaces})
    out_of_scope = actor.scopes is not None and permission.value not in actor.scopes
    if out_of_scope or (actor.user is not None and not actor.user.is_active):
        return NOTHING
    if actor.user is None or actor.user.is_superuser:
        return narrowed
    wanted = {"permission__codename": permission.value}
    by_user = WorkspaceUserObjectPermission.objects.filter(user=actor.user, **wanted)
    by_group = WorkspaceGroupObjectPermission.objects.filter(group__user=actor.user, **wanted)
    return narrowed & (
        Q(**{f"{key}__in": by_user.values("content_object_id")})
        | Q(**{f"{key}__in": by_group.values("content_object_id")})
    )


def within_reach(
    actor: Actor, rows: Merged[AnyModel], *, permission: Permission = Permission.VIEW
) -> Merged[AnyModel]:
    """Return those of ``rows`` whose ``workspace_id`` grants ``permission``, to be listed in order.

    The same rows as by ``in_reach``, with the workspaces spelled out: a database that knows them
    reads each one's newest rows, whoever asks and however much lies elsewhere.
    """
    keys = workspace_ids(actor, permission=permission)
    if keys is None:
        return rows
    if len(keys) > MAX_KEYS:
        return rows.filter(in_reach(actor, permission=permission))
    return rows.keyed("workspace_id", keys)


def workspace_ids(
    actor: Actor, *, permission: Permission = Permission.VIEW
) -> frozenset[int] | None:
    """Return the ids of the workspaces in which ``actor`` has ``permission``; None for all.

    Asks the database nothing that it was asked under this epoch before.
    """
    user = actor.user
    out_of_scope = actor.scopes is not None and permission.value not in actor.scopes
    if out_of_scope or (user is not None and not user.is_active):
        return frozenset()
    keys = None if actor.workspaces is None else frozenset(actor.workspaces)
    if user is None or user.is_superuser:
        return keys
    held = of_user(user, epoch=actor.access_epoch).permissions
    granted = frozenset(key for key, rights in held.items() if permission in rights)
    return granted if keys is None else keys & granted


def visible_workspaces(
    actor: Actor, *, permission: Permission = Permission.VIEW
) -> QuerySet[Workspace]:
    """Return the workspaces in which ``actor`` has ``permission``."""
    return Workspace.objects.filter(in_reach(actor, path="", permission=permission))
