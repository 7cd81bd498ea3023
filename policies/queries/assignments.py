"""Which policies hold in a workspace, with which effect, and whether they are enforced there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Exists, Prefetch, Q

from policies.models import Assignment, AssignmentEnforcement, Effect, PolicyVersion, Scope
from policies.models.assignment import GATING_EFFECTS
from policies.queries.attestations import attestations_in_force
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor
    from policies.models import Attestation, PolicySetMember
    from policies.queries.attestations import Key
    from registry.models import Workspace

RELATED = (
    "workspace",
    "policy_version__policy",
    "set_version__policy_set",
    "assigned_by",
    "ended_by",
)
MEMBERS = "set_version__members__policy_version__policy"


@dataclass(frozen=True)
class Rule:
    """One policy of one assignment, with the parameters and the effect that it gets there.

    ``reference_id`` is empty unless the assignment is of a set. ``is_enforced`` is of the
    workspace and the time that were asked for; ``attestations`` are those that count there and
    then of a manual rule.
    """

    assignment: Assignment
    policy_version: PolicyVersion
    effect: Effect
    reference_id: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    is_enforced: bool = True
    attestations: tuple[Attestation, ...] = ()

    @cached_property
    def key(self) -> tuple[str, str]:
        """Return what identifies the rule for ever."""
        return str(self.assignment.uuid), self.reference_id

    @cached_property
    def stored_key(self) -> tuple[int, str, str]:
        """Return what a stored decision of the same rule and policy text has too: assignment,
        reference id, and the digest of the text."""
        return self.assignment.pk, self.reference_id, self.policy_version.digest

    @property
    def gates(self) -> bool:
        """Tell whether a promotion can be refused or held back by it."""
        return self.is_enforced and self.effect in GATING_EFFECTS


def visible_assignments(actor: Actor) -> QuerySet[Assignment]:
    """Return the assignments that ``actor`` may see, each with those of the workspaces that it
    leaves out that the actor may see too."""
    excluded = access.visible_workspaces(actor).order_by("slug")
    return (
        Assignment.objects.filter(in_sight(actor))
        .select_related(*RELATED)
        .prefetch_related(
            Prefetch("excluded", queryset=excluded),
            Prefetch("enforcements", queryset=AssignmentEnforcement.objects.order_by("id")),
        )
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

    Every assignment that reaches a workspace holds there on its own; what is disabled gives no
    rules. A constant number of queries.
    """
    assignments = _reaching(workspaces, at=at)
    rules = {assignment.pk: rules_of(assignment) for assignment in assignments}
    manual = [each for each in assignments if _is_manual(rules[each.pk])]
    attested = attestations_in_force(manual, workspaces, at=at)
    return {
        workspace.pk: tuple(
            rule
            for assignment in found
            for rule in _held(assignment, rules[assignment.pk], workspace, at=at, attested=attested)
        )
        for workspace, found in _by_workspace(assignments, workspaces)
    }


def _by_workspace(
    assignments: Iterable[Assignment], workspaces: Iterable[Workspace]
) -> Iterator[tuple[Workspace, list[Assignment]]]:
    """Yield each workspace with the assignments that reach it, by id.

    Most assignments are of one workspace: asking each of them about each workspace would be most
    of the work where there are hundreds of both.
    """
    scoped: dict[tuple[str, Any], list[Assignment]] = {}
    excluded: dict[int, set[int]] = {}
    for each in assignments:
        place = each.stage if each.scope == Scope.STAGE else each.workspace_id
        scoped.setdefault((each.scope, place), []).append(each)
        excluded[each.pk] = {one.workspace_id for one in each.exclusions.all()}
    for workspace in workspaces:
        places = (
            (Scope.ORGANISATION, None),
            (Scope.STAGE, workspace.stage),
            (Scope.WORKSPACE, workspace.pk),
        )
        found = [each for place in places for each in scoped.get(place, ())]
        held = [each for each in found if workspace.pk not in excluded[each.pk]]
        yield workspace, sorted(held, key=lambda each: each.pk)


