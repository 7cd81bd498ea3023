"""Findings: what fails a policy, followed from scan to scan."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audits.models.scan import DIGEST_LENGTH, ScanResult
from core.ids import new_uuid
from policies.models import Assignment, Policy, Resource
from policies.models.decision import MAX_SUBJECT
from registry.models import Workspace


class Finding(models.Model):
    """One subject that failed one policy under one assignment, since when and until when.

    Only a failure opens it, and only a verdict closes it: an unknown or erring policy leaves it as
    it is. ``regressions`` counts how often it came back. ``latest_result`` is the last verdict;
    its scan's ``as_of`` orders verdicts, whichever scan finishes first.
    """

    class State(models.TextChoices):
        OPEN = "open"
        EXEMPT = "exempt"
        RESOLVED = "resolved"

    class Resolution(models.TextChoices):
        PASSED = "passed"
        NOT_APPLICABLE = "not_applicable"
        OUT_OF_SCOPE = "out_of_scope"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    identity = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="findings")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="findings")
    reference_id = models.CharField(max_length=200, blank=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="findings")
    subject = models.CharField(max_length=MAX_SUBJECT)
    resource = models.ForeignKey(
        Resource, null=True, on_delete=models.PROTECT, related_name="findings"
    )
    severity = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices)
    resolution = models.CharField(max_length=14, choices=Resolution.choices, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    regressions = models.PositiveIntegerField(default=0)
    latest_result = models.ForeignKey(ScanResult, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "exempt", "resolved"]), name="finding_state"
            ),
            models.CheckConstraint(
                condition=(Q(state="resolved", resolved_at__isnull=False) & ~Q(resolution=""))
                | (~Q(state="resolved") & Q(resolved_at__isnull=True, resolution="")),
                name="finding_resolved_at_iff_resolved",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "-id"], name="findings_of_workspace"),
            models.Index(fields=["state", "-id"], name="findings_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} on {self.subject}"
