"""Assign policies to the organisation, a stage or a workspace, and end assignments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.canonical import canonical_bytes, canonical_digest
from core.errors import Conflict, InvalidInput, NotFound
from core.journal import publish
from policies.events import AssignmentCreated, AssignmentEnded
from policies.models import Assignment, AssignmentExclusion, Effect, Scope
from policies.models.assignment import GATING_EFFECTS
from policies.queries.assignments import RELATED
from policies.queries.policies import policy_version_by_reference, set_version_by_reference
from policies.services.parameters import check_parameters
from registry import access
from registry.models import Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from policies.models import PolicySetVersion, PolicyVersion

MAX_PARAMETER_BYTES = 64 * 1024
MAX_MESSAGE = 4_000
SCOPES = "organisation, stage/<stage> or workspace/<slug>"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How an assignment holds. ``excluded`` are slugs of workspaces that it leaves out."""

    effect: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    is_enforced: bool = True
    message: str = ""
    excluded: Sequence[str] = ()


def assign(
    *,
    actor: Actor,
    scope: str,
    terms: Terms,
    policy: str = "",
    policy_set: str = "",
    reason: str = "",
) -> Assignment:
    """Let a policy or a set hold over ``scope`` from now on.

    ``scope`` is ``organisation``, ``stage/<stage>`` or ``workspace/<slug>``; ``policy`` or
    ``policy_set`` is ``name`` (pinned to the newest version) or ``name/number``. Needs
    assign_policy in the workspace, for a wider scope an administrator of the organisation.
    Raises InvalidInput; so for deny and require_approval of a version that OPA has not checked.
    """
    place = _place(actor, scope)
    if bool(policy) == bool(policy_set):
        raise InvalidInput.of("policy", "give either a policy or a set")
    version = policy_version_by_reference(policy, field="policy") if policy else None
    chosen = set_version_by_reference(policy_set, field="set") if policy_set else None
    _check_terms(terms, version=version, chosen=chosen)
    excluded = _excluded(terms.excluded, place=place)
    with transaction.atomic():
        assignment = Assignment.objects.create(
            **place,
            policy_version=version,
            set_version=chosen,
            parameters=dict(terms.parameters),
            effect=terms.effect,
            is_enforced=terms.is_enforced,
            message=terms.message,
            assigned_by=actor.user,
        )
        AssignmentExclusion.objects.bulk_create(
            AssignmentExclusion(assignment=assignment, workspace=each) for each in excluded
        )
        _publish(AssignmentCreated, assignment, actor=actor, reason=reason)
    return assignment


def end(*, actor: Actor, assignment: UUID, reason: str = "") -> Assignment:
    """End an assignment; needs what assigning it needs. One that has ended is a Conflict."""
    found = Assignment.objects.select_related(*RELATED).filter(uuid=assignment).first()
    if found is None:
        raise NotFound
    if found.workspace is not None:
        access.require(actor, Permission.ASSIGN_POLICY, found.workspace)
    else:
        access.require_organisation_admin(actor, subject=f"assignment/{assignment}")
    with transaction.atomic():
        still_open = Assignment.objects.filter(pk=found.pk, valid_to__isnull=True)
        if not still_open.update(valid_to=timezone.now(), ended_by=actor.user):
            raise Conflict("The assignment has ended already.")
        _publish(AssignmentEnded, found, actor=actor, reason=reason)
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


def _check_terms(
    terms: Terms, *, version: PolicyVersion | None, chosen: PolicySetVersion | None
) -> None:
    if terms.effect not in Effect.values:
        raise InvalidInput.of("effect", f"must be one of {', '.join(Effect.values)}")
    if len(terms.message) > MAX_MESSAGE:
        raise InvalidInput.of("message", f"must have at most {MAX_MESSAGE} characters")
    if len(canonical_bytes(dict(terms.parameters))) > MAX_PARAMETER_BYTES:
        raise InvalidInput.of("parameters", f"are over {MAX_PARAMETER_BYTES} bytes")
    if version is not None:
        _check_parameters(terms.parameters, version, field="parameters")
        members = {"": version}
    else:
        assert chosen is not None  # the caller has looked up one of the two
        members = {each.reference_id: each.policy_version for each in chosen.members.all()}
        _check_set_parameters(terms.parameters, members)
    unchecked = sorted(each.reference for each in members.values() if not each.is_checked)
    if terms.effect in GATING_EFFECTS and unchecked:
        raise InvalidInput.of(
            "effect",
            f"must not be {terms.effect}: OPA has not compiled and tested {', '.join(unchecked)}; "
            "until then it may audit or warn",
        )


def _check_set_parameters(
    parameters: Mapping[str, Any], members: Mapping[str, PolicyVersion]
) -> None:
    for key, value in parameters.items():
        if key not in members:
            raise InvalidInput.of("parameters", f"the set has no member {key[:80]!r}")
        if not isinstance(value, dict):
            raise InvalidInput.of(f"parameters.{key}", "must be an object")
        _check_parameters(value, members[key], field=f"parameters.{key}")


def _check_parameters(parameters: Mapping[str, Any], version: PolicyVersion, *, field: str) -> None:
    check_parameters(parameters, version, field=field)


def _excluded(slugs: Sequence[str], *, place: Mapping[str, Any]) -> list[Workspace]:
    wanted = sorted(set(slugs))
    if wanted and place["scope"] == Scope.WORKSPACE:
        raise InvalidInput.of("excluded", "is for the scopes organisation and stage")
    found = {each.slug: each for each in Workspace.objects.filter(slug__in=wanted)}
    for slug in wanted:
        if slug not in found:
            raise InvalidInput.of("excluded", f"there is no workspace {slug[:80]!r}")
    return [found[slug] for slug in wanted]


def _publish(
    event: type[AssignmentCreated | AssignmentEnded],
    assignment: Assignment,
    *,
    actor: Actor,
    reason: str,
) -> None:
    workspace = assignment.workspace
    of = assignment.policy_version or assignment.set_version
    assert of is not None  # a constraint of the table
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
            is_enforced=assignment.is_enforced,
            parameters_digest=canonical_digest(assignment.parameters),
            excluded=sorted(each.workspace.slug for each in assignment.exclusions.all()),
        ),
        actor=actor,
        roles=access.roles(actor, workspace.pk) if workspace else (),
    )
