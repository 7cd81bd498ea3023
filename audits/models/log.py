"""The transparency log over the journal: its tiles, checkpoints, keys and anchors.

The journal's bodies are the leaves, in the order of ``seq``; nothing of them is repeated here.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class LogTile(models.Model):
    """Up to 256 hashes of subtrees one after the other; the last of each level still grows."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_tile_a_place")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class LogCheckpoint(models.Model):
    """A signed statement of the log's size and root; ``note`` is a C2SP checkpoint."""

    size = models.PositiveBigIntegerField(unique=True)
    origin = models.CharField(max_length=300)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class LogKey(models.Model):
    """A public key of the log, or one that signs receipts, attestations or packs in its name, as
    verifiers take it.

    ``statement`` is what the key before it (of the others: the log's) signed about this one.
    """

    class Purpose(models.TextChoices):
        LOG = "log"
        RECEIPTS = "receipts"
        ATTESTATIONS = "attestations"
        PACKS = "packs"

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    vkey = models.CharField(max_length=400, unique=True)
    statement = models.TextField(blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(purpose="log", retired_at__isnull=True),
                name="one_log_key_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["log", "receipts", "attestations", "packs"]),
                name="log_key_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} key {self.vkey.rpartition('+')[0]}"


class LogAnchor(models.Model):
    """A checkpoint that was put out of the database's reach, and what the sink answered."""

    checkpoint = models.ForeignKey(LogCheckpoint, on_delete=models.PROTECT, related_name="anchors")
    sink = models.CharField(max_length=200)
    receipt = models.TextField(blank=True)
    anchored_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "sink"], name="one_anchor_per_sink"),
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint} at {self.sink}"


class LogCosignature(models.Model):
    """A witness saw the checkpoint, and none that contradicts it; ``line`` adds to the note.

    ``witness`` is the public key as verifiers take it, ``at`` the moment that the witness signed.
    """

    checkpoint = models.ForeignKey(
        LogCheckpoint, on_delete=models.PROTECT, related_name="cosignatures"
    )
    witness = models.CharField(max_length=400)
    line = models.TextField()
    at = models.DateTimeField()
    stored_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint", "witness"], name="one_cosignature_per_witness"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint} by {self.witness.partition('+')[0]}"


class LogSink(models.Model):
    """How far a place outside of the database knows the log: a file, a witness, a repository, an
    authority for timestamps.

    ``size`` is that of the newest checkpoint which it took under the name ``origin``. ``dispute``
    says that it knows another or a larger tree than the database, ``known_size`` how large.
    """

    name = models.CharField(max_length=200, unique=True)
    origin = models.CharField(max_length=300, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)
    dispute = models.CharField(max_length=400, blank=True)
    known_size = models.PositiveBigIntegerField(null=True)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
