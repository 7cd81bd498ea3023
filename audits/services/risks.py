"""Put risks on the register, revise, review and accept them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from audits.events import RiskAccepted, RiskCreated, RiskReviewed, RiskRevised
from audits.models import Risk, RiskRevision
from audits.models.risk import FROM_ONE_TO_FIVE, MOVES, SCORES
from audits.queries.risks import risk_by_uuid, tag_of
from audits.services.owners import checked_owner
from audits.services.risk_words import publish_risk, told_of
from core.errors import AccessDenied, Conflict, Denial, InvalidInput
from core.preconditions import Expected, require_state
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.actors import Actor
    from core.models import User

MAX_TITLE = 200
MAX_TEXT = 20_000
MAX_REASON = 4_000
LONGEST = timedelta(days=400)
FIELDS = (
    "title",
    "description",
    "category",
    *SCORES,
    "treatment",
    "treatment_reason",
    "review_on",
)
STATES = tuple(state for state, _ in MOVES)


@dataclass(frozen=True, kw_only=True)
class RiskTerms:
    """What is said of a risk. Likelihood and impact are from 1 to 5; the residual ones are those
    after treatment, both or neither. ``owner`` is a username, the actor's without one."""

    title: str
    category: str
    inherent_likelihood: int
    inherent_impact: int
    review_on: date
    description: str = ""
    residual_likelihood: int | None = None
    residual_impact: int | None = None
    treatment: str = ""
    treatment_reason: str = ""
    owner: str = ""


def create(*, actor: Actor, terms: RiskTerms, workspace: str = "") -> RiskRevision:
    """Put a risk on the register of a workspace, or of the organisation without one.

    Needs triage_findings there, else an administrator of the organisation. Returns the first
    revision. Raises InvalidInput that names the field, or AccessDenied.
    """
    if workspace:
        place = access.workspace_by_slug(
            actor, workspace, permission=Permission.TRIAGE_FINDINGS, field="workspace"
        )
    else:
        place = None
        access.require_organisation_admin(actor, subject="risks")
    user = _person(actor)
    said = {name: getattr(terms, name) for name in FIELDS}
    _check(said)
    _check_date(terms.review_on)
    owner = checked_owner(terms.owner, place, default=user)
    with transaction.atomic():
        risk = Risk.objects.create(workspace=place, created_by=user)
        made = _add(risk, said, owner=owner, state=Risk.State.OPEN, change="created", by=user)
        publish_risk(RiskCreated, made, actor=actor)
    return made


def revise(
    *, actor: Actor, risk: UUID, changes: Mapping[str, Any], expected: Expected, reason: str = ""
) -> RiskRevision:
    """Say something else of a risk: ``changes`` names fields of RiskTerms, and ``state`` (open,
    treated or closed).

    An accepted risk of which anything else is said is open again: what was accepted is what
    stood there. Needs triage_findings in its workspace, else an administrator of the
    organisation. Raises PreconditionFailed, InvalidInput, AccessDenied, NotFound; Conflict where
    nothing differs.
    """
    user = _person(actor)
    with transaction.atomic():
        now = _locked(actor, risk, expected)
        said = {name: changes.get(name, getattr(now, name)) for name in FIELDS}
        _check(said)
        if said["review_on"] != now.review_on:
            _check_date(said["review_on"])
        owner = now.owner
        if changes.get("owner"):
            owner = checked_owner(changes["owner"], now.risk.workspace, default=user)
        state = _state(now, said, changes)
        if told_of(now) == told_of(now, {**said, "owner": owner, "state": state}):
            raise Conflict("Nothing of the risk would change.")
        made = _add(
            now.risk, said, owner=owner, state=state, change="revised", by=user, reason=reason
        )
        publish_risk(RiskRevised, made, actor=actor, before=now)
    return made


def review(
    *, actor: Actor, risk: UUID, review_on: date, expected: Expected, reason: str = ""
) -> RiskRevision:
    """Say that a risk was looked at and stands as it does, until its next review.

    An accepted risk stays accepted. Needs and raises what `revise` does; Conflict for a closed
    risk.
    """
    user = _person(actor)
    with transaction.atomic():
        now = _locked(actor, risk, expected)
        if now.state == Risk.State.CLOSED:
            raise Conflict("The risk is closed; open it again first.")
        _check_date(review_on)
        said = {**{name: getattr(now, name) for name in FIELDS}, "review_on": review_on}
        made = _add(
            now.risk,
            said,
            owner=now.owner,
            state=now.state,
            change="reviewed",
            by=user,
            reason=reason,
            accepted_by=now.accepted_by,
        )
        publish_risk(RiskReviewed, made, actor=actor, before=now)
    return made


