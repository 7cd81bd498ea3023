"""Aliases: movable names of one version, with every move on record."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.ids import new_uuid
from registry.models.asset import Asset
from registry.models.version import AssetVersion


class Alias(models.Model):
    """What a name means now."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=200)
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="aliases")
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["asset", "name"], name="one_version_per_alias"),
        ]
        indexes = [models.Index(fields=["name", "version"], name="aliases_by_name")]

    def __str__(self) -> str:
        return f"{self.asset}@{self.name}"


class AliasMove(models.Model):
    """One move: append-only, so that what a name meant at any time is a query."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="alias_moves")
    name = models.CharField(max_length=200)
    from_version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["asset", "name", "-id"], name="alias_moves_newest_first")]

    def __str__(self) -> str:
        return f"{self.name} of {self.asset}"
