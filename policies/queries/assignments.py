"""Which policies hold in a workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Prefetch, Q

from policies.models import Assignment, Effect, PolicyVersion, Scope
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import Workspace

RELATED = (
    "workspace",
    "policy_version__policy",
    "set_version__policy_set",
    "assigned_by",
    "ended_by",
)


@dataclass(frozen=True)
class Rule:
    """One policy of one assignment, with the parameters that it gets there.

    ``reference_id`` is empty unless the assignment is of a set.
    """

    assignment: Assignment
    policy_version: PolicyVersion
    reference_id: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def key(self) -> tuple[str, str]:
        """Return what identifies the rule for ever."""
        return str(self.assignment.uuid), self.reference_id


def visible_assignments(actor: Actor) -> QuerySet[Assignment]:
    """Return the assignments that ``actor`` may see, each with those of the workspaces that it
    leaves out that the actor may see too."""
    excluded = access.visible_workspaces(actor).order_by("slug")
    return (
        Assignment.objects.filter(in_sight(actor))
        .select_related(*RELATED)
        .prefetch_related(Prefetch("excluded", queryset=excluded))
    )


def in_sight(actor: Actor) -> Q:
    """Return the condition that ``actor`` may see an assignment: it reaches as far as one of the
    actor's workspaces. Administrators of the organisation see all."""
    if access.administers_organisation(actor):
        return access.EVERYTHING
    visible = access.visible_workspaces(actor)
    return (
        access.in_reach(actor)
        | Q(Exists(visible), scope=Scope.ORGANISATION)
        | Q(scope=Scope.STAGE, stage__in=visible.values("stage"))
    )


def rules_by_workspace(
    workspaces: Sequence[Workspace], *, at: datetime | None = None
) -> dict[int, tuple[Rule, ...]]:
    """Return the rules in force in each workspace, by its id, now or as of ``at``.

    Every assignment that reaches a workspace holds there on its own; disabled ones give no rules.
    A constant number of queries.
    """
    ids = [workspace.pk for workspace in workspaces]
    stages = {workspace.stage for workspace in workspaces}
    reaching = (
        Q(scope=Scope.ORGANISATION)
        | Q(scope=Scope.STAGE, stage__in=stages)
        | Q(scope=Scope.WORKSPACE, workspace__in=ids)
    )
    assignments: list[Assignment] = list(
        Assignment.objects.as_of(at)
        .filter(reaching)
        .exclude(effect=Effect.DISABLED)
        .select_related(*RELATED)
        .prefetch_related("exclusions", "set_version__members__policy_version__policy")
        .order_by("id")
    )
    return {
        workspace.pk: tuple(
            rule
            for assignment in assignments
            if reaches(assignment, workspace)
            for rule in rules_of(assignment)
        )
        for workspace in workspaces
    }


def reaches(assignment: Assignment, workspace: Workspace) -> bool:
    """Tell whether the assignment's scope covers the workspace and does not exclude it."""
    if any(each.workspace_id == workspace.pk for each in assignment.exclusions.all()):
        return False
    match assignment.scope:
        case Scope.ORGANISATION:
            return True
        case Scope.STAGE:
            return assignment.stage == workspace.stage
    return assignment.workspace_id == workspace.pk


def rules_of(assignment: Assignment) -> Iterable[Rule]:
    """Return the rules of an assignment: one, or one for each member of its set."""
    if assignment.policy_version is not None:
        return [Rule(assignment, assignment.policy_version, parameters=assignment.parameters)]
    assert assignment.set_version is not None  # a constraint of the table
    members = sorted(assignment.set_version.members.all(), key=lambda each: each.reference_id)
    return [
        Rule(
            assignment,
            member.policy_version,
            member.reference_id,
            assignment.parameters.get(member.reference_id, {}),
        )
        for member in members
    ]