def accept(*, actor: Actor, risk: UUID, expected: Expected, reason: str) -> RiskRevision:
    """Accept a risk as it stands, whose treatment is to accept it.

    Needs what `revise` does, and another person than its owner, superusers included. Raises
    AccessDenied, Conflict for another treatment or a risk that is accepted or closed, and as
    `revise` does.
    """
    user = _person(actor)
    if not reason.strip():
        raise InvalidInput.of("reason", "must say why the risk is acceptable")
    with transaction.atomic():
        now = _locked(actor, risk, expected)
        if now.owner_id == user.pk:
            place = now.risk.workspace
            raise AccessDenied(
                "Nobody accepts a risk that they own.",
                denial=Denial(
                    Permission.TRIAGE_FINDINGS.value, f"risk/{risk}", place.uuid if place else None
                ),
            )
        if now.treatment != Risk.Treatment.ACCEPT:
            raise Conflict("Its treatment is not to accept it; revise that first.")
        if now.state in {Risk.State.ACCEPTED, Risk.State.CLOSED}:
            raise Conflict(f"The risk is {now.state}.")
        said = {name: getattr(now, name) for name in FIELDS}
        made = _add(
            now.risk,
            said,
            owner=now.owner,
            state=Risk.State.ACCEPTED,
            change="accepted",
            by=user,
            reason=reason,
            accepted_by=user,
        )
        publish_risk(RiskAccepted, made, actor=actor, before=now)
    return made


def require_triage(actor: Actor, risk: Risk) -> None:
    """Return if ``actor`` may work on the risk; raises AccessDenied."""
    subject = f"risk/{risk.uuid}"
    if risk.workspace is None:
        access.require_organisation_admin(actor, subject=subject)
    else:
        access.require(actor, Permission.TRIAGE_FINDINGS, risk.workspace, subject=subject)


def _locked(actor: Actor, uuid: UUID, expected: Expected) -> RiskRevision:
    """Return how the risk stands, its row locked until the end of the transaction."""
    risk = risk_by_uuid(actor, uuid).risk
    require_triage(actor, risk)
    Risk.objects.select_for_update().get(pk=risk.pk)
    now = risk_by_uuid(actor, uuid)
    require_state(expected, actual=tag_of(now))
    return now


def _add(
    risk: Risk,
    said: Mapping[str, Any],
    *,
    owner: User,
    state: str,
    change: str,
    by: User,
    reason: str = "",
    accepted_by: User | None = None,
) -> RiskRevision:
    if len(reason) > MAX_REASON:
        raise InvalidInput.of("reason", f"must have at most {MAX_REASON} characters")
    made = RiskRevision.objects.create(
        risk=risk,
        number=RiskRevision.objects.filter(risk=risk).count() + 1,
        change=change,
        **said,
        owner=owner,
        state=state,
        accepted_by=accepted_by,
        reason=reason,
        made_by=by,
    )
    Risk.objects.filter(pk=risk.pk).update(current=made)
    return made


def _state(now: RiskRevision, said: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    state: str = changes.get("state") or now.state
    if "state" in changes and state not in STATES:
        raise InvalidInput.of("state", f"must be one of {', '.join(STATES)}")
    if state == Risk.State.ACCEPTED:
        state = Risk.State.OPEN
    if state == Risk.State.TREATED and (
        not said["treatment"] or said["residual_likelihood"] is None
    ):
        reason = "a treated risk needs a treatment, and a likelihood and impact after it"
        raise InvalidInput.of("state", reason)
    return state


def _check(said: Mapping[str, Any]) -> None:
    """Raise InvalidInput for what may not be said of a risk."""
    if not said["title"].strip() or len(said["title"]) > MAX_TITLE:
        raise InvalidInput.of("title", f"must have 1 to {MAX_TITLE} characters")
    for name in ("description", "treatment_reason"):
        if len(said[name]) > MAX_TEXT:
            raise InvalidInput.of(name, f"must have at most {MAX_TEXT} characters")
    if said["category"] not in Risk.Category.values:
        raise InvalidInput.of("category", f"must be one of {', '.join(Risk.Category.values)}")
    _check_scores(said)
    if said["treatment"] and said["treatment"] not in Risk.Treatment.values:
        raise InvalidInput.of("treatment", f"must be one of {', '.join(Risk.Treatment.values)}")
    if bool(said["treatment"]) != bool(said["treatment_reason"].strip()):
        raise InvalidInput.of("treatment_reason", "must say why, with a treatment and only then")


def _check_scores(said: Mapping[str, Any]) -> None:
    for name in SCORES:
        value = said[name]
        if value not in FROM_ONE_TO_FIVE and not (value is None and name.startswith("residual")):
            raise InvalidInput.of(name, "must be a whole number from 1 to 5")
    if (said["residual_likelihood"] is None) != (said["residual_impact"] is None):
        raise InvalidInput.of("residual_impact", "give likelihood and impact after treatment both")


def _check_date(review_on: date) -> None:
    today = timezone.now().date()
    if not today < review_on <= today + LONGEST:
        raise InvalidInput.of("review_on", f"must be in the next {LONGEST.days} days")


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise InvalidInput("The register needs a person or a service account.")
    return actor.user
