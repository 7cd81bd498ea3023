"""What deployments served: windows, samples and sums over them, as far as the caller may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Sum
from django.db.models.functions import TruncDay
from django.utils import timezone

from core.errors import InvalidInput
from registry import access
from registry.models import (
    Deployment,
    ProductionSample,
    ServingWindow,
    ThresholdRule,
    WindowBlock,
    WindowQuality,
)
from registry.models.serving import NANO
from registry.permissions import Permission
from registry.queries.deployments import deployment_by_uuid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

MAX_DAYS = 400
# Who may read the texts of sampled requests: those who send them, and those who audit.
TEXT_RIGHTS = (Permission.REPORT_SERVING, Permission.VIEW_TRAIL)


def windows_of(actor: Actor, uuid: UUID) -> QuerySet[ServingWindow]:
    """Return the windows of a deployment, with what hangs on them: a constant number of queries."""
    found = deployment_by_uuid(actor, uuid)
    return found.windows.select_related(
        "version__asset__workspace", "reported_by"
    ).prefetch_related("blocks", "qualities")


def samples_of(actor: Actor, uuid: UUID) -> QuerySet[ProductionSample]:
    """Return the sampled rows of a deployment whose retention is not over."""
    found = deployment_by_uuid(actor, uuid)
    standing = found.samples.filter(retain_until__gt=timezone.now())
    return standing.select_related("version__asset__workspace", "deployment__workspace")


def reads_texts(actor: Actor, uuid: UUID) -> bool:
    """Tell whether ``actor`` may read what was said, not only how often."""
    found = deployment_by_uuid(actor, uuid)
    held = access.permissions(actor, found.workspace_id)
    return any(right in held for right in TEXT_RIGHTS)


def thresholds_of(actor: Actor, uuid: UUID) -> QuerySet[ThresholdRule]:
    """Return the thresholds of a deployment, ended ones included, each with its breaches."""
    found = deployment_by_uuid(actor, uuid)
    return found.thresholds.select_related("set_by").prefetch_related("breaches")


def money(nano: int | None) -> str | None:
    """Return a cost in whole units of its currency, as a decimal without needless zeros."""
    if nano is None:
        return None
    text = f"{Decimal(nano) / NANO:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Billionths of all windows may be more than SQLite adds up: units and the rest are summed apart.
COST = {"units": Sum(F("cost_nano") / NANO), "rest": Sum(F("cost_nano") % NANO)}


def _nano(row: Mapping[str, Any]) -> int | None:
    return None if row["units"] is None else int(row["units"]) * NANO + int(row["rest"])


def usage_by_day(
    actor: Actor, uuid: UUID, *, since: datetime | None = None, until: datetime | None = None
) -> list[dict[str, Any]]:
    """Return sums per UTC day, version and currency of the windows that started in the period,
    oldest first; by default the last 31 days, at most 400. Three queries.

    Percentiles cannot be added up: of each day the worst window's is told, as such.
    """
    found = deployment_by_uuid(actor, uuid)
    end = until or timezone.now()
    try:
        start = since or end - timedelta(days=31)
    except OverflowError:
        raise InvalidInput.of("until", "must not lie in the first days of time") from None
    if not timedelta(0) <= end - start <= timedelta(days=MAX_DAYS):
        raise InvalidInput.of("since", f"must be before until, by at most {MAX_DAYS} days")
    windows = ServingWindow.objects.filter(deployment=found, start__gte=start, start__lt=end)
    rows = (
        windows.annotate(day=TruncDay("start"))
        .values("day", "version__uuid", "version__digest", "currency")
        .annotate(
            windows=Count("id"),
            total_requests=Sum("requests"),
            total_errors=Sum("errors"),
            total_tokens_in=Sum("tokens_in"),
            total_tokens_out=Sum("tokens_out"),
            **COST,
            worst_p95=Max("latency_p95"),
        )
        .order_by("day", "version__uuid", "currency")
    )
    blocks, qualities = _blocks_by_day(windows), _qualities_by_day(windows)
    return [_day(row, blocks=blocks, qualities=qualities) for row in rows]


_Key = tuple[Any, Any, str]


def _day(
    row: Mapping[str, Any],
    *,
    blocks: dict[_Key, list[dict[str, Any]]],
    qualities: dict[_Key, list[dict[str, Any]]],
) -> dict[str, Any]:
    key = row["day"], row["version__uuid"], row["currency"]
    return {
        "day": row["day"].date(),
        "version": row["version__uuid"],
        "digest": row["version__digest"],
        "windows": row["windows"],
        "requests": row["total_requests"],
        "errors": row["total_errors"],
        "tokens_in": row["total_tokens_in"],
        "tokens_out": row["total_tokens_out"],
        "cost": money(_nano(row)),
        "currency": row["currency"],
        "latency_p95_worst": row["worst_p95"],
        "blocks": blocks[key],
        "quality": qualities[key],
    }


def _blocks_by_day(windows: QuerySet[ServingWindow]) -> dict[_Key, list[dict[str, Any]]]:
    rows = (
        WindowBlock.objects.filter(window__in=windows)
        .annotate(day=TruncDay("window__start"))
        .values("day", "window__version__uuid", "window__currency", "side", "category")
        .annotate(total=Sum("count"))
        .order_by("side", "category")
    )
    found: dict[_Key, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        key = row["day"], row["window__version__uuid"], row["window__currency"]
        found[key].append({"side": row["side"], "category": row["category"], "count": row["total"]})
    return found


def _qualities_by_day(windows: QuerySet[ServingWindow]) -> dict[_Key, list[dict[str, Any]]]:
    """The mean over a day's windows, each weighed by its samples."""
    rows = (
        WindowQuality.objects.filter(window__in=windows)
        .annotate(day=TruncDay("window__start"))
        .values("day", "window__version__uuid", "window__currency", "name", "evaluator")
        .annotate(total=Sum("samples"), weighed=Sum(F("value") * F("samples")))
        .order_by("name", "evaluator")
    )
    found: dict[_Key, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        key = row["day"], row["window__version__uuid"], row["window__currency"]
        found[key].append(
            {
                "name": row["name"],
                "evaluator": row["evaluator"],
                "mean": row["weighed"] / row["total"],
                "samples": row["total"],
            }
        )
    return found


@dataclass(frozen=True)
class Measured:
    """What a rule's measure is over a period; ``value`` is None where nothing tells it."""

    value: Decimal | None


def measured(rule: ThresholdRule, *, start: datetime, end: datetime) -> Measured:
    """Return a rule's measure over the windows that started in the period; reads two queries at
    most."""
    windows = ServingWindow.objects.filter(
        deployment_id=rule.deployment_id, start__gte=start, start__lt=end
    )
    measure = ThresholdRule.Measure
    match rule.measure:
        case measure.COST:
            spent = _nano(windows.filter(currency=rule.currency).aggregate(**COST))
            return Measured(None if spent is None else Decimal(spent) / NANO)
        case measure.LATENCY_P95:
            worst = windows.aggregate(worst=Max("latency_p95"))["worst"]
            return Measured(None if worst is None else Decimal(repr(worst)))
        case measure.QUALITY:
            return Measured(_mean_quality(rule, windows))
    counted = windows.aggregate(total=Sum("requests"), failed=Sum("errors"))
    if not counted["total"]:
        return Measured(None)
    part = counted["failed"]
    if rule.measure == measure.BLOCK_RATE:
        blocked = WindowBlock.objects.filter(window__in=windows).aggregate(total=Sum("count"))
        part = blocked["total"] or 0
    return Measured(Decimal(part) / Decimal(counted["total"]))


def _mean_quality(rule: ThresholdRule, windows: QuerySet[ServingWindow]) -> Decimal | None:
    told = WindowQuality.objects.filter(
        window__in=windows, name=rule.metric, evaluator=rule.evaluator
    ).aggregate(total=Sum("samples"), weighed=Sum(F("value") * F("samples")))
    return Decimal(repr(told["weighed"] / told["total"])) if told["total"] else None


def deployments_to_watch() -> QuerySet[Deployment]:
    """Return the deployments that a threshold holds for."""
    return Deployment.objects.filter(thresholds__valid_to__isnull=True).distinct().order_by("id")
