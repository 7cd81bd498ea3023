"""The namespaces that a workspace was told of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lineage.models.dataset import KEY_LENGTH
from registry.models import Workspace


class WorkspaceNamespace(models.Model):
    """A namespace in which the events of a workspace named datasets, or jobs.

    One row however many they are: lists of namespaces cost what there is to list. ``key`` is the
    SHA-256 of the name (see ``lineage.received.names.namespace_key``).
    """

    class Of(models.TextChoices):
        DATASETS = "datasets"
        JOBS = "jobs"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    of = models.CharField(max_length=8, choices=Of.choices)
    key = models.CharField(max_length=KEY_LENGTH)
    name = models.TextField()
    recorded_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["key", "of", "workspace"], name="one_row_per_namespace"
            ),
            models.CheckConstraint(
                condition=Q(of__in=["datasets", "jobs"]), name="namespace_of_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} in {self.name}"
