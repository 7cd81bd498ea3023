"""Say when an asset is to be evaluated again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import InvalidInput, NotFound
from core.facts import end
from core.journal import publish
from core.references import check_alias
from registry import access
from registry.events import ReevaluationRuleEnded, ReevaluationRuleSet
from registry.models import ReevaluationRule, Workspace
from registry.permissions import Permission
from registry.queries.versions import asset_by_reference, asset_reference
from registry.services.experiments import recording_user

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from registry.models import Asset

MAX_THRESHOLDS = 20
MAX_DAYS = 3_650


def set_rule(
    *,
    actor: Actor,
    asset: str,
    dataset: str,
    alias: str = "",
    thresholds: Sequence[Mapping[str, Any]] = (),
    interval_days: int | None = None,
    reason: str = "",
) -> ReevaluationRule:
    """Have the version that ``alias`` names (else the newest) evaluated again on the newest
    version of ``dataset`` when that is newer than the last result's, when that result misses a
    threshold, or after ``interval_days``.

    ``thresholds`` are ``{"metric", "evaluator", "minimum"?, "maximum"?}``. One rule holds per
    asset, alias and dataset; a new one ends it. Needs record_run, and view on the dataset.
    """
    found = asset_by_reference(actor, asset, field="asset")
    access.require(actor, Permission.RECORD_RUN, found.workspace, subject=asset)
    user = recording_user(actor)
    data = asset_by_reference(actor, dataset, field="dataset")
    if data.kind != "dataset":
        raise InvalidInput.of("dataset", f"is a {data.kind}, no dataset")
    if alias:
        check_alias(alias, field="alias")
    if interval_days is not None and not 1 <= interval_days <= MAX_DAYS:
        raise InvalidInput.of("interval_days", f"must be 1 to {MAX_DAYS}")
    checked = _thresholds(thresholds)
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=found.workspace_id)
        now = timezone.now()
        end(ReevaluationRule.objects.filter(asset=found, alias=alias, dataset=data), at=now)
        rule = ReevaluationRule.objects.create(
            asset=found,
            alias=alias,
            dataset=data,
            thresholds=checked,
            interval_days=interval_days,
            set_by=user,
            valid_from=now,
        )
        _publish_set(rule, actor=actor, reason=reason)
    return rule


def _publish_set(rule: ReevaluationRule, *, actor: Actor, reason: str) -> None:
    workspace = rule.asset.workspace
    bounds = [
        {key: told if isinstance(told, str) else repr(told) for key, told in each.items()}
        for each in rule.thresholds
    ]
    publish(
        ReevaluationRuleSet(
            subject=_subject(rule.asset, rule.alias),
            workspace=workspace.uuid,
            reason=reason,
            after={"thresholds": bounds, "interval_days": rule.interval_days},
            rule=str(rule.uuid),
            dataset=str(asset_reference(rule.dataset)),
        ),
        actor=actor,
        roles=access.roles(actor, workspace.pk),
    )


def _subject(asset: Asset, alias: str) -> str:
    reference = str(asset_reference(asset))
    return f"{reference}@{alias}" if alias else reference


def _thresholds(thresholds: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if len(thresholds) > MAX_THRESHOLDS:
        raise InvalidInput.of("thresholds", f"has more than {MAX_THRESHOLDS} items")
    checked = []
    for index, told in enumerate(thresholds):
        field = f"thresholds[{index}]"
        bounds = {
            key: float(told[key]) for key in ("minimum", "maximum") if told.get(key) is not None
        }
        if not bounds or not all(map(math.isfinite, bounds.values())):
            raise InvalidInput.of(field, "needs a minimum or a maximum, both finite numbers")
        checked.append({"metric": told["metric"], "evaluator": told["evaluator"], **bounds})
    return checked


def end_rule(*, actor: Actor, rule: UUID, reason: str = "") -> None:
    """End a rule; requests that it opened stay open. Needs record_run."""
    found = (
        ReevaluationRule.objects.select_related("asset__workspace", "dataset__workspace")
        .filter(uuid=rule)
        .first()
    )
    if found is None:
        raise NotFound
    workspace = found.asset.workspace
    access.require(actor, Permission.RECORD_RUN, workspace, subject=f"reevaluation-rule/{rule}")
    with transaction.atomic():
        if not end(ReevaluationRule.objects.filter(pk=found.pk), at=timezone.now()):
            return
        publish(
            ReevaluationRuleEnded(
                subject=_subject(found.asset, found.alias),
                workspace=workspace.uuid,
                reason=reason,
                rule=str(found.uuid),
            ),
            actor=actor,
            roles=access.roles(actor, workspace.pk),
        )
