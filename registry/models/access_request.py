"""Requests for a role in a workspace, with what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models.access import Grant
from registry.models.asset import Asset
from registry.models.workspace import Workspace
from registry.permissions import Role


class AccessRequest(models.Model):
    """An account asked for a role. ``asset`` is what it saw in the catalogue and wants to read."""

    class Status(models.TextChoices):
        PENDING = "pending"
        GRANTED = "granted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="access_requests"
    )
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="access_requests"
    )
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    reason = models.TextField(blank=True)
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PENDING)
    decided_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    grant = models.OneToOneField(
        Grant, null=True, on_delete=models.PROTECT, related_name="access_request"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "granted", "declined", "withdrawn"]),
                name="access_request_status",
            ),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at__isnull=True)
                | (~Q(status="pending") & Q(decided_at__isnull=False)),
                name="access_request_is_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="granted", grant__isnull=False)
                | (~Q(status="granted") & Q(grant__isnull=True)),
                name="access_request_granted_by_a_grant",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decision_reason=""),
                name="access_request_declined_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["workspace", "requested_by"],
                condition=Q(status="pending"),
                name="one_pending_access_request",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "status", "-id"], name="access_requests_to_decide")
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.workspace} for {self.requested_by}"
