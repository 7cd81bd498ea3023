"""Signatures of versions, the keys that a workspace trusts, and what verification found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.ids import new_uuid
from registry.models.version import DIGEST_LENGTH, AssetVersion
from registry.models.workspace import Workspace


class TrustedKey(Fact):
    """A workspace trusts signatures by the holder of this public key, from when to when."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="trusted_keys")
    name = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=DIGEST_LENGTH)
    pem = models.TextField()
    set_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "fingerprint"],
                condition=Q(valid_to__isnull=True),
                name="one_open_trust_per_key",
            ),
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(valid_to__isnull=True),
                name="one_open_trust_per_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.fingerprint}"


class ModelSignature(models.Model):
    """A signature that somebody handed in for a version: the bundle, byte for byte."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="signatures")
    bundle = models.TextField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    added_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["version", "digest"], name="one_signature_per_version_and_bundle"
            ),
        ]

    def __str__(self) -> str:
        return self.digest


class SignatureVerification(models.Model):
    """What one verification of a signature found; the newest counts."""

    class Status(models.TextChoices):
        VERIFIED = "verified"
        FAILED = "failed"
        UNTRUSTED = "untrusted"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    signature = models.ForeignKey(
        ModelSignature, on_delete=models.PROTECT, related_name="verifications"
    )
    status = models.CharField(max_length=10, choices=Status.choices)
    reason = models.TextField(blank=True)
    signer = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    tool = models.CharField(max_length=50)
    tool_version = models.CharField(max_length=50)
    verified_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status="verified", signer__gt="") | ~Q(status="verified"),
                name="verified_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signature_id}: {self.status}"
