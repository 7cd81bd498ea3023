"""Findings: what fails a policy, or is beyond a threshold, followed for as long as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from audits import breaches
from audits.models.scan import DIGEST_LENGTH, ScanResult
from audits.models.sighting import Sighting
from core.ids import new_uuid
from policies.models import Assignment, Policy, Resource
from policies.models.decision import MAX_SUBJECT
from registry.models import Deployment, Workspace

if TYPE_CHECKING:
    from audits.models.triage import FindingTriage

BY_POLICY = {
    "origin": "policy",
    "assignment__isnull": False,
    "policy__isnull": False,
    "latest_result__isnull": False,
    "latest_sighting__isnull": True,
    "deployment__isnull": True,
}
BY_JOURNAL = {
    "origin__in": ["threshold", "drift"],
    "assignment__isnull": True,
    "policy__isnull": True,
    "resource__isnull": True,
    "latest_result__isnull": True,
    "latest_sighting__isnull": False,
    "deployment__isnull": False,
}


class Finding(models.Model):
    """One subject that failed, since when and until when; ``regressions`` counts how often it came
    back.

    With the origin ``policy`` it failed one policy under one assignment: only a failure opens it,
    and only a verdict closes it; an unknown or erring policy leaves it as it is. ``latest_result``
    is the last verdict; its scan's ``as_of`` orders verdicts, whichever scan finishes first.

    ``opened_at`` is when it began to stand as it does: first seen, or come back after it was
    resolved. What people decide about it is in ``triage``, how it went in ``transitions``.

    With the origins ``threshold`` and ``drift`` it is a deployment beyond a bound, as the journal
    tells: ``latest_sighting`` is the newest entry about it by the journal's order, whichever was
    told first.
    """

    class Origin(models.TextChoices):
        POLICY = "policy"
        THRESHOLD = "threshold"
        DRIFT = "drift"

    class State(models.TextChoices):
        OPEN = "open"
        EXEMPT = "exempt"
        RESOLVED = "resolved"

    class Resolution(models.TextChoices):
        PASSED = "passed"
        NOT_APPLICABLE = "not_applicable"
        OUT_OF_SCOPE = "out_of_scope"
        RECOVERED = "recovered"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    identity = models.CharField(max_length=DIGEST_LENGTH)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="findings", db_index=False
    )
    origin = models.CharField(max_length=9, choices=Origin.choices, default=Origin.POLICY)
    assignment = models.ForeignKey(
        Assignment, null=True, on_delete=models.PROTECT, related_name="findings"
    )
    reference_id = models.CharField(max_length=200, blank=True)
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="findings")
    subject = models.CharField(max_length=MAX_SUBJECT)
    resource = models.ForeignKey(
        Resource, null=True, on_delete=models.PROTECT, related_name="findings"
    )
    deployment = models.ForeignKey(
        Deployment, null=True, on_delete=models.PROTECT, related_name="findings", db_index=False
    )
    severity = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices)
    resolution = models.CharField(max_length=14, choices=Resolution.choices, blank=True)
    first_seen_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    regressions = models.PositiveIntegerField(default=0)
    latest_result = models.ForeignKey(
        ScanResult, null=True, on_delete=models.PROTECT, related_name="+"
    )
    latest_sighting = models.ForeignKey(
        Sighting, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        default_permissions = ()
        constraints = [
            # As for results: a workspace is part of the identity.
            models.UniqueConstraint(
                fields=["workspace", "identity"], name="one_finding_per_question"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "exempt", "resolved"]), name="finding_state"
            ),
            models.CheckConstraint(
                condition=(Q(state="resolved", resolved_at__isnull=False) & ~Q(resolution=""))
                | (~Q(state="resolved") & Q(resolved_at__isnull=True, resolution="")),
                name="finding_resolved_at_iff_resolved",
            ),
            models.CheckConstraint(
                condition=Q(**BY_POLICY) | Q(**BY_JOURNAL),
                name="finding_by_policy_or_by_journal",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "-id"], name="findings_of_workspace"),
            models.Index(fields=["state", "-id"], name="findings_by_state"),
            models.Index(fields=["state", "opened_at"], name="findings_by_age"),
            models.Index(
                fields=["deployment"],
                condition=Q(deployment__isnull=False),
                name="findings_of_deployment",
            ),
            models.Index(
                fields=["latest_sighting"],
                condition=Q(latest_sighting__isnull=False),
                name="findings_by_sighting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy or self.title} on {self.subject}"

    @property
    def title(self) -> str:
        """Return what is wrong, in a few words."""
        if self.latest_result is not None:
            return self.latest_result.policy_version.title
        return self.latest_sighting.title if self.latest_sighting else ""

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Return why, as the newest verdict or journal entry has it: where in the document, and
        what."""
        if self.latest_result is not None:
            return self.latest_result.reasons
        return [{"path": "", "msg": self.latest_sighting.reason}] if self.latest_sighting else []

    @property
    def triaged(self) -> FindingTriage | None:
        """Return what people decided about it, None where nobody has yet."""
        return getattr(self, "triage", None)

    @property
    def remediation(self) -> str:
        """Return how to mend it."""
        if self.latest_result is not None:
            return self.latest_result.policy_version.described.remediation
        return breaches.remediation(self.origin)
