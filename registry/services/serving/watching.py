"""Hold what deployments serve against their thresholds."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.actors import system
from core.facts import end
from core.journal import publish
from registry.events import ThresholdBreached, ThresholdRecovered
from registry.models import Deployment, ThresholdBreach, ThresholdRule
from registry.queries.serving import deployments_to_watch, measured
from registry.services.serving.thresholds import told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.tasks import TaskRun

Period = ThresholdRule.Period
PLACES = Decimal("0.000001")


def watch(run: TaskRun) -> dict[str, int]:
    """Hold the deployment of the task's payload, or every one, against its thresholds; return how
    many were breached and recovered. Doing it twice changes nothing."""
    changed = {"breached": 0, "recovered": 0}
    named = run.payload.get("deployment")
    found = Deployment.objects.filter(uuid=named) if named else deployments_to_watch()
    for done, deployment in enumerate(found.select_related("workspace")):
        for outcome in hold(deployment):
            changed[outcome] += 1
        run.progress(done + 1, done + 1)
    return changed


def hold(deployment: Deployment, *, now: datetime | None = None) -> list[str]:
    """Open a breach for each threshold that is crossed, and end those that are not any more;
    return what happened: breached or recovered, once for each."""
    moment = now or timezone.now()
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
        return [*_end_of_ended_rules(deployment, moment), *_hold_rules(deployment, moment)]


def period_start(period: str, moment: datetime) -> datetime:
    """Return when the period that ``moment`` lies in began: hours, days and months of UTC."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    if period == Period.HOUR:
        return hour
    day = hour.replace(hour=0)
    return day if period == Period.DAY else day.replace(day=1)


def _hold_rules(deployment: Deployment, moment: datetime) -> Iterator[str]:
    rules = deployment.thresholds.filter(valid_to__isnull=True).order_by("id")
    open_breaches = {
        breach.rule_id: breach
        for breach in ThresholdBreach.objects.filter(rule__in=rules, valid_to__isnull=True)
    }
    for rule in rules:
        rule.deployment = deployment
        start = period_start(rule.period, moment)
        breach = open_breaches.get(rule.pk)
        if breach is None and (breach := _late(rule, start=start, moment=moment)):
            yield "breached"
        value = measured(rule, start=start, end=moment + timedelta(seconds=1)).value
        if value is not None and _crosses(rule, value):
            if breach is None:
                _open(rule, value=value, start=start, moment=moment)
                yield "breached"
        elif breach is not None and (value is not None or breach.period_start < start):
            # A period in which nothing was served yet is within every bound.
            _close(breach, rule=rule, value=value, moment=moment)
            yield "recovered"


def _late(rule: ThresholdRule, *, start: datetime, moment: datetime) -> ThresholdBreach | None:
    """Open a breach of the period before the one that began at ``start``, if it was crossed and
    nobody knew: many sources report a day only when it is over."""
    earlier = period_start(rule.period, start - timedelta(seconds=1))
    if start <= rule.valid_from or rule.breaches.filter(period_start__gte=earlier).exists():
        return None
    value = measured(rule, start=earlier, end=start).value
    if value is None or not _crosses(rule, value):
        return None
    return _open(rule, value=value, start=earlier, moment=moment)


def _end_of_ended_rules(deployment: Deployment, moment: datetime) -> Iterator[str]:
    orphans = ThresholdBreach.objects.filter(
        rule__deployment=deployment, rule__valid_to__isnull=False, valid_to__isnull=True
    )
    for breach in list(orphans.select_related("rule").order_by("id")):
        breach.rule.deployment = deployment
        _close(breach, rule=breach.rule, value=None, moment=moment)
        yield "recovered"


def _crosses(rule: ThresholdRule, value: Decimal) -> bool:
    """Quality must reach its bound; anything else must stay within it."""
    bound = Decimal(rule.bound)
    return value < bound if rule.measure == ThresholdRule.Measure.QUALITY else value > bound


def _open(
    rule: ThresholdRule, *, value: Decimal, start: datetime, moment: datetime
) -> ThresholdBreach:
    breach = ThresholdBreach.objects.create(
        rule=rule, value=_text(value), period_start=start, valid_from=moment
    )
    publish(_event(ThresholdBreached, breach, rule, value=breach.value), actor=system())
    return breach


def _close(
    breach: ThresholdBreach, *, rule: ThresholdRule, value: Decimal | None, moment: datetime
) -> None:
    end(ThresholdBreach.objects.filter(pk=breach.pk), at=moment)
    text = "" if value is None else _text(value)
    ended = rule.valid_to is not None
    publish(_event(ThresholdRecovered, breach, rule, value=text, is_ended=ended), actor=system())


def _text(value: Decimal) -> str:
    text = f"{value.quantize(PLACES):f}"
    return text.rstrip("0").rstrip(".")


def _event(
    event: type[ThresholdBreached] | type[ThresholdRecovered],
    breach: ThresholdBreach,
    rule: ThresholdRule,
    *,
    value: str,
    is_ended: bool = False,
) -> ThresholdBreached | ThresholdRecovered:
    deployment = rule.deployment
    return event(
        subject=deployment.reference,
        workspace=deployment.workspace.uuid,
        deployment=str(deployment.uuid),
        threshold=str(rule.uuid),
        breach=str(breach.uuid),
        name=rule.name,
        severity=rule.severity,
        value=value,
        period_start=breach.period_start.isoformat(),
        rule=told(rule),
        is_ended=is_ended,
    )
