"""Where the journal is streamed to, and how far each receiver was told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from core.models import JournalEntry


class Stream(models.Model):
    """A system outside that is told of journal entries in the order of ``seq``.

    ``cursor`` is the seq of the last entry that it was told of, or that its filter passed over.
    ``workspaces`` are uuids, ``actions`` patterns, ``outcomes`` words; an empty list asks for all.
    ``sealed`` holds the secret parts: headers, and the key that bodies are signed with. A deleted
    stream keeps its row without them.
    """

    class Transport(models.TextChoices):
        HTTP = "http"
        SYSLOG = "syslog"
        FILE = "file"

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        DELETED = "deleted"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=100)
    transport = models.CharField(max_length=6, choices=Transport.choices)
    address = models.CharField(max_length=2_000)
    format = models.CharField(max_length=10)
    batch = models.PositiveSmallIntegerField(default=1)
    with_names = models.BooleanField(default=True)
    workspaces = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    outcomes = models.JSONField(default=list)
    sealed = models.BinaryField(blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    cursor = models.BigIntegerField()
    attempts = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)
    moved_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    test_result = models.CharField(max_length=400, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(state__in=["active", "paused"]),
                name="one_stream_per_name",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "deleted"]), name="stream_state"
            ),
            models.CheckConstraint(
                condition=Q(transport__in=["http", "syslog", "file"]), name="stream_transport"
            ),
            models.CheckConstraint(condition=Q(batch__gte=1), name="stream_batch"),
        ]

    def __str__(self) -> str:
        return self.name


class StreamLetter(models.Model):
    """An entry that a stream's receiver refused: set aside, so that the rest goes on."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="letters")
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=400)
    failed_at = models.DateTimeField(default=timezone.now)
    is_due = models.BooleanField(default=False)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["stream", "entry"], name="one_letter_per_entry"),
        ]
        indexes = [
            models.Index(
                fields=["stream"],
                name="letters_of_a_stream",
                condition=Q(resolved_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} to {self.stream_id}"
