"""The journal: audit record and outbox in one, its total order, and who has read how far."""

from __future__ import annotations

from django.db import models

from core.ids import new_uuid


class JournalEntry(models.Model):
    """One thing that happened, written in the transaction that made it happen.

    ``body`` holds the canonical bytes (payload schema v1) and is the only thing that is ever
    hashed; the other columns repeat parts of it for queries. ``mac`` is HMAC-SHA256 of ``body``
    under the journal key, so that a row which the service did not write is not sequenced.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    occurred_at = models.DateTimeField()
    action = models.CharField(max_length=100)
    outcome = models.CharField(max_length=20)
    actor = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=10)
    via = models.CharField(max_length=10)
    workspace = models.UUIDField(null=True)
    subject = models.TextField()
    subject_digest = models.CharField(max_length=71, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    body = models.BinaryField()
    mac = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "journal entries"
        indexes = [
            models.Index(fields=["workspace", "-id"], name="journal_by_workspace"),
            models.Index(fields=["subject", "-id"], name="journal_by_subject"),
            models.Index(fields=["actor", "-id"], name="journal_by_actor"),
            models.Index(fields=["action", "-id"], name="journal_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class JournalPending(models.Model):
    """An entry that the sequencer has not placed yet."""

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, primary_key=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "journal pending"


class JournalSequence(models.Model):
    """The place of an entry in the gapless total order of all committed entries."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="sequence")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=0), name="journal_seq_from_zero"),
        ]


class PersonalDatum(models.Model):
    """What a salted commitment in the journal stands for; deleting the row erases the person.

    The journal holds ``sha256(salt || value)`` only, and so keeps every proof valid afterwards.
    """

    commitment = models.CharField(max_length=71, primary_key=True)
    salt = models.BinaryField(max_length=32)
    value = models.TextField()
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="personal_data")

    class Meta:
        verbose_name_plural = "personal data"
        constraints = [
            models.UniqueConstraint(fields=["user", "value"], name="one_commitment_per_value"),
        ]


class ConsumerCursor(models.Model):
    """The last ``seq`` that a journal consumer has been told of; -1 before the first."""

    consumer = models.CharField(max_length=100, primary_key=True)
    seq = models.BigIntegerField(default=-1)
    moved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.consumer} at {self.seq}"


class ConsumerFailure(models.Model):
    """An entry that a consumer could not take; the rest of the journal flows on."""

    consumer = models.CharField(max_length=100)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="failures")
    attempts = models.PositiveIntegerField(default=1)
    error = models.TextField()
    failed_at = models.DateTimeField()
    retry_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "entry"], name="one_failure_per_entry"),
        ]
        indexes = [
            models.Index(
                fields=["consumer", "retry_at"],
                name="failures_to_retry",
                condition=models.Q(resolved_at__isnull=True),
            ),
        ]
