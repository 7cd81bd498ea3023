"""Configured resources, and what was told about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.canonical import canonical_digest
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.models.policy import DIGEST_LENGTH
from registry.models import Workspace

MAX_SOURCE = 100
MAX_TYPE = 200
MAX_EXTERNAL_ID = 500
MAX_FORMAT = 40
# The form of documents that are taken as they are.
NATIVE = "native"
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


class SourceDocument(models.Model):
    """The bytes that were submitted, stored once; ``digest`` is that of what is stored.

    What looked like a secret was replaced before; then ``is_redacted``, and the body is the
    canonical JSON of the rest.
    """

    digest = models.CharField(max_length=DIGEST_LENGTH, primary_key=True)
    body = models.BinaryField()
    media_type = models.CharField(max_length=40)
    is_redacted = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


class Snapshot(models.Model):
    """What was told about a resource once; ``digest`` is that of the document's canonical JSON.

    ``document`` is in the shape of the platform; ``format`` is the form that it was told in, and
    ``fields`` says what that form told, path by path (null where it was taken as it is).
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="snapshots")
    document = CanonicalJSONField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    format = models.CharField(max_length=MAX_FORMAT, default=NATIVE)
    fields = CanonicalJSONField(null=True)
    source_document = models.ForeignKey(
        SourceDocument, null=True, on_delete=models.PROTECT, related_name="snapshots"
    )
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

    @property
    def judged_digest(self) -> str:
        """Return what changes with all that policies are told of the configuration, and not when
        it is told again as it was."""
        if self.fields is None and self.format == NATIVE:
            return self.digest
        return canonical_digest([self.digest, self.format, self.fields])
