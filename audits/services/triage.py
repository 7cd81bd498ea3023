"""Decide who sees to findings, until when, and where that is followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from audits.events import FindingsAssigned, FindingsDue, FindingsTicketed
from audits.models import Finding, FindingChange, FindingTriage
from audits.models.triage import MAX_TICKET
from audits.queries.findings import tag_of
from audits.queries.scope import visible_findings
from core import locks
from core.canonical import canonical_digest
from core.denials import denial_of
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.preconditions import ANY_STATE, require_state
from registry import access
from registry.permissions import Permission
from registry.queries.people import visible_user

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from audits.events import FindingsTriaged
    from core.actors import Actor
    from core.models import User
    from core.preconditions import Expected
    from registry.models import Workspace

MAX_FINDINGS = 200
FURTHEST = timedelta(days=3650)
Field = FindingChange.Field
COLUMNS = ("revision", "owner", "due_at", "due_set_at", "ticket")
is_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Change:
    """One field of one finding that gets another value; ``was`` as the journal tells it."""

    triage: FindingTriage
    field: Field
    was: str | None


def triage(
    *,
    actor: Actor,
    findings: Sequence[UUID],
    changes: Mapping[str, Any],
    reason: str = "",
    expected: Expected = ANY_STATE,
) -> list[Finding]:
    """Set ``owner`` (a username), ``due_at`` or ``ticket`` (an address) of up to 200 findings, all
    of them or none; None or "" takes a value away. Return the findings.

    Needs triage_findings in each workspace. An owner must be able to see the workspace; a due date
    lies ahead, of a finding that is not resolved. ``expected`` are the tags of what was read, of
    each finding. Raises InvalidInput, AccessDenied, Conflict or PreconditionFailed.
    """
    now = timezone.now()
    _require_shape(findings, changes, now=now)
    rows = _seen(actor, findings)
    places = {row.workspace_id: row.workspace for row in rows}
    for place in places.values():
        access.require(actor, Permission.TRIAGE_FINDINGS, place, subject=_subject(rows, place))
    owners = _owners(places, changes.get("owner"))
    with transaction.atomic():
        for key in sorted(places):
            locks.hold(f"audits.triage:{key}")
        rows = _seen(actor, findings)
        made = [
            change
            for row in rows
            for change in _changes_of(row, changes, owners=owners, expected=expected, now=now)
        ]
        _write(made, actor=actor, reason=reason, now=now)
        for place in places.values():
            here = [each for each in made if each.triage.finding.workspace_id == place.pk]
            _publish(here, place, actor=actor, reason=reason)
    return rows


def _require_shape(findings: Sequence[UUID], changes: Mapping[str, Any], *, now: datetime) -> None:
    if not changes:
        raise InvalidInput.of("owner", "give at least one of owner, due_at and ticket")
    if not 1 <= len(findings) <= MAX_FINDINGS:
        raise InvalidInput.of("findings", f"must name 1 to {MAX_FINDINGS} findings")
    due = changes.get("due_at")
    if due is not None and not now < due <= now + FURTHEST:
        raise InvalidInput.of("due_at", "must lie ahead, at most ten years")
    if ticket := changes.get("ticket"):
        try:
            is_address(ticket)
        except ValidationError:
            reason = "must be an address that begins with http:// or https://"
            raise InvalidInput.of("ticket", reason) from None
        if len(ticket) > MAX_TICKET:
            raise InvalidInput.of("ticket", f"must have at most {MAX_TICKET} characters")


def _seen(actor: Actor, uuids: Sequence[UUID]) -> list[Finding]:
    """The findings in the order in which they were named, each once."""
    rows = visible_findings(actor).select_related("triage__owner").filter(uuid__in=uuids)
    found = {row.uuid: row for row in rows}
    for index, uuid in enumerate(uuids):
        if uuid not in found:
            raise InvalidInput.of(
                f"findings[{index}]",
                f"there is no finding {uuid}",
                denial=denial_of(
                    Finding,
                    {"uuid": uuid},
                    permission=Permission.VIEW.value,
                    workspace_path="workspace",
                ),
            )
    return [found[uuid] for uuid in dict.fromkeys(uuids)]


def _subject(rows: Sequence[Finding], place: Workspace) -> str:
    here = [row for row in rows if row.workspace_id == place.pk]
    return f"finding/{here[0].uuid}" if len(here) == 1 else place.slug


def _owners(places: Iterable[int], username: str | None) -> dict[int, User]:
    if not username:
        return {}
    return {place: visible_user(username, place, field="owner") for place in places}


def _changes_of(
    finding: Finding,
    given: Mapping[str, Any],
    *,
    owners: Mapping[int, User],
    expected: Expected,
    now: datetime,
) -> list[Change]:
    """Put the values on the finding's triage; return what that changes."""
    require_state(expected, actual=tag_of(finding))
    triage = finding.triaged or FindingTriage(finding=finding, revision=0)
    made: list[Change] = []
    if "owner" in given:
        owner, was = owners.get(finding.workspace_id), triage.owner
        if owner != was:
            made.append(Change(triage, Field.OWNER, str(was.uuid) if was else None))
            triage.owner = owner
    if "due_at" in given and given["due_at"] != triage.due_at:
        if finding.state == Finding.State.RESOLVED:
            raise Conflict(f"The finding {finding.uuid} is resolved: nothing is due.")
        was_due = triage.due_at.isoformat() if triage.due_at else None
        made.append(Change(triage, Field.DUE, was_due))
        triage.due_at = given["due_at"]
        triage.due_set_at = now if triage.due_at else None
    if "ticket" in given and (given["ticket"] or "") != triage.ticket:
        made.append(Change(triage, Field.TICKET, triage.ticket))
        triage.ticket = given["ticket"] or ""
    triage.revision += bool(made)
    return made


