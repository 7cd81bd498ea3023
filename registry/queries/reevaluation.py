"""What is to be evaluated again, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from core.actors import system
from registry import access
from registry.models import AssetVersion, ReevaluationRequest, ReevaluationRule, VersionLink
from registry.queries.versions import reference_of, visible_versions

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor


@dataclass(frozen=True)
class Due:
    """A version to evaluate on a dataset version, with the causes as JSON."""

    version: AssetVersion
    dataset: AssetVersion
    causes: list[dict[str, Any]]


def visible_rules(actor: Actor) -> QuerySet[ReevaluationRule]:
    """Return the rules on assets that ``actor`` may see, ended ones included."""
    return ReevaluationRule.objects.filter(
        access.in_reach(actor, path="asset__workspace")
    ).select_related("asset__workspace", "dataset__workspace", "set_by")


def visible_requests(actor: Actor) -> QuerySet[ReevaluationRequest]:
    """Return the requests on assets that ``actor`` may see.

    The versions come in queries of their own: fifteen joins in one are more than PostgreSQL
    orders well, and took minutes on tables of some hundred rows that it had not analysed.
    """
    reach = access.in_reach(actor, path="rule__asset__workspace")
    versions = AssetVersion.objects.select_related("asset__workspace")
    return (
        ReevaluationRequest.objects.filter(reach)
        .select_related("rule__asset__workspace", "closed_by")
        .prefetch_related(
            *(Prefetch(name, queryset=versions) for name in ("version", "dataset", "result"))
        )
    )


def due(rule: ReevaluationRule, *, now: datetime) -> Due | None:
    """Return what the rule asks for now, None for nothing.

    Results count where the asset lies: elsewhere anybody who may read it could make one. What
    was closed without a result is not asked for again until its version, its data or its time
    changes.
    """
    versions = visible_versions(system()).filter(asset=rule.asset).order_by("-number")
    if rule.alias:
        versions = versions.filter(aliases__name=rule.alias)
    version = versions.first()
    data = visible_versions(system()).filter(asset=rule.dataset).order_by("-number").first()
    if version is None or data is None:
        return None
    last = rule.requests.order_by("-id").first()
    if last is not None and last.closed_at is None:
        return None
    result = _last_result(rule, version)
    causes = list(_causes(rule, result, data, last=last, now=now))
    if last is not None and last.result is None and last.closed_at is not None:
        is_same = (last.version_id, last.dataset_id) == (version.pk, data.pk)
        if is_same and not _is_old(rule, last.closed_at, now):
            return None
    return Due(version, data, causes) if causes else None


def _last_result(rule: ReevaluationRule, version: AssetVersion) -> AssetVersion | None:
    evaluating = VersionLink.objects.filter(role="evaluates", target=version)
    on_data = VersionLink.objects.filter(role="evaluated_on", target__asset=rule.dataset)
    return (
        visible_versions(system())
        .filter(
            asset__workspace=rule.asset.workspace_id,
            pk__in=evaluating.values("version"),
        )
        .filter(pk__in=on_data.values("version"))
        .prefetch_related("metrics")
        .order_by("-id")
        .first()
    )


def _causes(
    rule: ReevaluationRule,
    result: AssetVersion | None,
    data: AssetVersion,
    *,
    last: ReevaluationRequest | None,
    now: datetime,
) -> list[dict[str, Any]]:
    if result is None:
        return [{"cause": "never", "detail": "there is no result of this version on the dataset"}]
    found = []
    links = result.links.filter(role="evaluated_on", target__asset=rule.dataset)
    number = max(links.values_list("target__number", flat=True))
    if number < data.number:
        found.append(
            {"cause": "data", "detail": f"the dataset went from {number} to {data.number}"}
        )
    # A result that closed a request was looked at: it asks for nothing by its numbers.
    if last is None or last.result_id != result.pk:
        found += _missed(rule, result)
    if _is_old(rule, result.created_at, now):
        found.append({"cause": "age", "detail": f"the last result is of {result.created_at:%F}"})
    return [each | {"result": str(reference_of(result))} for each in found]


def _missed(rule: ReevaluationRule, result: AssetVersion) -> list[dict[str, Any]]:
    values = {(metric.name, metric.evaluator): metric.value for metric in result.metrics.all()}
    found = []
    for told in rule.thresholds:
        value = values.get((told["metric"], told["evaluator"]))
        name = f"{told['metric']} by {told['evaluator']}"
        if value is None:
            found.append({"cause": "threshold", "detail": f"{name} is not reported"})
        elif value < told.get("minimum", value):
            detail = f"{name} is {value:g}, below {told['minimum']:g}"
            found.append({"cause": "threshold", "detail": detail})
        elif value > told.get("maximum", value):
            detail = f"{name} is {value:g}, above {told['maximum']:g}"
            found.append({"cause": "threshold", "detail": detail})
    return found


def _is_old(rule: ReevaluationRule, since: datetime, now: datetime) -> bool:
    return rule.interval_days is not None and since + timedelta(days=rule.interval_days) <= now
