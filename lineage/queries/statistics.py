"""How many events came in each hour or day, and how many things were known at its end."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q
from django.db.models.functions import Trunc

from lineage.models import Job, LineageEvent, ReceivedEvent, WorkspaceNamespace
from lineage.queries import namespaces, observed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet

    from core.actors import Actor

HOURS, DAYS = 24, 7


class Period(StrEnum):
    """The last 24 hours, hour by hour, or the last seven days, day by day."""

    DAY = "DAY"
    WEEK = "WEEK"


@dataclass(frozen=True)
class Interval:
    """From ``start`` up to ``end``; ``counts`` by type of event, or one under ``count``."""

    start: datetime
    end: datetime
    counts: dict[str, int]


def event_counts(actor: Actor, period: Period, zone: ZoneInfo, now: datetime) -> list[Interval]:
    """Return how many events of each type happened in each interval of the period."""
    bounds = _bounds(period, zone, now)
    within = Q(event_time__gte=bounds[0], event_time__lt=bounds[-1])
    counts: dict[datetime, Counter[str]] = {}
    for model in (ReceivedEvent, LineageEvent):
        rows: QuerySet[Any] = model.objects.filter(observed.within(actor), within)
        unit = "hour" if period is Period.DAY else "day"
        placed = rows.annotate(place=Trunc("event_time", unit, tzinfo=zone)).order_by()
        for place, kind, number in placed.values_list("place", "event_type").annotate(Count("pk")):
            counts.setdefault(place.astimezone(UTC), Counter())[kind.lower()] += number
    return [
        Interval(start, end, dict(counts.get(start.astimezone(UTC), {})))
        for start, end in itertools.pairwise(bounds)
    ]


def jobs_known(actor: Actor, period: Period, zone: ZoneInfo, now: datetime) -> list[Interval]:
    """Return how many jobs were known at the end of each interval."""
    seen = Job.objects.filter(observed.within(actor), deleted_at=None)
    return _known(seen.order_by().values("key"), period, zone, now)


def datasets_known(actor: Actor, period: Period, zone: ZoneInfo, now: datetime) -> list[Interval]:
    """Return how many datasets were known at the end of each interval."""
    seen = observed.observations(actor)
    return _known(seen.order_by().values("dataset"), period, zone, now)


def sources_known(actor: Actor, period: Period, zone: ZoneInfo, now: datetime) -> list[Interval]:
    """Return how many namespaces of datasets were known at the end of each interval."""
    seen = namespaces.told(actor).filter(of=WorkspaceNamespace.Of.DATASETS)
    return _known(seen.order_by().values("key"), period, zone, now)


def _known(
    things: QuerySet[Any, Any], period: Period, zone: ZoneInfo, now: datetime
) -> list[Interval]:
    bounds = _bounds(period, zone, now)
    first_told = things.annotate(first=Min("recorded_at"))
    known = first_told.filter(first__lt=bounds[0]).count()
    new = sorted(_firsts(first_told.filter(first__gte=bounds[0], first__lt=bounds[-1])))
    found, passed = [], 0
    for start, end in itertools.pairwise(bounds):
        while passed < len(new) and new[passed] < end:
            passed += 1
        found.append(Interval(start, end, {"count": known + passed}))
    return found


def _firsts(rows: QuerySet[Any, Any]) -> Iterable[datetime]:
    times: Iterable[datetime] = rows.values_list("first", flat=True)
    return times


def _bounds(period: Period, zone: ZoneInfo, now: datetime) -> list[datetime]:
    """Return the starts of the intervals and the end of the last, in ``zone``."""
    local = now.astimezone(zone)
    if period is Period.DAY:
        hour = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        return [(hour + timedelta(hours=number)).astimezone(zone) for number in range(1 - HOURS, 2)]
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    # Days of a zone are not all 24 hours long: the calendar is counted, not the hours.
    return [day + timedelta(days=number) for number in range(1 - DAYS, 2)]
