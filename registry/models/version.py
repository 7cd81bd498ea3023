"""Versions: one narrow immutable table for all kinds, and what hangs on a version."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.fields import CanonicalJSONField
from core.ids import new_uuid
from registry.kinds.links import LinkRole
from registry.models.asset import Asset
from registry.models.workspace import Workspace

DIGEST_LENGTH = 71  # "sha256:" and 64 hexadecimal digits


class Spec(models.Model):
    """The kind-specific content, stored once per digest of its canonical form."""

    digest = models.CharField(max_length=DIGEST_LENGTH, primary_key=True)
    body = CanonicalJSONField()
    size = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


class AssetVersion(models.Model):
    """An immutable version; ``digest`` covers kind, schema version, spec and artifacts."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="versions")
    # The asset's, which never changes: lists by workspace read one index and need no join.
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=DIGEST_LENGTH, db_index=True)
    spec = models.ForeignKey(Spec, on_delete=models.PROTECT, related_name="versions")
    schema_version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    promoted_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="promoted_to"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="one_version_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_numbers_from_one"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="versions_newest_first"),
            models.Index(fields=["workspace", "-id"], name="versions_of_a_workspace"),
            models.Index(fields=["asset", "-id"], name="versions_of_an_asset"),
            models.Index(fields=["workspace", "created_at"], name="versions_by_creation"),
        ]

    def __str__(self) -> str:
        return f"{self.asset} v{self.number}"


class VersionArtifact(models.Model):
    """Bytes that belong to a version, kept elsewhere under a declared digest."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="artifacts")
    path = models.CharField(max_length=500)
    uri = models.CharField(max_length=2000)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    size = models.BigIntegerField(null=True)
    media_type = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="one_artifact_per_path"),
            models.CheckConstraint(
                condition=Q(size__isnull=True) | Q(size__gte=0), name="artifact_size"
            ),
        ]

    def __str__(self) -> str:
        return self.path


class Metric(models.Model):
    """A number measured on a version, with the evaluator that measured it."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="metrics")
    name = models.CharField(max_length=200)
    value = models.FloatField()
    evaluator = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["version", "name", "evaluator"], name="one_value_per_metric_and_evaluator"
            ),
        ]
        indexes = [models.Index(fields=["name", "value"], name="metrics_by_value")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class VersionLink(models.Model):
    """A typed relation between two versions, written with the version that it starts from."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="links")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in LinkRole])
    target = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="linked_from")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "role", "target"], name="one_link_per_role"),
            models.CheckConstraint(condition=~Q(version=F("target")), name="no_link_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.target_id}"


class FrozenProvenance(models.Model):
    """Where a promoted version came from, as it was then, kept in the target workspace.

    ``body`` is canonical JSON with digests of data, base models, prompts, evaluations, approvals
    and decisions; it needs no right on the source, and outlives it.
    """

    version = models.OneToOneField(
        AssetVersion, on_delete=models.PROTECT, related_name="provenance"
    )
    body = CanonicalJSONField()
    digest = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "frozen provenance"

    def __str__(self) -> str:
        return self.digest
