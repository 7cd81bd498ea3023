"""How far each sink has been told, and what it would not take."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lineage.models.event import LineageEvent


class Sink(models.Model):
    """A destination of events: the id of the last event that it took or refused.

    ``attempts`` counts failures in a row; until ``next_try_at`` nothing is sent.
    """

    name = models.CharField(max_length=100, unique=True)
    cursor = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} at {self.cursor}"


class DeadLetter(models.Model):
    """An event that a sink did not take, set aside so that the ones behind it go on.

    Later events of the same run are set aside with it, so that a run arrives in order or not at
    all. ``is_due`` asks for another try.
    """

    sink = models.ForeignKey(Sink, on_delete=models.CASCADE, related_name="dead_letters")
    event = models.ForeignKey(LineageEvent, on_delete=models.PROTECT, related_name="dead_letters")
    error = models.TextField()
    failed_at = models.DateTimeField(default=timezone.now)
    is_due = models.BooleanField(default=False)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["sink", "event"], name="one_dead_letter_per_event"),
        ]
        indexes = [
            models.Index(
                fields=["sink", "event"],
                name="open_dead_letters",
                condition=Q(resolved_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.sink}"
