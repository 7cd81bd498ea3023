"""Say which policies support a control, and how people meet it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from audits.events import (
    ControlMapped,
    ControlMappingEnded,
    ControlStated,
    ControlStatementEnded,
)
from audits.models import ControlMapping, ControlStatement
from audits.queries.frameworks import control as known_control
from audits.services.owners import checked_owner
from core.errors import Conflict, InvalidInput, NotFound
from core.journal import publish
from policies.models import Policy
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from audits.events import ControlMappingEvent, ControlStatementEvent
    from audits.frameworks.model import Control
    from core.actors import Actor
    from registry.models import Workspace

MAX_TEXT = 20_000
MAX_REASON = 4_000
MAX_URI = 2_000
# How much of a statement the journal tells; it stands whole in its row.
LONG = 4_000
LONGEST = timedelta(days=400)


def map_policy(*, actor: Actor, control: str, policy: str, reason: str) -> ControlMapping:
    """Say that the policy of that name supports a control, ``framework/control``, though its
    METADATA does not name it.

    Needs an administrator of the organisation. Raises InvalidInput, or Conflict where that is
    said already.
    """
    access.require_organisation_admin(actor, subject=f"control/{control[:300]}")
    found = _control(control)
    named = Policy.objects.filter(name=policy).first()
    if named is None:
        raise InvalidInput.of("policy", f"there is no policy {policy[:80]!r}")
    _require_text("reason", reason, MAX_REASON)
    try:
        with transaction.atomic():
            mapping = ControlMapping.objects.create(
                framework=found.framework,
                control=found.name,
                policy=named,
                reason=reason,
                mapped_by=actor.user,
            )
            _publish_mapping(ControlMapped, mapping, actor=actor, reason=reason)
    except IntegrityError as error:
        raise Conflict(f"{policy} is mapped to {control} already.") from error
    return mapping


def end_mapping(*, actor: Actor, mapping: UUID, reason: str = "") -> ControlMapping:
    """Let a mapping count no more; needs an administrator of the organisation. Raises NotFound,
    or Conflict for one that has ended."""
    access.require_organisation_admin(actor, subject=f"control_mapping/{mapping}")
    found = ControlMapping.objects.select_related("policy").filter(uuid=mapping).first()
    if found is None:
        raise NotFound
    with transaction.atomic():
        _end(ControlMapping, found, actor=actor)
        _publish_mapping(ControlMappingEnded, found, actor=actor, reason=reason)
    return found


@dataclass(frozen=True, kw_only=True)
class StatementTerms:
    """What is said: ``state`` is implemented, partial, planned or not_applicable; ``owner`` the
    username of who answers for it, the actor's without one; ``expires_at`` at most 400 days
    away."""

    state: str
    text: str
    expires_at: datetime
    owner: str = ""
    evidence_uri: str = ""


def state_control(
    *, actor: Actor, control: str, terms: StatementTerms, workspace: str = ""
) -> ControlStatement:
    """Say how a control is met in a workspace, or in the whole organisation without one.

    A statement that holds there ends. Needs assign_policy in the workspace, else an administrator
    of the organisation. Raises InvalidInput or AccessDenied.
    """
    place = _place(actor, workspace, subject=f"control/{control[:300]}")
    found, now = _control(control), timezone.now()
    _check_statement(terms, now=now)
    if actor.user is None:
        raise InvalidInput("A statement needs a person or a service account to make it.")
    answers = checked_owner(terms.owner, place, default=actor.user)
    with transaction.atomic():
        earlier = _replaced(found, place, actor=actor)
        made = ControlStatement.objects.create(
            framework=found.framework,
            control=found.name,
            workspace=place,
            state=terms.state,
            text=terms.text,
            evidence_uri=terms.evidence_uri,
            owner=answers,
            stated_by=actor.user,
            valid_from=now,
            expires_at=terms.expires_at,
        )
        more = {
            "evidence_uri": terms.evidence_uri,
            "replaces": str(earlier.uuid) if earlier else None,
        }
        _publish_statement(ControlStated, made, actor=actor, reason=terms.text[:LONG], **more)
    return made


def end_statement(*, actor: Actor, statement: UUID, reason: str = "") -> ControlStatement:
    """Let a statement count no more; needs what making it does. Raises NotFound, AccessDenied, or
    Conflict for one that has ended."""
    found = (
        ControlStatement.objects.select_related("workspace", "owner", "stated_by")
        .filter(uuid=statement)
        .first()
    )
    if found is None:
        raise NotFound
    subject = f"control_statement/{statement}"
    if found.workspace is None:
        access.require_organisation_admin(actor, subject=subject)
    else:
        access.require(actor, Permission.ASSIGN_POLICY, found.workspace, subject=subject)
    with transaction.atomic():
        _end(ControlStatement, found, actor=actor)
        _publish_statement(ControlStatementEnded, found, actor=actor, reason=reason)
    return found


def _place(actor: Actor, workspace: str, *, subject: str) -> Workspace | None:
    if workspace:
        return access.workspace_by_slug(
            actor, workspace, permission=Permission.ASSIGN_POLICY, field="workspace"
        )
    access.require_organisation_admin(actor, subject=subject)
    return None


def _control(reference: str) -> Control:
    found = known_control(reference)
    if found is None:
        raise InvalidInput.of("control", f"there is no control {reference[:120]!r}")
    return found


def _require_text(field: str, text: str, limit: int) -> None:
    if not text.strip() or len(text) > limit:
        raise InvalidInput.of(field, f"must say why, in at most {limit} characters")


def _check_statement(terms: StatementTerms, *, now: datetime) -> None:
    if terms.state not in ControlStatement.State.values:
        raise InvalidInput.of("state", f"must be one of {', '.join(ControlStatement.State.values)}")
    _require_text("text", terms.text, MAX_TEXT)
    if not now < terms.expires_at <= now + LONGEST:
        raise InvalidInput.of("expires_at", f"must be in the next {LONGEST.days} days")
    uri = terms.evidence_uri
    if uri and (len(uri) > MAX_URI or not uri.startswith(("https://", "http://"))):
        raise InvalidInput.of(
            "evidence_uri", f"must be an http(s) address of at most {MAX_URI} characters"
        )


def _replaced(
    control: Control, place: Workspace | None, *, actor: Actor
) -> ControlStatement | None:
    """End the statement that holds in that place, if there is one, and return it."""
    held = (
        ControlStatement.objects.select_for_update()
        .filter(
            framework=control.framework,
            control=control.name,
            workspace=place,
            valid_to__isnull=True,
        )
        .first()
    )
    if held is not None:
        _end(ControlStatement, held, actor=actor)
    return held


def _end(model: Any, found: Any, *, actor: Actor) -> None:
    """End a fact that still holds; raises Conflict for one that does not."""
    open_rows = model.objects.filter(pk=found.pk, valid_to__isnull=True)
    if not open_rows.update(valid_to=timezone.now(), ended_by=actor.user):
        raise Conflict("It has ended already.")
    found.refresh_from_db(fields=["valid_to", "ended_by"])


def _publish_mapping(
    event: type[ControlMappingEvent], mapping: ControlMapping, *, actor: Actor, reason: str
) -> None:
    publish(
        event(
            subject=f"control_mapping/{mapping.uuid}",
            reason=reason,
            mapping=str(mapping.uuid),
            control=mapping.reference,
            policy=mapping.policy.name,
        ),
        actor=actor,
    )


def _publish_statement(
    event: type[ControlStatementEvent],
    statement: ControlStatement,
    *,
    actor: Actor,
    reason: str,
    **more: Any,
) -> None:
    place = statement.workspace
    publish(
        event(
            subject=f"control_statement/{statement.uuid}",
            workspace=place.uuid if place else None,
            reason=reason,
            statement=str(statement.uuid),
            control=statement.reference,
            state=statement.state,
            owner=str(statement.owner.uuid),
            expires_at=statement.expires_at.isoformat(),
            **more,
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )
