"""Metric definitions: what a metric's name means, and who may give its values."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models.workspace import Workspace


class MetricDefinition(models.Model):
    """One revision of a definition; the newest revision holds, earlier ones stay on record.

    Without a workspace it holds in the whole organisation. Values of every evaluator kind but
    ``computed`` must name the evaluator that gave them.
    """

    class Direction(models.TextChoices):
        HIGHER = "higher"
        LOWER = "lower"
        NONE = "none"

    class EvaluatorKind(models.TextChoices):
        COMPUTED = "computed"
        JUDGED = "judged"
        HUMAN = "human"
        EXTERNAL = "external"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(
        Workspace, null=True, on_delete=models.PROTECT, related_name="metric_definitions"
    )
    name = models.CharField(max_length=200)
    revision = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    evaluator_kind = models.CharField(max_length=10, choices=EvaluatorKind.choices)
    direction = models.CharField(max_length=6, choices=Direction.choices)
    unit = models.CharField(max_length=50, blank=True)
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    description = models.TextField()
    source = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # None for what the product ships.
    created_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name", "revision"], name="one_definition_per_revision"
            ),
            models.UniqueConstraint(
                fields=["name", "revision"],
                condition=Q(workspace__isnull=True),
                name="one_common_definition_per_revision",
            ),
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=Q(is_current=True),
                name="one_current_definition",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(is_current=True, workspace__isnull=True),
                name="one_current_common_definition",
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True)
                | Q(maximum__isnull=True)
                | Q(minimum__lt=F("maximum")),
                name="metric_range",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="definition_revisions"),
        ]

    def __str__(self) -> str:
        return f"{self.name} r{self.revision}"
