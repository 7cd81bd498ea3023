"""Who sees to what fails, until when and where, as people had decided by the time of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.models import FindingChange
from audits.reports.collect import person
from audits.reports.moments import moment

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from audits.reports.assessment import Person


@dataclass(frozen=True)
class FollowUp:
    """Of the question with that ``identity``. ``due_at`` is None unless somebody set a date."""

    identity: str
    finding: str
    workspace: str
    subject: str
    owner: Person | None
    due_at: str | None
    ticket: str


def follow_ups(
    identities: Collection[str], *, workspaces: Collection[str], at: datetime
) -> tuple[FollowUp, ...]:
    """Return what was decided of the findings about those questions by ``at``; one query."""
    changes = (
        FindingChange.objects.filter(
            finding__workspace__slug__in=workspaces, finding__origin="policy", changed_at__lte=at
        )
        .select_related("finding__workspace", "owner")
        .order_by("finding__identity", "revision", "id")
    )
    latest: dict[str, dict[str, FindingChange]] = {}
    for change in changes:
        if change.finding.identity in identities:
            latest.setdefault(change.finding.identity, {})[change.field] = change
    return tuple(_follow_up(identity, found) for identity, found in latest.items())


def _follow_up(identity: str, found: dict[str, FindingChange]) -> FollowUp:
    owner, due, ticket = (found.get(name) for name in ("owner", "due", "ticket"))
    finding = next(iter(found.values())).finding
    return FollowUp(
        identity=identity,
        finding=str(finding.uuid),
        workspace=finding.workspace.slug,
        subject=finding.subject,
        owner=person(owner.owner) if owner is not None and owner.owner is not None else None,
        due_at=moment(due.due_at) if due is not None and due.due_at is not None else None,
        ticket=ticket.ticket if ticket is not None else "",
    )
