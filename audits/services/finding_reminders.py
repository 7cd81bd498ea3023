"""Remind those who see to findings before they are due, and when they are overdue."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from audits.events import FindingsDueSoon, FindingsOverdue
from audits.models import Finding, FindingReminder
from audits.queries.due import with_due
from core import locks
from core.canonical import canonical_digest
from core.journal import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from audits.events import FindingsReminded
    from core.actors import Actor
    from registry.models import Workspace

AT_ONCE = 500
# As many findings as one journal entry tells of.
JOURNALLED = 100
# The threshold of what is due now, and was before.
OVERDUE = 0


def thresholds() -> list[int]:
    """Return how many days before its date a finding is told of, the nearest first."""
    return sorted({days for days in settings.FINDING_REMINDER_DAYS if days > OVERDUE})


def remind(*, actor: Actor, progress: Callable[[int], None] = lambda _: None) -> int:
    """Journal the open findings that are due soon, and those that are overdue, once for each date
    and threshold; return how many findings that were.

    Where several thresholds have been passed at once, only the nearest is told. An entry tells of
    findings of one workspace that the same account, or nobody, sees to.
    """
    now, told = timezone.now(), 0
    beyond: datetime | None = None
    for days in (OVERDUE, *thresholds()):
        until = now + timedelta(days=days)
        places = list(_due(days, beyond, until).values_list("workspace_id", flat=True).distinct())
        for place in sorted(places):
            while number := _tell_some(place, days, beyond, until, actor=actor):
                told += number
                progress(told)
        beyond = until
    return told


def _due(days: int, beyond: datetime | None, until: datetime) -> QuerySet[Any]:
    """What is due in that time, and was not told of at this threshold or a nearer one."""
    reminders = FindingReminder.objects.filter(
        finding=OuterRef("pk"), due_at=OuterRef("due_at"), days__lte=days
    )
    rows: QuerySet[Any] = with_due(Finding.objects.filter(state=Finding.State.OPEN))
    rows = rows.filter(due_at__lte=until)
    if beyond is not None:
        rows = rows.filter(due_at__gt=beyond)
    return rows.filter(~Exists(reminders)).order_by()


def _tell_some(
    place: int, days: int, beyond: datetime | None, until: datetime, *, actor: Actor
) -> int:
    """Tell of at most 500, alone for that workspace, in one transaction; return how many."""
    with transaction.atomic():
        locks.hold(f"audits.finding_reminders:{place}")
        rows = (
            _due(days, beyond, until)
            .filter(workspace_id=place)
            .select_related("workspace", "triage__owner")
            .order_by(F("triage__owner").asc(nulls_first=True), "due_at", "pk")
        )
        found = list(rows[:AT_ONCE])
        FindingReminder.objects.bulk_create(
            FindingReminder(finding=row, due_at=row.due_at, days=days) for row in found
        )
        for owner, told in _by_owner(found):
            publish(_event(told, found[0].workspace, owner=owner, days=days), actor=actor)
    return len(found)


def _by_owner(found: Iterable[Finding]) -> Iterator[tuple[str | None, list[Any]]]:
    for owner, group in groupby(found, key=_owner):
        told = list(group)
        for start in range(0, len(told), JOURNALLED):
            yield owner, told[start : start + JOURNALLED]


def _owner(finding: Finding) -> str | None:
    owner = finding.triaged.owner if finding.triaged else None
    return str(owner.uuid) if owner else None


def _event(
    found: Sequence[Any], place: Workspace, *, owner: str | None, days: int
) -> FindingsReminded:
    told = [
        {
            "finding": str(row.uuid),
            "subject": row.subject,
            "severity": row.severity,
            "due_at": row.due_at.isoformat(),
        }
        for row in found
    ]
    common: dict[str, Any] = {
        "subject": f"finding/{found[0].uuid}" if len(found) == 1 else place.slug,
        "workspace": place.uuid,
        "digest": canonical_digest(told),
        "owner": owner,
        "findings": told,
    }
    return FindingsDueSoon(**common, days=days) if days else FindingsOverdue(**common)
