"""Who may do what where: the grants as facts, and the permission rows that they derive."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from core.facts import Fact
from core.ids import new_uuid
from registry.models.workspace import Workspace
from registry.permissions import Role


class Grant(Fact):
    """A role that a user or a group held in a workspace, from when to when, and by whose hand."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="grants"
    )
    group = models.ForeignKey(
        "auth.Group", null=True, on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    granted_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(user__isnull=False, group__isnull=True)
                | Q(user__isnull=True, group__isnull=False),
                name="grant_to_user_or_group",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="grant_role"
            ),
            models.UniqueConstraint(
                fields=["workspace", "user", "role"],
                condition=Q(valid_to__isnull=True, user__isnull=False),
                name="one_open_grant_per_user_and_role",
            ),
            models.UniqueConstraint(
                fields=["workspace", "group", "role"],
                condition=Q(valid_to__isnull=True, group__isnull=False),
                name="one_open_grant_per_group_and_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.workspace}"


class WorkspaceUserObjectPermission(UserObjectPermissionBase):
    """django-guardian's permission rows of users, with a real foreign key."""

    content_object = models.ForeignKey(Workspace, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        default_permissions = ()


class WorkspaceGroupObjectPermission(GroupObjectPermissionBase):
    """django-guardian's permission rows of groups, with a real foreign key."""

    content_object = models.ForeignKey(Workspace, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()


class AccessEpoch(models.Model):
    """One row, counted up by database triggers at any change of who may do what.

    A process may keep what it derived under an epoch for as long as the epoch stands.
    """

    epoch = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="access_epoch_is_one_row"),
        ]
