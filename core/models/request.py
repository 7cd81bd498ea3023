"""Requests that carried an idempotency key, kept with the effect that they had."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.models.journal import JournalEntry


class IdempotentRequest(models.Model):
    """A request that took effect: the row commits with the first journal entry of the effect.

    ``status`` and ``body`` are the answer, written once it is known; they are null when the
    process ended between the effect and its answer.
    """

    user = models.ForeignKey(
        "core.User", on_delete=models.CASCADE, related_name="idempotent_requests"
    )
    # Another token of the same person may be allowed to see less of the answer.
    credential = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=71)
    nonce = models.UUIDField(unique=True)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="+")
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "credential", "key"], name="one_effect_per_idempotency_key"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_requests_by_age")]

    def __str__(self) -> str:
        return self.key
