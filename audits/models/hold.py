"""Holds: what must not be let go, whatever the rules of retention say."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audits.models.report import Report
from audits.models.scan import Scan
from core.ids import new_uuid
from registry.models import Asset, AssetVersion, Workspace

TARGETS = ("workspace", "asset", "version", "scan", "report", "account")


def _exactly(scope: str) -> Q:
    """The condition that a hold of ``scope`` names its own target and no other."""
    return Q(scope=scope, **{f"{name}__isnull": name != scope for name in TARGETS})


class Hold(models.Model):
    """From ``placed_at`` until it is released nothing within its scope is let go.

    It is never changed; somebody else than who placed it releases it, once.
    """

    class Scope(models.TextChoices):
        ORGANISATION = "organisation"
        WORKSPACE = "workspace"
        ASSET = "asset"
        VERSION = "version"
        SCAN = "scan"
        REPORT = "report"
        ACCOUNT = "account"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    scope = models.CharField(max_length=12, choices=Scope.choices)
    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(AssetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="holds")
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="holds")
    account = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="holds"
    )
    reason = models.TextField()
    placed_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    release_reason = models.TextField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=_exactly("organisation")
                | _exactly("workspace")
                | _exactly("asset")
                | _exactly("version")
                | _exactly("scan")
                | _exactly("report")
                | _exactly("account"),
                name="hold_names_its_target",
            ),
            models.CheckConstraint(
                condition=Q(
                    released_at__isnull=True,
                    released_by__isnull=True,
                    release_reason__isnull=True,
                )
                | Q(
                    released_at__isnull=False,
                    released_by__isnull=False,
                    release_reason__isnull=False,
                ),
                name="hold_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("placed_by")),
                name="hold_released_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["scope"],
                name="holds_in_force",
                condition=Q(released_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.scope} since {self.placed_at:%Y-%m-%d}"
