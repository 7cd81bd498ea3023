"""Grant and end roles. The grants are facts; django-guardian's rows follow from the open ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as DjangoPermission
from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput, NotFound
from core.facts import end
from core.journal import publish
from core.models import User
from core.statements import Parameter, Statement, insert
from registry import access
from registry.events import RoleEnded, RoleGranted
from registry.models import (
    Grant,
    Workspace,
    WorkspaceGroupObjectPermission,
    WorkspaceUserObjectPermission,
)
from registry.permissions import ROLE_NAMES, ROLES, Permission, Role
from registry.services.locking import LOCKED_WORKSPACE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

PERMISSIONS = Statement(
    lambda: DjangoPermission.objects.filter(
        content_type__app_label="registry", content_type__model="workspace"
    )
)


@dataclass(frozen=True)
class _Principals:
    """One kind of principal: what it is called in a grant, and where its permission rows are."""

    field: str
    model: type[WorkspaceUserObjectPermission | WorkspaceGroupObjectPermission]
    roles: Statement[str]
    rights: Statement[str]

    @classmethod
    def of(
        cls, field: str, model: type[WorkspaceUserObjectPermission | WorkspaceGroupObjectPermission]
    ) -> _Principals:
        def roles() -> QuerySet[Grant, str]:
            grants = Grant.objects.filter(workspace=place, valid_to__isnull=True, **whose)
            return grants.values_list("role", flat=True)

        def rights() -> QuerySet[Any, str]:
            rows = model.objects.filter(content_object=place, **whose)
            return rows.values_list("permission__codename", flat=True)

        whose, place = {field: Parameter("principal")}, Parameter("workspace")
        return cls(field, model, Statement(roles), Statement(rights))


USERS = _Principals.of("user", WorkspaceUserObjectPermission)
GROUPS = _Principals.of("group", WorkspaceGroupObjectPermission)


def grant(
    *,
    actor: Actor,
    workspace: str,
    role: str,
    username: str = "",
    group: str = "",
    reason: str = "",
) -> Grant:
    """Give a user or a group a role in a workspace; needs the right manage_members.

    Raises InvalidInput for an unknown role or principal, Conflict when the role is held already.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.MANAGE_MEMBERS, field="workspace"
    )
    if role not in ROLE_NAMES:
        raise InvalidInput.of("role", f"must be one of {', '.join(ROLE_NAMES)}")
    if bool(username) == bool(group):
        raise InvalidInput.of("username", "give either a username or a group")
    user = _user(username) if username else None
    principals = _group(group) if group else None
    with transaction.atomic():
        return record_grant(
            actor=actor,
            workspace=place,
            role=Role(role),
            user=user,
            group=principals,
            reason=reason,
        )


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InvalidInput.of("username", f"there is no user {username[:80]!r}")
    return user


def _group(name: str) -> Group:
    group = Group.objects.filter(name=name).first()
    if group is None:
        raise InvalidInput.of("group", f"there is no group {name[:80]!r}")
    return group


def record_grant(
    *,
    actor: Actor,
    workspace: Workspace,
    role: Role,
    user: User | None = None,
    group: Group | None = None,
    reason: str = "",
) -> Grant:
    """Write the grant, the permission rows and the journal entry in the current transaction.

    For services that have checked the actor's right themselves.
    """
    LOCKED_WORKSPACE.one(workspace=workspace.pk)
    held = _open_roles(workspace, user=user, group=group)
    if role in held:
        raise Conflict(f"The role {role} is held already.")
    created = insert(
        Grant(workspace=workspace, user=user, group=group, role=role, granted_by=actor.user)
    )
    _derive_rows(workspace, [*held, role], user=user, group=group)
    publish(
        RoleGranted(
            subject=workspace.slug,
            workspace=workspace.uuid,
            reason=reason,
            role=role.value,
            **_principal(user, group),
        ),
        actor=actor,
        roles=access.roles(actor, workspace.pk),
    )
    return created


def revoke(*, actor: Actor, grant_uuid: UUID, reason: str = "") -> Grant:
    """End a grant; needs the right manage_members. A grant that has ended is a Conflict."""
    found = Grant.objects.select_related("workspace", "user", "group").filter(uuid=grant_uuid)
    held = found.first()
    if held is None:
        raise NotFound
    workspace = held.workspace
    access.require(actor, Permission.MANAGE_MEMBERS, workspace)
    with transaction.atomic():
        LOCKED_WORKSPACE.one(workspace=workspace.pk)
        if not end(found, at=timezone.now()):
            raise Conflict("The grant has ended already.")
        left = _open_roles(workspace, user=held.user, group=held.group)
        _derive_rows(workspace, left, user=held.user, group=held.group)
        publish(
            RoleEnded(
                subject=workspace.slug,
                workspace=workspace.uuid,
                reason=reason,
                role=held.role,
                **_principal(held.user, held.group),
            ),
            actor=actor,
            roles=access.roles(actor, workspace.pk),
        )
    held.refresh_from_db()
    return held


def _principal(user: User | None, group: Group | None) -> dict[str, Any]:
    if user is not None:
        return {"principal_kind": "user", "principal": str(user.uuid)}
    return {"principal_kind": "group", "principal": group.name if group else ""}


def _open_roles(workspace: Workspace, *, user: User | None, group: Group | None) -> list[str]:
    kind, principal = (USERS, user) if user is not None else (GROUPS, group)
    return kind.roles.all(workspace=workspace.pk, principal=principal.pk if principal else None)


def _derive_rows(
    workspace: Workspace, roles: Sequence[str], *, user: User | None, group: Group | None
) -> None:
    """Make the principal's permission rows on ``workspace`` those of its open ``roles``."""
    kind, principal = (USERS, user) if user is not None else (GROUPS, group)
    wanted = {permission.value for role in roles for permission in ROLES[Role(role)]}
    key = principal.pk if principal else None
    present = set(kind.rights.all(workspace=workspace.pk, principal=key))
    if gone := present - wanted:
        rows = kind.model.objects.filter(content_object=workspace, **{kind.field: principal})
        rows.filter(permission__codename__in=gone).delete()
    if missing := wanted - present:
        kind.model.objects.bulk_create(
            kind.model(content_object=workspace, permission=each, **{kind.field: principal})
            for each in PERMISSIONS.all()
            if each.codename in missing
        )
