"""Edges between datasets and between their columns, each bound to what told of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from lineage.models.dataset import KEY_LENGTH, Dataset
from lineage.models.job import Job, Run
from registry.models import AssetVersion, Workspace


class DatasetEdge(models.Model):
    """Something of ``source`` went into ``target``, as the events of a workspace told.

    ``origin`` names what told it: ``run:<uuid>``, ``job:<id>`` (a JobEvent) or ``dataset:<id>``
    (a DatasetEvent); an origin has an edge at most once at a time. ``basis`` tells how sure it
    is: stated by a ``lineage`` facet, by column lineage, or every input with every output.
    ``source_version`` and ``target_version`` are ours, where a dataset is one of our versions.
    An edge is never changed: when its origin no longer says so, ``closed_at`` is set, so that the
    graph of an earlier time stays as it was.
    """

    class Basis(models.TextChoices):
        EXPLICIT = "explicit"
        COLUMN = "column"
        CARTESIAN = "cartesian"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, related_name="edges_out", db_index=False
    )
    target = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, related_name="edges_in", db_index=False
    )
    basis = models.CharField(max_length=9, choices=Basis.choices)
    origin = models.CharField(max_length=60)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="edges")
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="edges")
    source_version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="dataset_edges_out"
    )
    target_version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="dataset_edges_in"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "origin", "source", "target"],
                condition=Q(closed_at__isnull=True),
                name="one_open_edge_per_origin",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_dataset_to_itself"),
            models.CheckConstraint(
                condition=Q(basis__in=["explicit", "column", "cartesian"]),
                name="dataset_edge_basis",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "target"], name="dataset_edges_downstream"),
            models.Index(fields=["target", "source"], name="dataset_edges_upstream"),
            models.Index(
                fields=["source"],
                name="static_edges_downstream",
                condition=Q(job__isnull=True, closed_at__isnull=True),
            ),
            models.Index(
                fields=["target"],
                name="static_edges_upstream",
                condition=Q(job__isnull=True, closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} -> {self.target_id} by {self.origin}"


class ColumnEdge(models.Model):
    """A field of ``target`` was made from a field of ``source``, by column lineage.

    ``transformations`` are the facet's: type, subtype, description, masking. ``source_key`` and
    ``target_key`` are SHA-256 of dataset and field, for the walk along columns.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, related_name="column_edges_out", db_index=False
    )
    source_field = models.TextField()
    source_key = models.CharField(max_length=KEY_LENGTH)
    target = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="column_edges_in")
    target_field = models.TextField()
    target_key = models.CharField(max_length=KEY_LENGTH)
    transformations = models.JSONField(default=list)
    origin = models.CharField(max_length=60)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="column_edges")
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="column_edges")
    recorded_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "origin", "source_key", "target_key"],
                condition=Q(closed_at__isnull=True),
                name="one_open_column_edge_per_origin",
            ),
        ]
        indexes = [
            models.Index(fields=["source_key", "target_key"], name="column_edges_downstream"),
            models.Index(fields=["target_key", "source_key"], name="column_edges_upstream"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}.{self.source_field} -> {self.target_id}.{self.target_field}"
