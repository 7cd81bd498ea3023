"""OpenLineage events, as they were validated and as they are sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from core.models import JournalEntry
from registry.models import AssetVersion, Workspace

DIGEST_LENGTH = 71  # "sha256:" and 64 hexadecimal digits


class LineageEvent(models.Model):
    """One event. ``body`` holds the bytes that sinks get, ``digest`` is theirs: an event is
    stored once, however often its journal entry is told."""

    class Kind(models.TextChoices):
        RUN = "RUN"
        JOB = "JOB"
        DATASET = "DATASET"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lineage_events")
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="lineage_events"
    )
    action = models.CharField(max_length=100)
    subject = models.TextField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    event_type = models.CharField(max_length=10, blank=True)
    event_time = models.DateTimeField()
    run = models.UUIDField(null=True)
    job = models.TextField(blank=True)
    body = models.BinaryField()
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    stored_at = models.DateTimeField(default=timezone.now)
    versions: models.ManyToManyField[AssetVersion, Mention] = models.ManyToManyField(
        AssetVersion, through="Mention", related_name="lineage_events"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["RUN", "JOB", "DATASET"]), name="lineage_event_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="RUN", run__isnull=False) | (~Q(kind="RUN") & Q(run__isnull=True)),
                name="lineage_event_has_a_run_iff_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="lineage_events_by_workspace"),
            models.Index(fields=["run", "id"], name="lineage_events_by_run"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type or self.kind} {self.subject}"


class Mention(models.Model):
    """An event names a version: who may not see the version may not read the event."""

    event = models.ForeignKey(LineageEvent, on_delete=models.PROTECT, related_name="mentions")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="mentions")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["event", "version"], name="one_mention_per_version"),
        ]
