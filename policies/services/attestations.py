"""Attest whether a manual rule is kept, with evidence, and end attestations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput, NotFound
from core.facts import end as end_facts
from core.journal import publish
from policies.events import AttestationEnded, AttestationMade
from policies.models import Attestation, Effect
from policies.queries.assignments import RELATED, rules_of
from policies.services import evidence as evidences
from policies.services.scopes import (
    assignment_here,
    check_expiry,
    checked_asset,
    owner_here,
    resource_here,
)
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from policies.events import AttestationEvent
    from policies.models import Assignment
    from policies.services.evidence import Evidence

MAX_COMMENTS = 4_000


@dataclass(frozen=True, kw_only=True)
class About:
    """What is attested: the rule of an assignment (of a set, the member ``reference_id``) in a
    workspace; about one ``resource``, one ``asset`` (kind/name), or all that it judges there."""

    assignment: UUID
    workspace: str
    reference_id: str = ""
    resource: UUID | None = None
    asset: str = ""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What is said: ``state`` is compliant or non_compliant, ``assessed_at`` when somebody looked
    (now, unless given), ``owner`` the username of who answers for it (the actor, unless given)."""

    state: str
    expires_at: datetime
    comments: str = ""
    assessed_at: datetime | None = None
    owner: str = ""


def attest(
    *, actor: Actor, about: About, statement: Statement, evidence: Sequence[Evidence] = ()
) -> Attestation:
    """Say whether a manual rule is kept; from now on that is what the rule answers.

    An earlier attestation about the very same ends and stays on record. Needs assign_policy
    in the workspace. Raises InvalidInput; so for a rule that an engine answers.
    """
    place = access.workspace_by_slug(
        actor, about.workspace, permission=Permission.ASSIGN_POLICY, field="workspace"
    )
    assignment = assignment_here(about.assignment, place)
    _check_manual(assignment, about.reference_id)
    if actor.user is None:
        raise InvalidInput("An attestation needs a person or a service account to answer for it.")
    now = timezone.now()
    _check_statement(statement, now=now)
    owner = owner_here(statement.owner, place, default=actor.user)
    same = {
        "assignment": assignment,
        "workspace": place,
        "reference_id": about.reference_id,
        "resource": resource_here(about.resource, place, asset=about.asset),
        "asset": checked_asset(about.asset),
    }
    checked = evidences.check(evidence, workspace=place, actor=actor)
    with transaction.atomic():
        _end(Attestation.objects.filter(**same), at=now, actor=actor)
        made = Attestation.objects.create(
            **same,
            state=statement.state,
            comments=statement.comments,
            owner=owner,
            attested_by=actor.user,
            assessed_at=statement.assessed_at or now,
            expires_at=statement.expires_at,
            valid_from=now,
        )
        evidences.keep(checked, attestation=made)
        publish_attestation(AttestationMade, made, actor=actor, reason=statement.comments)
    return made


def end(*, actor: Actor, attestation: UUID, reason: str = "") -> Attestation:
    """End an attestation before its time: the rule answers unknown, unless another one covers it.
    Needs assign_policy in its workspace. One that has ended is a Conflict."""
    found = (
        Attestation.objects.select_related(
            "workspace", "resource", "owner", *(f"assignment__{name}" for name in RELATED)
        )
        .filter(uuid=attestation)
        .first()
    )
    if found is None:
        raise NotFound
    subject = f"attestation/{attestation}"
    access.require(actor, Permission.ASSIGN_POLICY, found.workspace, subject=subject)
    with transaction.atomic():
        if not _end(Attestation.objects.filter(pk=found.pk), at=timezone.now(), actor=actor):
            raise Conflict("The attestation has ended already.")
        found.refresh_from_db(fields=["valid_to", "ended_by"])
        publish_attestation(AttestationEnded, found, actor=actor, reason=reason)
    return found


def _end(facts: QuerySet[Attestation], *, at: datetime, actor: Actor) -> int:
    ids = list(facts.filter(valid_to__isnull=True).values_list("pk", flat=True))
    ended = end_facts(Attestation.objects.filter(pk__in=ids), at=at)
    Attestation.objects.filter(pk__in=ids, ended_by__isnull=True).update(ended_by=actor.user)
    return ended


def _check_manual(assignment: Assignment, reference_id: str) -> None:
    effects = {rule.reference_id: rule.effect for rule in rules_of(assignment)}
    if reference_id not in effects:
        known = ", ".join(sorted(filter(None, effects))) or "none: leave it out"
        reason = f"the assignment has no rule {reference_id[:80]!r}; known: {known}"
        raise InvalidInput.of("reference_id", reason)
    if effects[reference_id] != Effect.MANUAL:
        reason = (
            f"its effect is {effects[reference_id]}: an engine answers it; people attest what is "
            "assigned under the effect manual"
        )
        raise InvalidInput.of("assignment", reason)


def _check_statement(statement: Statement, *, now: datetime) -> None:
    if statement.state not in Attestation.State.values:
        raise InvalidInput.of("state", f"must be one of {', '.join(Attestation.State.values)}")
    if len(statement.comments) > MAX_COMMENTS:
        raise InvalidInput.of("comments", f"must have at most {MAX_COMMENTS} characters")
    check_expiry(statement.expires_at, now=now)
    assessed_at = statement.assessed_at
    if assessed_at is not None and timezone.is_naive(assessed_at):
        raise InvalidInput.of("assessed_at", "must have a time zone")
    if assessed_at is not None and assessed_at > now:
        raise InvalidInput.of("assessed_at", "must not be in the future")


def publish_attestation(
    event: type[AttestationEvent],
    attestation: Attestation,
    *,
    actor: Actor,
    reason: str,
    **more: Any,
) -> None:
    """Journal what happened to an attestation; ``more`` are fields of that event alone."""
    of = attestation.assignment.policy_version or attestation.assignment.set_version
    assert of is not None  # a constraint of the table
    publish(
        event(
            subject=f"attestation/{attestation.uuid}",
            workspace=attestation.workspace.uuid,
            reason=reason,
            attestation=str(attestation.uuid),
            assignment=str(attestation.assignment.uuid),
            of=of.reference,
            reference_id=attestation.reference_id,
            resource=str(attestation.resource.uuid) if attestation.resource else None,
            asset=attestation.asset,
            state=attestation.state,
            owner=str(attestation.owner.uuid),
            assessed_at=attestation.assessed_at.isoformat(),
            expires_at=attestation.expires_at.isoformat(),
            evidence=[
                {"title": each.title, "uri": each.uri, "digest": each.digest}
                for each in attestation.evidence.order_by("id")
            ],
            **more,
        ),
        actor=actor,
        roles=access.roles(actor, attestation.workspace_id),
    )
