"""What the journal told of breaches and drift, entry by entry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audits import breaches
from audits.models.scan import DIGEST_LENGTH
from core.fields import CanonicalJSONField
from policies.models.decision import MAX_SUBJECT
from registry.models import Deployment, Workspace


class Sighting(models.Model):
    """One journal entry that told of a breach or of drift, that it began or that it is over.

    Written once, and once per entry however often that is told. ``identity`` joins those of one
    finding; ``value`` is what was measured, held against ``bound`` under ``terms``.
    """

    identity = models.CharField(max_length=DIGEST_LENGTH)
    entry_uuid = models.UUIDField(unique=True)
    entry_seq = models.BigIntegerField(unique=True)
    occurred_at = models.DateTimeField()
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="sightings")
    subject = models.CharField(max_length=MAX_SUBJECT)
    origin = models.CharField(max_length=9)
    name = models.CharField(max_length=200)
    begins = models.BooleanField()
    is_ended = models.BooleanField()
    severity = models.CharField(max_length=8)
    measure = models.CharField(max_length=11)
    value = models.CharField(max_length=400)
    bound = models.CharField(max_length=400)
    terms = CanonicalJSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=["threshold", "drift"]), name="sighting_origin"
            ),
        ]
        indexes = [
            models.Index(fields=["identity", "entry_seq"], name="sightings_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, entry {self.entry_seq}"

    @property
    def title(self) -> str:
        """Return what the finding is called."""
        return breaches.title(self.origin, self.name)

    @property
    def reason(self) -> str:
        """Return what was measured against which bound."""
        return breaches.reason(
            measure=self.measure, value=self.value, bound=self.bound, terms=self.terms
        )