def _reaching(workspaces: Sequence[Workspace], *, at: datetime | None) -> list[Assignment]:
    reach = (
        Q(scope=Scope.ORGANISATION)
        | Q(scope=Scope.STAGE, stage__in={workspace.stage for workspace in workspaces})
        | Q(scope=Scope.WORKSPACE, workspace__in=[workspace.pk for workspace in workspaces])
    )
    return list(
        Assignment.objects.as_of(at)
        .filter(reach)
        .select_related(*RELATED)
        .prefetch_related("exclusions", "enforcements", MEMBERS)
        .order_by("id")
    )


def _is_manual(rules: Iterable[Rule]) -> bool:
    return any(rule.effect == Effect.MANUAL for rule in rules)


def _held(
    assignment: Assignment,
    rules: Iterable[Rule],
    workspace: Workspace,
    *,
    at: datetime | None,
    attested: Mapping[Key, tuple[Attestation, ...]],
) -> Iterator[Rule]:
    """Yield the rules of an assignment as they hold in a workspace."""
    is_enforced = is_enforced_in(assignment, workspace, at=at)
    for rule in rules:
        key = assignment.pk, workspace.pk, rule.reference_id
        yield replace(rule, is_enforced=is_enforced, attestations=attested.get(key, ()))


def is_enforced_in(
    assignment: Assignment, workspace: Workspace, *, at: datetime | None = None
) -> bool:
    """Tell whether an assignment was enforced in the workspace at ``at``, or is now."""
    enforcement = assignment.enforcement_at(at)
    # An assignment gets its enforcement when it is made: without one it would hold as it says.
    return enforcement is None or enforcement.covers(workspace)


def reaches(assignment: Assignment, workspace: Workspace) -> bool:
    """Tell whether the assignment's scope covers the workspace and does not exclude it."""
    excluded = {each.workspace_id for each in assignment.exclusions.all()}
    return workspace.pk not in excluded and in_scope(assignment, workspace)


def in_scope(assignment: Assignment, workspace: Workspace) -> bool:
    """Tell whether the assignment's scope covers the workspace, exclusions left aside."""
    match assignment.scope:
        case Scope.ORGANISATION:
            return True
        case Scope.STAGE:
            return assignment.stage == workspace.stage
    return assignment.workspace_id == workspace.pk


def rules_of(assignment: Assignment) -> list[Rule]:
    """Return the rules of an assignment: one, or one for each member of its set; none for what is
    disabled."""
    if assignment.policy_version is not None:
        effect = Effect(assignment.effect)
        rules = [
            Rule(assignment, assignment.policy_version, effect, parameters=assignment.parameters)
        ]
    else:
        assert assignment.set_version is not None  # a constraint of the table
        members = sorted(assignment.set_version.members.all(), key=lambda each: each.reference_id)
        rules = [_rule_of_member(assignment, member) for member in members]
    return [rule for rule in rules if rule.effect != Effect.DISABLED]


def _rule_of_member(assignment: Assignment, member: PolicySetMember) -> Rule:
    return Rule(
        assignment,
        member.policy_version,
        effect_of_member(assignment, member),
        member.reference_id,
        {**member.parameters, **assignment.parameters.get(member.reference_id, {})},
    )


class Effects(Protocol):
    """An assignment, or the terms of one."""

    @property
    def effect(self) -> str:
        """Return the effect of all that says none of its own."""
        ...

    @property
    def overrides(self) -> Mapping[str, str]:
        """Return the effects of members of the set, by reference id."""
        ...


def effect_of_member(assigned: Effects, member: PolicySetMember) -> Effect:
    """Return the effect of a member of an assignment's set.

    The assignment's override comes first, then what the member says in its set, then what the
    assignment says; an assignment that is disabled leaves only its overrides.
    """
    override = assigned.overrides.get(member.reference_id)
    if override or assigned.effect == Effect.DISABLED:
        return Effect(override or assigned.effect)
    return Effect(member.effect or assigned.effect)


def effect_of(assignment: Assignment, reference_id: str) -> Effect:
    """Return the effect of one rule of an assignment, whose members are prefetched."""
    members = assignment.set_version.members.all() if assignment.set_version else ()
    found = next((each for each in members if each.reference_id == reference_id), None)
    return effect_of_member(assignment, found) if found else Effect(assignment.effect)
