"""Assignments: which policies hold where, with which parameters and effect, from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.models.policy import PolicyVersion
from policies.models.policy_set import PolicySetVersion
from registry.models import Workspace


class Scope(models.TextChoices):
    """How far an assignment reaches."""

    ORGANISATION = "organisation"
    STAGE = "stage"
    WORKSPACE = "workspace"


class Effect(models.TextChoices):
    """What follows when a policy does not pass."""

    DISABLED = "disabled"
    AUDIT = "audit"
    WARN = "warn"
    REQUIRE_APPROVAL = "require_approval"
    DENY = "deny"


GATING_EFFECTS = frozenset({Effect.DENY, Effect.REQUIRE_APPROVAL})


class Assignment(Fact):
    """A policy or a set, pinned to one version, over a scope.

    With ``is_enforced`` false nothing but recording follows, whatever the effect. ``parameters``
    are those of the policy, or for a set one object for each reference id.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    scope = models.CharField(max_length=12, choices=Scope.choices)
    stage = models.CharField(max_length=12, choices=Workspace.Stage.choices, blank=True)
    workspace = models.ForeignKey(
        Workspace, null=True, on_delete=models.PROTECT, related_name="policy_assignments"
    )
    policy_version = models.ForeignKey(
        PolicyVersion, null=True, on_delete=models.PROTECT, related_name="assignments"
    )
    set_version = models.ForeignKey(
        PolicySetVersion, null=True, on_delete=models.PROTECT, related_name="assignments"
    )
    parameters = CanonicalJSONField(default=dict)
    effect = models.CharField(max_length=16, choices=Effect.choices)
    is_enforced = models.BooleanField(default=True)
    message = models.TextField(blank=True)
    excluded = models.ManyToManyField(
        Workspace, through="AssignmentExclusion", related_name="policy_exclusions"
    )
    assigned_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(policy_version__isnull=False, set_version__isnull=True)
                | Q(policy_version__isnull=True, set_version__isnull=False),
                name="assignment_of_policy_or_set",
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.ORGANISATION, stage="", workspace__isnull=True)
                | Q(scope=Scope.STAGE, stage__in=Workspace.Stage.values, workspace__isnull=True)
                | Q(scope=Scope.WORKSPACE, stage="", workspace__isnull=False),
                name="assignment_scope",
            ),
            models.CheckConstraint(condition=Q(effect__in=Effect.values), name="assignment_effect"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="assignments_of_workspace"),
            models.Index(
                fields=["scope", "stage"],
                condition=Q(valid_to__isnull=True),
                name="open_assignments",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_version or self.set_version} {self.effect} {self.place}"

    @property
    def place(self) -> str:
        """Return where it holds: organisation, stage/<stage> or workspace/<slug>."""
        if self.workspace is not None:
            return f"workspace/{self.workspace.slug}"
        return f"stage/{self.stage}" if self.stage else str(self.scope)

    @property
    def gates(self) -> bool:
        """Tell whether a promotion can be refused or held back by it."""
        return self.is_enforced and self.effect in GATING_EFFECTS


class AssignmentExclusion(models.Model):
    """A workspace that an assignment leaves out: nothing is evaluated there."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="exclusions")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "workspace"], name="one_exclusion_per_workspace"
            ),
        ]

    def __str__(self) -> str:
        return f"not {self.workspace}"
