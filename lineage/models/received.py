"""OpenLineage events that other systems sent, as they came."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from lineage.models.dataset import Dataset
from lineage.models.event import DIGEST_LENGTH, LineageEvent
from lineage.models.job import Job
from registry.models import Workspace


class ReceivedEvent(models.Model):
    """One event, kept whole but for its secrets: ``digest`` is of the canonical JSON that was sent,
    so that an event that is sent twice into a workspace is one. ``warnings`` names what looked like
    a secret, and the facets that did not fit their schemas.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=DIGEST_LENGTH)
    kind = models.CharField(max_length=7, choices=LineageEvent.Kind.choices)
    event_type = models.CharField(max_length=10, blank=True)
    event_time = models.DateTimeField()
    run_id = models.UUIDField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="events")
    dataset = models.ForeignKey(Dataset, null=True, on_delete=models.PROTECT, related_name="events")
    body = models.BinaryField()
    warnings = models.JSONField(default=list)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["digest", "workspace"], name="one_event_per_digest"),
            models.CheckConstraint(
                condition=Q(kind__in=["RUN", "JOB", "DATASET"]), name="received_event_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="received_of_a_workspace"),
            models.Index(fields=["workspace", "-event_time"], name="received_by_event_time"),
            models.Index(fields=["run_id", "id"], name="received_of_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type or self.kind} {self.event_time.isoformat()}"
