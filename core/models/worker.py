"""Signs of life."""

from __future__ import annotations

from django.db import models


class WorkerHeartbeat(models.Model):
    """When a worker process was last known to be alive."""

    name = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
