"""Assignments: which policies hold where, with which parameters and effect, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from policies.models.policy import PolicyVersion
from policies.models.policy_set import PolicySetVersion
from registry.models import Workspace

if TYPE_CHECKING:
    from datetime import datetime

    from policies.models.enforcement import AssignmentEnforcement


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
    MODIFY = "modify"
    MANUAL = "manual"
    REQUIRE_APPROVAL = "require_approval"
    DENY = "deny"


GATING_EFFECTS = frozenset({Effect.DENY, Effect.REQUIRE_APPROVAL})


class Assignment(Fact):
    """A policy or a set, pinned to one version, over a scope.

    ``parameters`` are those of the policy, or for a set one object for each reference id;
    ``overrides`` gives members of a set an effect of their own. ``kinds`` are the asset kinds and
    resource types that it is limited to, empty for all; ``tags`` the values of tags that what it
    judges must have one of. Whether it is enforced is a fact of its own: `AssignmentEnforcement`.
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
    overrides = CanonicalJSONField(default=dict)
    kinds = CanonicalJSONField(default=list)
    tags = CanonicalJSONField(default=dict)
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
    def reference(self) -> str:
        """Return ``name/number`` of the policy or set, which must be loaded."""
        of = self.policy_version or self.set_version
        assert of is not None  # a constraint of the table
        return of.reference

    @property
    def title(self) -> str:
        """Return the title of the policy or set."""
        of = self.policy_version or self.set_version
        assert of is not None  # a constraint of the table
        return of.title

    @property
    def place(self) -> str:
        """Return where it holds: organisation, stage/<stage> or workspace/<slug>."""
        if self.workspace is not None:
            return f"workspace/{self.workspace.slug}"
        return f"stage/{self.stage}" if self.stage else str(self.scope)

    def enforcement_at(self, moment: datetime | None) -> AssignmentEnforcement | None:
        """Return how it was enforced at ``moment``, None for now; read what is prefetched."""
        facts = self.enforcements.all()
        if moment is None:
            return max(facts, key=lambda each: each.pk, default=None)
        return next((each for each in facts if each.held_at(moment)), None)

    @property
    def gates(self) -> bool:
        """Tell whether a promotion can be refused or held back by it in some workspace."""
        enforcement = self.enforcement
        effects = {self.effect, *self.overrides.values()}
        gating = not GATING_EFFECTS.isdisjoint(effects)
        return gating and enforcement is not None and enforcement.is_enforced

    @property
    def enforcement(self) -> AssignmentEnforcement | None:
        """Return how it is enforced now, or was when it ended."""
        return self.enforcement_at(None)


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
