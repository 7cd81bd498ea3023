"""Which accounts may do what in a workspace: the other direction of ``registry.access``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q

from core.errors import InvalidInput
from core.models import User
from registry.models import WorkspaceGroupObjectPermission, WorkspaceUserObjectPermission
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet


def who_may(permission: Permission, workspace_id: int) -> QuerySet[User]:
    """Return the accounts in use that may do that in the workspace, superusers included."""
    granted = granted_to(permission, workspace_id)
    return User.objects.filter(granted | Q(is_superuser=True), is_active=True)


def granted_to(permission: Permission, workspace_id: int) -> Q:
    """Return the condition that a role gives an account ``permission``, itself or by a group."""
    wanted = {"content_object_id": workspace_id, "permission__codename": permission.value}
    by_user = WorkspaceUserObjectPermission.objects.filter(user=OuterRef("pk"), **wanted)
    by_group = WorkspaceGroupObjectPermission.objects.filter(group__user=OuterRef("pk"), **wanted)
    return Q(Exists(by_user)) | Q(Exists(by_group))


def visible_user(username: str, workspace_id: int, *, field: str) -> User:
    """Return the account that may see the workspace; raises InvalidInput that does not tell
    whether there is another one of that name."""
    found = who_may(Permission.VIEW, workspace_id).filter(username=username).first()
    if found is None:
        reason = f"no account {username[:80]!r} may see the workspace"
        raise InvalidInput.of(field, reason)
    return found


def visible_group(name: str, workspace_id: int, *, field: str = "group") -> Group:
    """Return the group that may see the workspace, likewise."""
    wanted = {"content_object_id": workspace_id, "permission__codename": Permission.VIEW.value}
    seeing = WorkspaceGroupObjectPermission.objects.filter(group=OuterRef("pk"), **wanted)
    found = Group.objects.filter(Exists(seeing), name=name).first()
    if found is None:
        raise InvalidInput.of(field, f"no group {name[:80]!r} may see the workspace")
    return found
