"""What-ifs: what an assignment would find and do, before there is one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import CanonicalJSONField
from core.ids import new_uuid
from core.models import Task
from policies.models.decision import MAX_SUBJECT, STATES, DocumentKind
from policies.models.policy import PolicyVersion
from policies.models.resource import Resource
from registry.models import AssetVersion, Workspace


class Would(models.TextChoices):
    """What would follow from an answer, the gravest first."""

    REFUSE = "refuse"
    HOLD = "hold"
    MODIFY = "modify"
    WARN = "warn"
    RECORD = "record"
    NOTHING = "nothing"


class WhatIf(models.Model):
    """A question about an assignment that nobody has made: ``terms`` are its body.

    ``done`` holds the counts of each workspace that is through, by its uuid; ``counts`` the sums,
    null until all are. It is no evidence, and deleted with its results after ``expires_at``.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    terms = CanonicalJSONField()
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="what_if")
    requested_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    done = models.JSONField(default=dict)
    counts = models.JSONField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, counts__isnull=True)
                | Q(completed_at__isnull=False, counts__isnull=False),
                name="what_if_counts_iff_completed",
            ),
        ]

    def __str__(self) -> str:
        return f"what if as of {self.as_of:%Y-%m-%d %H:%M}"

    @property
    def status(self) -> str:
        """Return queued, running, completed or failed; the task must be loaded."""
        return "completed" if self.completed_at else self.task.state


class WhatIfResult(models.Model):
    """One subject that would not pass, and what would follow."""

    what_if = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="results")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    reference_id = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=13, choices=DocumentKind.choices)
    subject = models.CharField(max_length=MAX_SUBJECT)
    resource = models.ForeignKey(Resource, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(AssetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=STATES)
    would = models.CharField(max_length=7, choices=Would.choices)
    severity = models.CharField(max_length=8)
    findings = models.JSONField(default=list)
    error = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["what_if", "would", "id"], name="what_if_results_by_would"),
            models.Index(fields=["what_if", "workspace"], name="what_if_results_by_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.state}: {self.would}"
