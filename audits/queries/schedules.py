"""Read schedules of scans: what they cover, when they run, and when next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audits.models import Scan, ScanSchedule
from core.errors import Denial, NotFound
from core.preconditions import state_tag
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django_celery_beat.models import CrontabSchedule

    from core.actors import Actor


def visible_schedules(actor: Actor) -> QuerySet[ScanSchedule]:
    """Return the schedules in use whose every workspace the actor may scan; the organisation's are
    for its administrators."""
    of_schedule = ScanSchedule.workspaces.through.objects.filter(scanschedule=OuterRef("pk"))
    reach = Q(pk__isnull=False) & access.in_reach(actor, permission=Permission.RUN_SCAN)
    whole = Q(scope=Scan.Scope.WORKSPACES) & ~Q(Exists(of_schedule.exclude(reach)))
    if access.administers_organisation(actor):
        whole |= Q(scope=Scan.Scope.ORGANISATION)
    return (
        ScanSchedule.objects.filter(whole, removed_at__isnull=True, row__isnull=False)
        .select_related("row__crontab", "row__interval", "created_by")
        .prefetch_related("workspaces")
    )


def schedule_by_uuid(actor: Actor, uuid: UUID) -> ScanSchedule:
    """Return that schedule; raises NotFound where there is none, or none that the actor may see."""
    if found := visible_schedules(actor).filter(uuid=uuid).first():
        return found
    if not ScanSchedule.objects.filter(uuid=uuid, removed_at__isnull=True).exists():
        raise NotFound
    raise NotFound(denial=Denial(Permission.RUN_SCAN.value, f"scan-schedule/{uuid}", None))


def terms_of(schedule: ScanSchedule) -> dict[str, Any]:
    """Return what a schedule says: ``cron`` with ``timezone``, or ``every_minutes``; its name and
    workspaces (None for the organisation), and whether it is ``enabled``."""
    row = schedule.row
    assert row is not None  # those in use have one
    whole = schedule.scope == Scan.Scope.ORGANISATION
    slugs = sorted(place.slug for place in schedule.workspaces.all())
    return {
        "name": schedule.name,
        "workspaces": None if whole else slugs,
        "cron": _cron(row.crontab) if row.crontab else None,
        "timezone": str(row.crontab.timezone) if row.crontab else None,
        "every_minutes": _minutes(row.interval) if row.interval else None,
        "enabled": row.enabled,
    }


def tag_of(schedule: ScanSchedule) -> str:
    """Return the tag of the schedule as it stands."""
    return state_tag({"schedule": str(schedule.uuid), **terms_of(schedule)})


def next_run(schedule: ScanSchedule, *, now: datetime | None = None) -> datetime | None:
    """Return when it runs next, None while it is switched off; in the past when it is due."""
    row = schedule.row
    if row is None or not row.enabled:
        return None
    moment = now or timezone.now()
    since = row.last_run_at or row.date_changed
    if row.crontab:
        since = since.astimezone(row.crontab.timezone)
    next_at: datetime = moment + row.schedule.remaining_estimate(since)
    # The rest is told to the microsecond of another "now".
    return next_at.replace(microsecond=0) + timedelta(seconds=next_at.microsecond >= 500_000)


def _cron(crontab: CrontabSchedule) -> str:
    parts = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
    return " ".join(str(getattr(crontab, part)) for part in parts)


def _minutes(interval: Any) -> float:
    length = timedelta(**{interval.period: interval.every})
    return int(length.total_seconds() // 60)
