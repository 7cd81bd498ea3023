"""What becomes of versions and assets: lifecycle states, descriptions, former names, tombstones."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.facts import Fact
from core.ids import new_uuid
from registry.models.asset import Asset
from registry.models.version import DIGEST_LENGTH, AssetVersion
from registry.models.workspace import Workspace

ACTIVE = "active"


class Lifecycle(Fact):
    """A state that a version was in, from when to when. A version without an open row is active."""

    class State(models.TextChoices):
        DEPRECATED = "deprecated"
        ARCHIVED = "archived"
        WITHDRAWN = "withdrawn"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="lifecycle")
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.TextField()
    replacement = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="replaces"
    )
    set_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        verbose_name_plural = "lifecycle"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=["deprecated", "archived", "withdrawn"]),
                name="lifecycle_state",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="lifecycle_has_a_reason"),
            models.CheckConstraint(
                condition=Q(replacement__isnull=True) | ~Q(replacement=F("version")),
                name="nothing_replaces_itself",
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(valid_to__isnull=True),
                name="one_open_state_per_version",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "version"],
                condition=Q(valid_to__isnull=True),
                name="versions_in_a_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.state}"


class VersionDetails(models.Model):
    """What may change about a version beside its content."""

    version = models.OneToOneField(AssetVersion, on_delete=models.PROTECT, related_name="details")
    description = models.TextField(blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "version details"

    def __str__(self) -> str:
        return str(self.version)


class Tombstone(models.Model):
    """What a deleted version leaves: its number stays taken, its content stays as evidence."""

    version = models.OneToOneField(AssetVersion, on_delete=models.PROTECT, related_name="tombstone")
    digest = models.CharField(max_length=DIGEST_LENGTH)
    reason = models.TextField()
    deleted_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.version)


class AssetFormerName(models.Model):
    """A name that an asset once bore: nobody else may bear it, and it still finds the asset."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="former_names")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    given_up_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "name"], name="one_asset_per_former_name"
            ),
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(kind__in=["model", "prompt"]),
                name="models_and_prompts_share_former_names",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"
