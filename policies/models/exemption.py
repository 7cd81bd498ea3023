"""Exemptions: what an assignment asks for is waived in one workspace, for a time and a reason."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.models.assignment import Assignment
from policies.models.resource import Resource
from registry.models import Workspace


class Exemption(Fact):
    """Somebody asks, somebody else grants. It counts while granted, not ended and not expired.

    The policy is still evaluated: its own state stays visible. Empty ``reference_ids`` mean every
    policy of the assignment; without ``resource`` and ``asset`` ("kind/name") all subjects.
    ``owner`` answers for it and is warned before it expires.
    """

    class Category(models.TextChoices):
        WAIVER = "waiver"
        MITIGATED = "mitigated"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="exemptions")
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="policy_exemptions"
    )
    reference_ids = CanonicalJSONField(default=list)
    resource = models.ForeignKey(
        Resource, null=True, on_delete=models.PROTECT, related_name="exemptions"
    )
    asset = models.CharField(max_length=250, blank=True)
    category = models.CharField(max_length=10, choices=Category.choices)
    reason = models.TextField()
    ticket = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    ended_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                name="nobody_exempts_themselves",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="exemption_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")), name="exemption_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(resource__isnull=True) | Q(asset=""),
                name="exemption_of_resource_or_asset",
            ),
            models.CheckConstraint(
                condition=Q(category__in=["waiver", "mitigated"]), name="exemption_category"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="exemptions_of_workspace")]

    def __str__(self) -> str:
        return f"{self.category} in {self.workspace} until {self.expires_at:%Y-%m-%d}"

    @property
    def status(self) -> str:
        """Return requested, granted, ended or expired, as of now."""
        if self.valid_to is not None:
            return "ended"
        if self.expires_at <= timezone.now():
            return "expired"
        return "requested" if self.approved_at is None else "granted"
