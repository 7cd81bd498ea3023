"""Configured resources, and what was told about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.models.policy import DIGEST_LENGTH
from registry.models import Workspace

MAX_SOURCE = 100
MAX_TYPE = 200
MAX_EXTERNAL_ID = 500
# What the registry knows of itself: nobody else may speak for it.
OWN_SOURCE = "muniment"


class Provenance(models.TextChoices):
    """How a document came about: somebody intends it, or the platform answered it."""

    DECLARED = "declared"
    OBSERVED = "observed"


class Resource(models.Model):
    """Something configured outside: a workspace, compute, endpoint or deployment of a platform.

    A resource that is gone is retired; if it comes back, that is a new row.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="resources")
    source = models.CharField(max_length=MAX_SOURCE)
    type = models.CharField(max_length=MAX_TYPE)
    external_id = models.CharField(max_length=MAX_EXTERNAL_ID)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source", "type", "external_id"],
                condition=Q(retired_at__isnull=True),
                name="one_resource_per_external_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.external_id}"


class Snapshot(models.Model):
    """What was told about a resource once; ``digest`` is that of the document's canonical JSON."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="snapshots")
    document = CanonicalJSONField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    provenance = models.CharField(max_length=8, choices=Provenance.choices)
    observed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(provenance__in=["declared", "observed"]), name="snapshot_provenance"
            ),
        ]
        indexes = [
            models.Index(
                fields=["resource", "provenance", "-observed_at", "-id"],
                name="snapshots_newest_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provenance} {self.observed_at:%Y-%m-%d %H:%M} of {self.resource_id}"
