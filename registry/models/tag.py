"""Tags: key and value, changeable, beside assets and versions. Their history is in the journal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone

from registry.models.asset import Asset
from registry.models.version import AssetVersion

MAX_KEY = 250
HEAD = 200


class Tag(models.Model):
    """Abstract base. ``value_head`` are the first 200 characters of the value: what is indexed."""

    key = models.CharField(max_length=MAX_KEY)
    value = models.TextField(blank=True)
    value_head = models.CharField(max_length=HEAD, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(value_head=Left("value", HEAD)), name="%(class)s_head_of_value"
            ),
        ]
        indexes = [models.Index(fields=["key", "value_head"], name="%(class)ss_by_value")]

    def __str__(self) -> str:
        return f"{self.key}={self.value_head}"


class AssetTag(Tag):
    """A tag of an asset."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="tags")

    class Meta(Tag.Meta):
        constraints = [
            *Tag.Meta.constraints,
            models.UniqueConstraint(fields=["asset", "key"], name="one_value_per_asset_tag"),
        ]


class VersionTag(Tag):
    """A tag of a version."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="tags")

    class Meta(Tag.Meta):
        constraints = [
            *Tag.Meta.constraints,
            models.UniqueConstraint(fields=["version", "key"], name="one_value_per_version_tag"),
        ]
