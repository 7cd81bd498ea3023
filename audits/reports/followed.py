"""Who sees to what fails, until when and where, as it stood by the time of a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from audits.models import Finding, FindingChange, FindingTransition
from audits.queries.due import due_days
from audits.reports.collect import person
from audits.reports.moments import moment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from audits.queries.due import DueDays
    from audits.reports.assessment import Person

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Of the question with that ``identity``. ``due_by`` tells whether somebody set the date
    (``date``) or the due rule of that time gives it (``rule``); empty where it is due never."""

    identity: str
    finding: str
    workspace: str
    subject: str
    owner: Person | None
    due_at: str | None
    due_by: str
    ticket: str


class _Standing(NamedTuple):
    """A finding as its newest transition has it."""

    finding: UUID
    workspace: int
    slug: str
    subject: str
    state: str
    severity: str
    opened_at: datetime


COLUMNS = (
    "finding__uuid",
    "finding__workspace",
    "finding__workspace__slug",
    "finding__subject",
    "state",
    "severity",
    "opened_at",
)


def follow_ups(
    identities: Collection[str], *, workspaces: Collection[str], scanned_at: datetime, at: datetime
) -> tuple[FollowUp, ...]:
    """Return by whom and until when what those questions found at ``scanned_at`` was to be mended,
    as people and rules had it by ``at``; three queries. A finding with neither owner nor date nor
    ticket is left out."""
    standing = _standing(identities, workspaces, scanned_at)
    decided = _decided(identities, workspaces, at)
    days = due_days(at=at)
    found = (
        _follow_up(identity, stands, decided.get(identity, {}), days=days)
        for identity, stands in sorted(standing.items())
    )
    return tuple(each for each in found if each.owner or each.due_at or each.ticket)


def _standing(
    identities: Collection[str], workspaces: Collection[str], at: datetime
) -> dict[str, _Standing]:
    moves = FindingTransition.objects.filter(
        finding__workspace__slug__in=workspaces, finding__origin="policy", at__lte=at
    ).order_by("at", "id")
    rows = moves.values_list("finding__identity", *COLUMNS).iterator(AT_ONCE)
    return {identity: _Standing(*told) for identity, *told in rows if identity in identities}


def _decided(
    identities: Collection[str], workspaces: Collection[str], at: datetime
) -> dict[str, dict[str, FindingChange]]:
    """The newest change of each field by then."""
    changes = (
        FindingChange.objects.filter(
            finding__workspace__slug__in=workspaces, finding__origin="policy", changed_at__lte=at
        )
        .select_related("finding", "owner")
        .order_by("revision", "id")
    )
    decided: dict[str, dict[str, FindingChange]] = {}
    for change in changes:
        if change.finding.identity in identities:
            decided.setdefault(change.finding.identity, {})[change.field] = change
    return decided


def _follow_up(
    identity: str, stands: _Standing, decided: Mapping[str, FindingChange], *, days: DueDays
) -> FollowUp:
    owner, ticket = decided.get("owner"), decided.get("ticket")
    due_at, due_by = _due(stands, decided.get("due"), days=days)
    return FollowUp(
        identity=identity,
        finding=str(stands.finding),
        workspace=stands.slug,
        subject=stands.subject,
        owner=person(owner.owner) if owner is not None and owner.owner is not None else None,
        due_at=moment(due_at) if due_at is not None else None,
        due_by=due_by,
        ticket=ticket.ticket if ticket is not None else "",
    )


def _due(
    stands: _Standing, change: FindingChange | None, *, days: DueDays
) -> tuple[datetime | None, str]:
    """A date that was set before it came back counts no more; what is exempt or over is due by no
    rule."""
    if change is not None and change.due_at and change.changed_at >= stands.opened_at:
        return change.due_at, "date"
    allowed = days.of(stands.workspace)[stands.severity]
    if stands.state != Finding.State.OPEN or allowed is None:
        return None, ""
    return stands.opened_at + timedelta(days=allowed), "rule"
