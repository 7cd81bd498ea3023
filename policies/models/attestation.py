"""Attestations: a person says whether a rule is kept that no engine can judge, and shows why."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.facts import Fact
from core.ids import new_uuid
from policies.models.assignment import Assignment
from policies.models.policy import DIGEST_LENGTH
from policies.models.resource import Resource
from registry.models import Blob, Workspace

MAX_TITLE = 200
MAX_URI = 2_000


class Attestation(Fact):
    """What somebody says of a manual rule in one workspace, until it ends or expires.

    Without ``resource`` and ``asset`` ("kind/name") it is about everything that the rule judges
    there; the newest of those that are closest to a subject counts.
    """

    class State(models.TextChoices):
        COMPLIANT = "compliant"
        NON_COMPLIANT = "non_compliant"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="attestations"
    )
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="policy_attestations"
    )
    reference_id = models.CharField(max_length=200, blank=True)
    resource = models.ForeignKey(
        Resource, null=True, on_delete=models.PROTECT, related_name="attestations"
    )
    asset = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=13, choices=State.choices)
    comments = models.TextField(blank=True)
    owner = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    attested_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("valid_from")), name="attestation_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(assessed_at__lte=F("valid_from")), name="attestation_assessed_before"
            ),
            models.CheckConstraint(
                condition=Q(resource__isnull=True) | Q(asset=""),
                name="attestation_of_resource_or_asset",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["compliant", "non_compliant"]), name="attestation_state"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="attestations_of_workspace"),
            models.Index(fields=["assignment", "workspace"], name="attestations_of_assignment"),
        ]

    def __str__(self) -> str:
        return f"{self.state} in {self.workspace} until {self.expires_at:%Y-%m-%d}"

    @property
    def status(self) -> str:
        """Return in_force, ended or expired, as of now."""
        if self.valid_to is not None:
            return "ended"
        return "expired" if self.expires_at <= timezone.now() else "in_force"


class AttestationEvidence(models.Model):
    """What an attestation rests on: an address, or a file that is kept here, by its digest."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    attestation = models.ForeignKey(Attestation, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=MAX_TITLE)
    uri = models.CharField(max_length=MAX_URI, blank=True)
    blob = models.ForeignKey(
        Blob, null=True, on_delete=models.PROTECT, related_name="attestation_evidence"
    )
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    size = models.BigIntegerField(null=True)
    media_type = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=(Q(blob__isnull=True, digest="", size__isnull=True) & ~Q(uri=""))
                | (Q(blob__isnull=False, size__isnull=False, uri="") & ~Q(digest="")),
                name="evidence_is_address_or_file",
            ),
        ]

    def __str__(self) -> str:
        return self.title
