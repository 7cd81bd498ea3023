"""Work that somebody was asked to do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models.subject import AboutSubject


class Assignment(AboutSubject):
    """A review or a task about a subject, asked of one account; open until it is closed."""

    class Kind(models.TextChoices):
        REVIEW = "review"
        TASK = "task"

    class Outcome(models.TextChoices):
        DONE = "done"
        WITHDRAWN = "withdrawn"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    note = models.TextField(blank=True)
    assignee = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(AboutSubject.Meta):
        abstract = False
        default_permissions = ()
        constraints = [
            *AboutSubject.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["review", "task"]), name="assignment_kind"
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, closed_at__isnull=True, closed_by__isnull=True)
                | Q(
                    outcome__in=["done", "withdrawn"],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
                name="assignment_is_closed_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "-id"],
                name="assignments_to_do",
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.assignee}"
