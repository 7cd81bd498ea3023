"""Scans: what every assigned policy said about every subject at one time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.ids import new_uuid
from core.models import Task
from policies.models import Assignment, Decision, Exemption, PolicyVersion, Resource
from policies.models.decision import MAX_SUBJECT
from registry.models import Workspace

DIGEST_LENGTH = 71  # "sha256:" and 64 hexadecimal digits


class ResultState(models.TextChoices):
    """What a policy said in the end; ``exempt`` covers a state that would count against it,
    ``conflict`` is a failure whose mending contradicts another rule."""

    PASS = "pass"  # noqa: S105 - a state, not a password
    FAIL = "fail"
    ERROR = "error"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    EXEMPT = "exempt"
    CONFLICT = "conflict"


class Scan(models.Model):
    """One scan. Its scope is fixed when it is asked for, its results are written once; counts and
    ``digest`` are those of the complete result set, and null until it is complete."""

    class Scope(models.TextChoices):
        ORGANISATION = "organisation"
        WORKSPACES = "workspaces"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    scope = models.CharField(max_length=12, choices=Scope.choices)
    workspaces = models.ManyToManyField(Workspace, through="ScanWorkspace", related_name="scans")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="scan")
    requested_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="scans"
    )
    as_of = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    counts = models.JSONField(null=True)
    tools = models.JSONField(null=True)
    digest = models.CharField(max_length=DIGEST_LENGTH, null=True)
    journal_head = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    completed_at__isnull=True,
                    counts__isnull=True,
                    tools__isnull=True,
                    digest__isnull=True,
                )
                | Q(
                    completed_at__isnull=False,
                    counts__isnull=False,
                    tools__isnull=False,
                    digest__isnull=False,
                ),
                name="scan_has_results_iff_completed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} as of {self.as_of:%Y-%m-%d %H:%M}"

    @property
    def status(self) -> str:
        """Return queued, running, completed or failed; the task must be loaded."""
        return "completed" if self.completed_at else self.task.state


class ScanWorkspace(models.Model):
    """A workspace in a scan's scope: the unit that is evaluated and committed as one.

    ``protected_aliases`` are those of the time of the scan. ``digest`` covers the unit's results.
    """

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="units")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="scan_units")
    protected_aliases = models.JSONField(default=list)
    completed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=DIGEST_LENGTH, null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["scan", "workspace"], name="one_unit_per_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.workspace} in {self.scan_id}"


class ScanResult(models.Model):
    """One policy on one subject under one assignment, passes included.

    ``identity`` is the same for the same question in every scan. ``underlying`` is the state that
    an exemption or a conflict covers. ``decision`` holds the policy's own answer with its reasons.
    """

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="results", db_index=False)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="scan_results", db_index=False
    )
    reference_id = models.CharField(max_length=200, blank=True)
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="scan_results", db_index=False
    )
    identity = models.CharField(max_length=DIGEST_LENGTH)
    subject = models.CharField(max_length=MAX_SUBJECT)
    resource = models.ForeignKey(
        Resource, null=True, on_delete=models.PROTECT, related_name="scan_results", db_index=False
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="scan_results", db_index=False
    )
    exemption = models.ForeignKey(
        Exemption, null=True, on_delete=models.PROTECT, related_name="scan_results", db_index=False
    )
    state = models.CharField(max_length=14, choices=ResultState.choices)
    underlying = models.CharField(max_length=14, choices=ResultState.choices, blank=True)
    severity = models.CharField(max_length=8)

    class Meta:
        default_permissions = ()
        constraints = [
            # A workspace is part of the identity. Named before it, what is written together lies
            # together in the index, not all over it.
            models.UniqueConstraint(
                fields=["scan", "workspace", "identity"], name="one_result_per_question"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ResultState.values), name="scan_result_state"
            ),
            models.CheckConstraint(
                condition=(Q(state="exempt") & ~Q(underlying="") & Q(exemption__isnull=False))
                | Q(state="conflict", underlying="fail", exemption__isnull=True)
                | (~Q(state__in=["exempt", "conflict"]) & Q(underlying="", exemption__isnull=True)),
                name="scan_result_exempt_by_exemption",
            ),
        ]
        indexes = [
            models.Index(fields=["scan", "state", "id"], name="scan_results_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.state}"

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Return the reasons of the decision, an engine's error among them."""
        error = [{"path": "", "msg": self.decision.error}] if self.decision.error else []
        return [*self.decision.findings, *error]
