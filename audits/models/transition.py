"""How findings went: each change of what scans and the journal say of one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audits.models.finding import Finding
from audits.models.scan import Scan


class FindingTransition(models.Model):
    """That a finding went from one state, or severity, to another at ``at``.

    ``was_state`` and ``was_severity`` are empty for the first. Written once, by the scan or the
    journal entry (``entry_seq``) that told; by neither for what was known before transitions were
    kept. ``opened_at`` is when the finding began to stand, so that what is resolved tells how
    long it took.
    """

    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, related_name="transitions", db_index=False
    )
    at = models.DateTimeField()
    was_state = models.CharField(max_length=8, blank=True)
    was_severity = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=8, choices=Finding.State.choices)
    severity = models.CharField(max_length=8)
    resolution = models.CharField(max_length=14, blank=True)
    opened_at = models.DateTimeField()
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="transitions")
    entry_seq = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "exempt", "resolved"]), name="transition_state"
            ),
            models.CheckConstraint(
                condition=(Q(was_state="") & Q(was_severity=""))
                | (Q(was_state__in=["open", "exempt", "resolved"]) & ~Q(was_severity="")),
                name="transition_from_a_state",
            ),
            models.CheckConstraint(
                condition=(Q(state="resolved") & ~Q(resolution=""))
                | (~Q(state="resolved") & Q(resolution="")),
                name="transition_resolution_iff_resolved",
            ),
            models.CheckConstraint(
                condition=Q(scan__isnull=True) | Q(entry_seq__isnull=True),
                name="transition_by_scan_or_entry",
            ),
        ]
        indexes = [
            models.Index(fields=["finding", "id"], name="transitions_of_finding"),
            models.Index(fields=["at"], name="transitions_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.was_state or 'nothing'} to {self.state}"

    @property
    def change(self) -> str:
        """Return what happened in a word: opened, exempted, reopened, regraded or resolved."""
        if self.state == self.was_state:
            return "regraded"
        if self.state == Finding.State.OPEN:
            return "reopened" if self.was_state else "opened"
        return "exempted" if self.state == Finding.State.EXEMPT else "resolved"
