"""Promotions: requests to take a version into another workspace, and how they end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models.version import DIGEST_LENGTH, AssetVersion
from registry.models.workspace import Workspace


class Promotion(models.Model):
    """One request. ``binding`` covers the version's digest, the closure's and the policies':
    approvals count only while it stands."""

    class Status(models.TextChoices):
        AWAITING_APPROVAL = "awaiting_approval"
        COMPLETED = "completed"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    OPEN = (Status.AWAITING_APPROVAL,)

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    source_version = models.ForeignKey(
        AssetVersion, on_delete=models.PROTECT, related_name="promotions"
    )
    target = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="promotions")
    alias = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    status = models.CharField(max_length=20, choices=Status.choices)
    verdicts = models.JSONField(default=list)
    binding = models.CharField(max_length=DIGEST_LENGTH)
    required_approvals = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    rolled_back_at = models.DateTimeField(null=True)
    target_version = models.OneToOneField(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="promotion"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status="completed", target_version__isnull=False)
                | (~Q(status="completed") & Q(target_version__isnull=True)),
                name="promotion_has_a_result_iff_completed",
            ),
            models.CheckConstraint(
                condition=Q(status="awaiting_approval", closed_at__isnull=True)
                | (~Q(status="awaiting_approval") & Q(closed_at__isnull=False)),
                name="promotion_is_open_iff_awaiting",
            ),
            models.UniqueConstraint(
                fields=["source_version", "target", "alias"],
                condition=Q(status="awaiting_approval"),
                name="one_open_promotion_per_version_and_target",
            ),
        ]
        indexes = [models.Index(fields=["target", "status", "-id"], name="promotions_inbox")]

    def __str__(self) -> str:
        return f"{self.source_version} into {self.target}"


class PromotionMember(models.Model):
    """A version of the closure, and the version in the target workspace that stands for it."""

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="members")
    source_version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    target_version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    is_reused = models.BooleanField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "source_version"], name="one_member_per_source_version"
            ),
        ]


class Approval(models.Model):
    """One person's decision on a promotion, bound to exactly what that person saw."""

    class Decision(models.TextChoices):
        APPROVED = "approved"
        REJECTED = "rejected"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="approvals")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    binding = models.CharField(max_length=DIGEST_LENGTH)
    comment = models.TextField(blank=True)
    decided_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="approvals")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "decided_by", "binding"], name="one_decision_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} of {self.promotion_id}"
