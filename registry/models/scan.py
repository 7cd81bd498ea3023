"""What looking into stored bytes, without running any of them, has found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models.version import DIGEST_LENGTH
from registry.models.workspace import Workspace
from registry.scanning import Verdict


class ArtifactScan(models.Model):
    """One look at the bytes of ``digest`` on behalf of a workspace.

    Kept per workspace: a scan that another workspace asked for must not show that it has the
    bytes too. The newest row of a workspace and digest counts.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=DIGEST_LENGTH)
    size = models.BigIntegerField()
    format = models.CharField(max_length=30)
    verdict = models.CharField(
        max_length=12, choices=[(verdict.value, verdict.value) for verdict in Verdict]
    )
    findings = models.JSONField(default=list)
    tool = models.CharField(max_length=50)
    tool_version = models.CharField(max_length=50)
    scanned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=[verdict.value for verdict in Verdict]),
                name="artifact_scan_verdict",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "digest", "-id"], name="newest_scan_of_bytes")]

    def __str__(self) -> str:
        return f"{self.digest}: {self.verdict}"
