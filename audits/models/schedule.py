"""When scans start by themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from audits.models.scan import Scan
from core.ids import new_uuid
from registry.models import Workspace


class ScanSchedule(models.Model):
    """A scan of the organisation, or of some workspaces, again and again.

    ``row`` says when and whether at all: Celery beat and the embedded worker both read it.
    ``removed_at`` takes it out of use; that it was there stays.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=150)
    scope = models.CharField(max_length=12, choices=Scan.Scope.choices)
    workspaces = models.ManyToManyField(Workspace, related_name="scan_schedules")
    row = models.OneToOneField(
        PeriodicTask, null=True, on_delete=models.SET_NULL, related_name="scan_schedule"
    )
    created_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(removed_at__isnull=True),
                name="one_scan_schedule_per_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name
