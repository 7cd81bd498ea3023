"""Stored bytes, who brought them, and which version's artifact they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models.version import DIGEST_LENGTH, VersionArtifact
from registry.models.workspace import Workspace


class Blob(models.Model):
    """Bytes that the store holds, once per digest; ``key`` is where.

    The row appears after its bytes are durable and goes before they do: what the table names is
    there. It is nobody's: claims and uploads say who may refer to it.
    """

    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    size = models.BigIntegerField()
    key = models.CharField(max_length=200, unique=True)
    stored_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="blob_size"),
        ]
        indexes = [models.Index(fields=["stored_at"], name="blobs_oldest_first")]

    def __str__(self) -> str:
        return self.digest


class Upload(models.Model):
    """A promise to bring bytes into a workspace, and what came of it.

    Only its uploader may register what it brought, only there, and only until ``expires_at``.
    ``blob`` is let go after that; digest and size stay on record.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="uploads")
    uploader = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    declared_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    declared_size = models.BigIntegerField(null=True)
    media_type = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=DIGEST_LENGTH, null=True)
    size = models.BigIntegerField(null=True)
    stored_at = models.DateTimeField(null=True)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="uploads")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__isnull=True, size__isnull=True, stored_at__isnull=True)
                | Q(digest__isnull=False, size__isnull=False, stored_at__isnull=False),
                name="upload_is_stored_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(blob__isnull=True) | Q(stored_at__isnull=False),
                name="upload_holds_bytes_only_when_stored",
            ),
        ]
        indexes = [
            models.Index(fields=["uploader", "-id"], name="uploads_of_somebody"),
            models.Index(
                fields=["expires_at"],
                condition=Q(blob__isnull=False),
                name="uploads_that_hold_bytes",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class BlobClaim(models.Model):
    """A version's artifact is these stored bytes: what keeps them, and lets its readers read."""

    artifact = models.OneToOneField(VersionArtifact, on_delete=models.PROTECT, related_name="claim")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="claims")
    claimed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.artifact_id} is {self.blob_id}"
