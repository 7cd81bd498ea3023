"""Who answers for an asset, and who wants to hear of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.ids import new_uuid
from registry.models.asset import Asset
from registry.models.subject import exactly_one
from registry.models.workspace import Workspace


class AssetOwner(Fact):
    """A user or a group that owned an asset, from when to when.

    While no such fact holds, whoever created the asset is its owner.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="owners")
    user = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="owned_assets"
    )
    group = models.ForeignKey(
        "auth.Group", null=True, on_delete=models.PROTECT, related_name="owned_assets"
    )
    set_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=exactly_one(("user", "group")), name="owner_is_a_user_or_a_group"
            ),
            models.UniqueConstraint(
                fields=["asset", "user"],
                condition=Q(valid_to__isnull=True, user__isnull=False),
                name="one_open_ownership_per_user",
            ),
            models.UniqueConstraint(
                fields=["asset", "group"],
                condition=Q(valid_to__isnull=True, group__isnull=False),
                name="one_open_ownership_per_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.group} of {self.asset}"


class Watch(models.Model):
    """A user asked to be told of what happens to an asset, or in a workspace."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="watches")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="watches")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="watches")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "watches"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "asset"],
                condition=Q(asset__isnull=False),
                name="one_watch_per_asset",
            ),
            models.UniqueConstraint(
                fields=["user", "workspace"],
                condition=Q(asset__isnull=True),
                name="one_watch_per_workspace",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} watches {self.asset or self.workspace}"
