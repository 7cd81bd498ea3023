"""Have scans start by themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_beat.validators import crontab_validator

from audits.events import ScanScheduleAdded, ScanScheduleChanged, ScanScheduleRemoved
from audits.models import Scan, ScanSchedule
from audits.queries.schedules import schedule_by_uuid, tag_of, terms_of
from audits.services.scans import SCHEDULED_TASK, places_to_scan
from core import locks
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.preconditions import ANY_STATE, require_state
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from audits.events import ScanScheduleEvent
    from core.actors import Actor
    from core.preconditions import Expected
    from registry.models import Workspace

LEAST_MINUTES, MOST_MINUTES = 5, 60 * 24 * 366
CRON_PARTS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
MAX_NAME = 150
TERMS = ("name", "workspaces", "cron", "timezone", "every_minutes", "enabled")


def add(*, actor: Actor, terms: Mapping[str, Any], reason: str = "") -> ScanSchedule:
    """Have ``workspaces`` (slugs; None is the organisation) scanned by ``cron`` (five fields, in
    ``timezone``) or ``every_minutes``, unless not ``enabled``, under a ``name`` that is free.

    Needs run_scan in each workspace, or an administrator for the organisation. Scans run as the
    service itself. Raises InvalidInput, AccessDenied, or Conflict for a name that is taken.
    """
    wanted = {"timezone": "UTC", "enabled": True, **terms}
    places = _places(actor, wanted.get("workspaces"))
    name = _named(wanted.get("name"))
    when = _when(wanted)
    with transaction.atomic():
        locks.hold("audits.scan_schedules")
        _require_free(name)
        schedule = ScanSchedule.objects.create(
            name=name, scope=_scope(places), created_by=actor.user
        )
        schedule.workspaces.set(places or [])
        schedule.row = PeriodicTask.objects.create(
            name=_row_name(schedule),
            task="core.enqueue_task",
            kwargs=json.dumps(
                {"name": SCHEDULED_TASK, "payload": {"schedule": str(schedule.uuid)}}
            ),
            enabled=wanted["enabled"],
            **when,
        )
        schedule.save(update_fields=["row"])
        _publish(ScanScheduleAdded, schedule, actor=actor, reason=reason)
    return schedule


def change(
    *,
    actor: Actor,
    schedule: UUID,
    changes: Mapping[str, Any],
    expected: Expected = ANY_STATE,
    reason: str = "",
) -> ScanSchedule:
    """Change some of its terms; giving ``cron`` takes ``every_minutes`` away, and the other way.

    Needs what adding it as it was and as it becomes needs. Raises as ``add`` does, and
    PreconditionFailed where it is not as ``expected``.
    """
    schedule_by_uuid(actor, schedule)
    with transaction.atomic():
        locks.hold("audits.scan_schedules")
        found = schedule_by_uuid(actor, schedule)
        require_state(expected, actual=tag_of(found))
        before = terms_of(found)
        wanted = before | dict(changes)
        if changes.get("cron"):
            wanted["every_minutes"] = None
            wanted["timezone"] = wanted["timezone"] or "UTC"
        elif changes.get("every_minutes"):
            wanted["cron"] = None
        if wanted == before:
            return found
        places = _places(actor, wanted["workspaces"])
        name = _named(wanted["name"])
        if name != found.name:
            _require_free(name)
        row = found.row
        assert row is not None  # it is in use
        for field, value in (_when(wanted) | {"enabled": wanted["enabled"]}).items():
            setattr(row, field, value)
        # The model's own save() also tells a running Celery beat.
        row.save()
        found.name, found.scope = name, _scope(places)
        found.save(update_fields=["name", "scope"])
        found.workspaces.set(places or [])
        found = schedule_by_uuid(actor, schedule)
        _publish(ScanScheduleChanged, found, actor=actor, reason=reason, was=before)
    return found


def remove(
    *, actor: Actor, schedule: UUID, expected: Expected = ANY_STATE, reason: str = ""
) -> None:
    """Let it start no more scans; those that it started stay."""
    schedule_by_uuid(actor, schedule)
    with transaction.atomic():
        locks.hold("audits.scan_schedules")
        found = schedule_by_uuid(actor, schedule)
        require_state(expected, actual=tag_of(found))
        _publish(ScanScheduleRemoved, found, actor=actor, reason=reason)
        row, found.row, found.removed_at = found.row, None, timezone.now()
        found.save(update_fields=["row", "removed_at"])
        assert row is not None  # it was in use
        row.delete()


def _places(actor: Actor, slugs: Sequence[str] | None) -> list[Workspace] | None:
    if slugs is None:
        access.require_organisation_admin(actor, subject="scan-schedules")
        return None
    return places_to_scan(actor, slugs)


def _scope(places: Sequence[Workspace] | None) -> str:
    return Scan.Scope.ORGANISATION if places is None else Scan.Scope.WORKSPACES


def _named(name: Any) -> str:
    text = str(name or "").strip()
    if not 1 <= len(text) <= MAX_NAME:
        raise InvalidInput.of("name", f"must have 1 to {MAX_NAME} characters")
    return text


def _require_free(name: str) -> None:
    if ScanSchedule.objects.filter(name=name, removed_at__isnull=True).exists():
        raise Conflict("There is a schedule of that name already.")


def _row_name(schedule: ScanSchedule) -> str:
    return f"Scan schedule {schedule.uuid}"


def _when(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a schedule row; rows of the same times share theirs."""
    cron, minutes = terms.get("cron"), terms.get("every_minutes")
    if bool(cron) == (minutes is not None):
        raise InvalidInput.of("cron", "give either cron or every_minutes")
    if minutes is None:
        return {"crontab": _crontab(str(cron), terms.get("timezone") or "UTC"), "interval": None}
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        reason = f"must be from {LEAST_MINUTES} to {MOST_MINUTES}"
        raise InvalidInput.of("every_minutes", reason)
    every, _ = IntervalSchedule.objects.get_or_create(every=minutes, period="minutes")
    return {"interval": every, "crontab": None}


def _crontab(text: str, zone: str) -> CrontabSchedule:
    parts = text.split()
    if zone not in available_timezones():
        raise InvalidInput.of("timezone", f"there is no time zone {zone[:80]!r}")
    try:
        if len(parts) != len(CRON_PARTS):
            raise ValidationError("five fields")
        crontab_validator(text)
        columns = dict(zip(CRON_PARTS, parts, strict=True))
        CrontabSchedule(**columns, timezone=ZoneInfo(zone)).schedule  # noqa: B018 - it parses them
    except (ValidationError, ValueError):
        reason = "must have five fields: minute, hour, day of month, month, day of week"
        raise InvalidInput.of("cron", reason) from None
    found, _ = CrontabSchedule.objects.get_or_create(**columns, timezone=ZoneInfo(zone))
    return found


def _publish(
    event: type[ScanScheduleEvent],
    schedule: ScanSchedule,
    *,
    actor: Actor,
    reason: str,
    **more: Any,
) -> None:
    """A schedule of one workspace lies in its trail, wider ones in the organisation's."""
    terms = terms_of(schedule)
    places = list(schedule.workspaces.all())
    only = places[0] if len(places) == 1 else None
    publish(
        event(
            subject=f"scan-schedule/{schedule.uuid}",
            workspace=only.uuid if only else None,
            reason=reason,
            name=schedule.name,
            scope=schedule.scope,
            workspaces=terms["workspaces"] or [],
            terms=terms,
            **more,
        ),
        actor=actor,
        roles=access.roles(actor, only.pk) if only else (),
    )
