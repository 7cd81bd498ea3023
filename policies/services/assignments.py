"""Assign policies to the organisation, a stage or a workspace, and end assignments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.canonical import canonical_digest
from core.errors import Conflict, InvalidInput, NotFound
from core.journal import publish
from policies.events import AssignmentCreated, AssignmentEnded
from policies.models import Assignment, AssignmentEnforcement, AssignmentExclusion, Scope
from policies.queries.assignments import RELATED
from policies.queries.policies import policy_version_by_reference, set_version_by_reference
from policies.services.terms import Terms, check_terms
from registry import access
from registry.models import Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from policies.events import AssignmentEvent
    from policies.models import PolicySetVersion, PolicyVersion

SCOPES = "organisation, stage/<stage> or workspace/<slug>"


@dataclass(frozen=True)
class Prepared:
    """What is to be assigned, looked up and checked: where, one version, and how."""

    place: Mapping[str, Any]
    version: PolicyVersion | None
    chosen: PolicySetVersion | None
    terms: Terms
    excluded: Sequence[Workspace]

    def unsaved(self) -> Assignment:
        """Return the assignment that would be made."""
        return Assignment(
            **self.place,
            policy_version=self.version,
            set_version=self.chosen,
            parameters=dict(self.terms.parameters),
            effect=self.terms.effect,
            overrides=dict(self.terms.overrides),
            kinds=sorted(set(self.terms.kinds)),
            tags={name: sorted(set(values)) for name, values in self.terms.tags.items()},
            message=self.terms.message,
        )


def prepare(
    *, actor: Actor, scope: str, terms: Terms, policy: str = "", policy_set: str = ""
) -> Prepared:
    """Return what `assign` would make; raises as that does, and writes nothing."""
    place = _place(actor, scope)
    if bool(policy) == bool(policy_set):
        raise InvalidInput.of("policy", "give either a policy or a set")
    version = policy_version_by_reference(policy, field="policy") if policy else None
    chosen = set_version_by_reference(policy_set, field="set") if policy_set else None
    check_terms(terms, version=version, chosen=chosen)
    return Prepared(place, version, chosen, terms, _excluded(terms.excluded, place=place))


def assign(
    *,
    actor: Actor,
    scope: str,
    terms: Terms,
    policy: str = "",
    policy_set: str = "",
    reason: str = "",
    uuid: UUID | None = None,
) -> Assignment:
    """Let a policy or a set hold over ``scope`` from now on.

    ``scope`` is ``organisation``, ``stage/<stage>`` or ``workspace/<slug>``; ``policy`` or
    ``policy_set`` is ``name`` (pinned to the newest version) or ``name/number``. ``uuid`` is the
    assignment's, where a what-if has settled it. Needs
    assign_policy in the workspace, for a wider scope an administrator of the organisation.
    Raises InvalidInput; so for deny and require_approval of a version that OPA has not checked.
    """
    prepared = prepare(actor=actor, scope=scope, terms=terms, policy=policy, policy_set=policy_set)
    with transaction.atomic():
        assignment = prepared.unsaved()
        assignment.uuid = uuid or assignment.uuid
        assignment.assigned_by = actor.user
        assignment.save()
        AssignmentExclusion.objects.bulk_create(
            AssignmentExclusion(assignment=assignment, workspace=each) for each in prepared.excluded
        )
        AssignmentEnforcement.objects.create(
            assignment=assignment,
            is_enforced=terms.is_enforced,
            percent=terms.percent,
            set_by=actor.user,
            reason=reason,
            valid_from=assignment.valid_from,
        )
        publish_assignment(AssignmentCreated, assignment, actor=actor, reason=reason)
    return assignment


def assignment_to_change(actor: Actor, uuid: UUID) -> Assignment:
    """Return that assignment if the actor may change it: needs what assigning it needs."""
    found = Assignment.objects.select_related(*RELATED).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    if found.workspace is not None:
        access.require(actor, Permission.ASSIGN_POLICY, found.workspace)
    else:
        access.require_organisation_admin(actor, subject=f"assignment/{uuid}")
    return found


def end(*, actor: Actor, assignment: UUID, reason: str = "") -> Assignment:
    """End an assignment; needs what assigning it needs. One that has ended is a Conflict."""
    found = assignment_to_change(actor, assignment)
    with transaction.atomic():
        still_open = Assignment.objects.filter(pk=found.pk, valid_to__isnull=True)
        if not still_open.update(valid_to=timezone.now(), ended_by=actor.user):
            raise Conflict("The assignment has ended already.")
        publish_assignment(AssignmentEnded, found, actor=actor, reason=reason)
    found.refresh_from_db()
    return found


def _place(actor: Actor, scope: str) -> dict[str, Any]:
    level, slash, name = scope.partition("/")
    if level == Scope.WORKSPACE and slash:
        workspace = access.workspace_by_slug(
            actor, name, permission=Permission.ASSIGN_POLICY, field="scope"
        )
        return {"scope": Scope.WORKSPACE, "stage": "", "workspace": workspace}
    access.require_organisation_admin(actor, subject=scope[:200])
    if level == Scope.STAGE and name in Workspace.Stage.values:
        return {"scope": Scope.STAGE, "stage": name, "workspace": None}
    if scope == Scope.ORGANISATION:
        return {"scope": Scope.ORGANISATION, "stage": "", "workspace": None}
    stages = ", ".join(Workspace.Stage.values)
    raise InvalidInput.of("scope", f"must be {SCOPES}; stages are {stages}")


def _excluded(slugs: Sequence[str], *, place: Mapping[str, Any]) -> list[Workspace]:
    wanted = sorted(set(slugs))
    if wanted and place["scope"] == Scope.WORKSPACE:
        raise InvalidInput.of("excluded", "is for the scopes organisation and stage")
    found = {each.slug: each for each in Workspace.objects.filter(slug__in=wanted)}
    for slug in wanted:
        if slug not in found:
            raise InvalidInput.of("excluded", f"there is no workspace {slug[:80]!r}")
    return [found[slug] for slug in wanted]


def publish_assignment(
    event: type[AssignmentEvent], assignment: Assignment, *, actor: Actor, reason: str
) -> None:
    """Journal what happened to an assignment, with how it stands after that."""
    workspace = assignment.workspace
    of = assignment.policy_version or assignment.set_version
    assert of is not None  # a constraint of the table
    enforcement = assignment.enforcement
    assert enforcement is not None  # made with the assignment
    publish(
        event(
            subject=f"assignment/{assignment.uuid}",
            workspace=workspace.uuid if workspace else None,
            reason=reason,
            digest=of.digest,
            assignment=str(assignment.uuid),
            scope=assignment.place,
            stage=assignment.stage,
            of=of.reference,
            effect=assignment.effect,
            is_enforced=enforcement.is_enforced,
            percent=enforcement.percent,
            kinds=list(assignment.kinds),
            tags=[{"name": name, "values": each} for name, each in sorted(assignment.tags.items())],
            overrides=[
                {"reference_id": key, "effect": effect}
                for key, effect in sorted(assignment.overrides.items())
            ],
            parameters_digest=canonical_digest(assignment.parameters),
            excluded=sorted(each.workspace.slug for each in assignment.exclusions.all()),
        ),
        actor=actor,
        roles=access.roles(actor, workspace.pk) if workspace else (),
    )
