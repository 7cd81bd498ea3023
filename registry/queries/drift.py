"""Drift: baselines, comparisons and what they compare, as far as the caller may see."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Max, OuterRef, Prefetch
from django.utils import timezone

from core.errors import NotFound
from registry import access
from registry.models import (
    DriftBaseline,
    DriftCheck,
    DriftResult,
    ProductionSample,
    ServingWindow,
    WindowQuality,
)
from registry.permissions import Permission
from registry.queries.deployments import deployment_by_uuid

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

# More rows than that tell no more about a distribution, and must not fill a worker's memory.
MOST_VALUES = 100_000


@dataclass
class Observed:
    """The values of one feature in a window of time: numbers or counts, by the baseline's form."""

    numbers: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    skipped: int = 0

    @property
    def size(self) -> int:
        """Return how many values fit the form."""
        return len(self.numbers) or sum(self.counts.values())


def baselines_of(actor: Actor, uuid: UUID) -> QuerySet[DriftBaseline]:
    """Return the baselines of a deployment."""
    found = deployment_by_uuid(actor, uuid)
    return found.baselines.select_related("dataset__asset__workspace", "created_by")


def drift_checks_of(actor: Actor, uuid: UUID) -> QuerySet[DriftCheck]:
    """Return the comparisons of a deployment, ended ones included, each with its newest result
    (``newest``): a constant number of queries."""
    found = deployment_by_uuid(actor, uuid)
    later = DriftResult.objects.filter(
        check_rule=OuterRef("check_rule"), window_end__gt=OuterRef("window_end")
    )
    newest = Prefetch("results", DriftResult.objects.exclude(Exists(later)), to_attr="newest")
    return found.drift_checks.select_related("baseline", "set_by").prefetch_related(newest)


def drift_check_by_uuid(
    actor: Actor, uuid: UUID, *, permission: Permission = Permission.VIEW
) -> DriftCheck:
    """Return that comparison, in whose workspace ``actor`` has ``permission``.

    Raises NotFound for a missing or foreign one, AccessDenied for a lacking right.
    """
    found = (
        DriftCheck.objects.select_related("deployment__workspace", "baseline", "set_by")
        .filter(uuid=uuid)
        .first()
    )
    if found is None:
        raise NotFound
    deployment = found.deployment
    access.require(actor, permission, deployment.workspace, subject=deployment.reference)
    return found


def results_of(actor: Actor, uuid: UUID) -> QuerySet[DriftResult]:
    """Return what a comparison found."""
    return drift_check_by_uuid(actor, uuid).results.all()


def newest_verdict(check: DriftCheck) -> DriftResult | None:
    """Return the newest result that says something, by the end of its window."""
    return check.results.filter(value__isnull=False).order_by("-window_end").first()


def due_checks(now: datetime) -> list[DriftCheck]:
    """Return the comparisons in force that we measure and whose time has come."""
    standing = (
        DriftCheck.objects.filter(valid_to__isnull=True)
        .exclude(method=DriftCheck.Method.OWN)
        .select_related("deployment__workspace", "baseline")
        .annotate(last=Max("results__window_end"))
        .order_by("id")
    )
    return [
        check
        for check in standing
        if check.last is None or check.last + timedelta(hours=check.every_hours) <= now
    ]


def observed(
    baseline: DriftBaseline, *, deployment_id: int, start: datetime, end: datetime
) -> Observed:
    """Return what was served between two times of what the baseline is about: a feature of the
    samples that are kept still, or a quality metric of the windows. One query."""
    found = Observed()
    evaluator = baseline.body.get("evaluator", "")
    values = (
        _qualities(baseline.feature, evaluator, windows=_within(deployment_id, start, end))
        if evaluator
        else _features(baseline.feature, deployment_id, start, end)
    )
    for value in values:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if baseline.form == DriftBaseline.Form.NUMERIC and is_number and math.isfinite(value):
            found.numbers.append(float(value))
        elif baseline.form == DriftBaseline.Form.CATEGORICAL and isinstance(value, str):
            found.counts[value] += 1
        else:
            found.skipped += 1
    return found


def _features(name: str, deployment_id: int, start: datetime, end: datetime) -> Iterable[Any]:
    """A sample without the feature says nothing about it."""
    rows = (
        ProductionSample.objects.filter(
            deployment_id=deployment_id,
            occurred_at__gte=start,
            occurred_at__lt=end,
            retain_until__gt=timezone.now(),
        )
        .order_by("-occurred_at")
        .values_list("features", flat=True)[:MOST_VALUES]
    )
    return (features[name] for features in rows.iterator(chunk_size=2_000) if name in features)


def _within(deployment_id: int, start: datetime, end: datetime) -> QuerySet[ServingWindow]:
    return ServingWindow.objects.filter(
        deployment_id=deployment_id, start__gte=start, start__lt=end
    )


def _qualities(name: str, evaluator: str, *, windows: QuerySet[ServingWindow]) -> Iterable[Any]:
    rows = WindowQuality.objects.filter(window__in=windows, name=name, evaluator=evaluator)
    return rows.order_by("-window__start").values_list("value", flat=True)[:MOST_VALUES]