def _write(made: Sequence[Change], *, actor: Actor, reason: str, now: datetime) -> None:
    touched = {change.triage.finding_id: change.triage for change in made}
    FindingTriage.objects.bulk_create(
        touched.values(),
        update_conflicts=True,
        unique_fields=["finding"],
        update_fields=COLUMNS,
    )
    FindingChange.objects.bulk_create(
        FindingChange(
            finding=change.triage.finding,
            revision=change.triage.revision,
            field=change.field,
            owner=change.triage.owner if change.field == Field.OWNER else None,
            due_at=change.triage.due_at if change.field == Field.DUE else None,
            ticket=change.triage.ticket if change.field == Field.TICKET else "",
            reason=reason,
            changed_by=actor.user,
            changed_at=now,
        )
        for change in made
    )


def _publish(made: Sequence[Change], place: Workspace, *, actor: Actor, reason: str) -> None:
    """One entry per field and owner: an owner is told once, however many findings it is."""

    def key(change: Change) -> tuple[str, str]:
        owner = change.triage.owner
        return change.field, str(owner.uuid) if owner else ""

    roles = access.roles(actor, place.pk)
    for (field, owner), group in groupby(sorted(made, key=key), key=key):
        publish(_event(field, owner, list(group), place, reason=reason), actor=actor, roles=roles)


def _event(
    field: str, owner: str, changes: list[Change], place: Workspace, *, reason: str
) -> FindingsTriaged:
    findings = [change.triage.finding for change in changes]
    told = [
        {"finding": str(row.uuid), "subject": row.subject, "was": change.was}
        for row, change in zip(findings, changes, strict=True)
    ]
    common: dict[str, Any] = {
        "subject": _subject(findings, place),
        "workspace": place.uuid,
        "digest": canonical_digest(told),
        "reason": reason,
        "owner": owner or None,
        "findings": told,
    }
    triage = changes[0].triage
    if field == Field.OWNER:
        return FindingsAssigned(**common, assignee=owner or None)
    if field == Field.DUE:
        due = triage.due_at.isoformat() if triage.due_at else None
        return FindingsDue(**common, due_at=due)
    return FindingsTicketed(**common, ticket=triage.ticket)
