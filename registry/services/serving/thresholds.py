"""Set thresholds on what deployments serve, and end them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput, NotFound
from core.facts import end
from core.journal import publish
from core.references import check_name
from core.tasks import enqueue
from registry import access
from registry.events import ThresholdEnded, ThresholdSet
from registry.models import Deployment, ThresholdRule
from registry.permissions import Permission
from registry.queries.deployments import deployment_by_uuid
from registry.services.reasons import check_reason
from registry.services.serving.drafts import CURRENCY
from registry.services.serving.windows import THRESHOLDS_TASK

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

SEVERITIES = ("low", "medium", "high", "critical")
Measure = ThresholdRule.Measure
RATES = (Measure.ERROR_RATE, Measure.BLOCK_RATE)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What a threshold asks for: the most of cost, rates (0 to 1) and latency (milliseconds), the
    least of quality. ``bound`` is a decimal."""

    measure: str
    period: str
    bound: str
    currency: str = ""
    metric: str = ""
    evaluator: str = ""
    effect: str = ThresholdRule.Effect.REPORT
    severity: str = "medium"


def set_threshold(
    *, actor: Actor, deployment: UUID, name: str, bound: Bound, reason: str = ""
) -> ThresholdRule:
    """Let a threshold hold from now on, instead of the one of that name that held.

    A breach of the earlier one ends with it; a task measures the new one at once. Needs deploy.
    Raises InvalidInput.
    """
    found = deployment_by_uuid(actor, deployment, permission=Permission.DEPLOY)
    check_name(name, field="name")
    check_reason(found.workspace, reason)
    _check(bound)
    if actor.user is None:
        raise InvalidInput("A threshold needs a person or a service account to set it.")
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=found.pk)
        now = timezone.now()
        earlier = found.thresholds.filter(name=name, valid_to__isnull=True)
        before = earlier.first()
        end(earlier, at=now)
        rule = ThresholdRule.objects.create(
            deployment=found,
            name=name,
            reason=reason,
            set_by=actor.user,
            valid_from=now,
            **asdict(bound),
        )
        publish(
            ThresholdSet(
                subject=found.reference,
                workspace=found.workspace.uuid,
                reason=reason,
                before=told(before) if before else {},
                after=told(rule),
                deployment=str(found.uuid),
                threshold=str(rule.uuid),
                name=name,
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
        _measure_soon(found)
    return rule


def end_threshold(*, actor: Actor, threshold: UUID, reason: str = "") -> ThresholdRule:
    """Let a threshold hold no more; a breach of it ends too. Needs deploy; raises Conflict for one
    that ended before."""
    rule = (
        ThresholdRule.objects.select_related("deployment__workspace", "set_by")
        .filter(uuid=threshold)
        .first()
    )
    if rule is None:
        raise NotFound
    found = rule.deployment
    access.require(actor, Permission.DEPLOY, found.workspace, subject=found.reference)
    check_reason(found.workspace, reason)
    with transaction.atomic():
        if not end(ThresholdRule.objects.filter(pk=rule.pk), at=timezone.now()):
            raise Conflict("The threshold ended before.")
        publish(
            ThresholdEnded(
                subject=found.reference,
                workspace=found.workspace.uuid,
                reason=reason,
                before=told(rule),
                deployment=str(found.uuid),
                threshold=str(rule.uuid),
                name=rule.name,
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
        _measure_soon(found)
    rule.refresh_from_db(fields=["valid_to"])
    return rule


def told(rule: ThresholdRule) -> dict[str, Any]:
    """Return a rule as the journal holds it."""
    return {
        "measure": rule.measure,
        "period": rule.period,
        "bound": rule.bound,
        "currency": rule.currency,
        "metric": rule.metric,
        "evaluator": rule.evaluator,
        "effect": rule.effect,
        "severity": rule.severity,
    }


def _measure_soon(deployment: Deployment) -> None:
    enqueue(
        THRESHOLDS_TASK,
        {"deployment": str(deployment.uuid)},
        workspace=deployment.workspace.uuid,
        dedupe_key=str(deployment.uuid),
    )


def _check(bound: Bound) -> None:
    for field, value, known in (
        ("measure", bound.measure, Measure.values),
        ("period", bound.period, ThresholdRule.Period.values),
        ("effect", bound.effect, ThresholdRule.Effect.values),
        ("severity", bound.severity, SEVERITIES),
    ):
        if value not in known:
            raise InvalidInput.of(field, f"must be one of {', '.join(known)}")
    _check_number(bound)
    if bound.measure == Measure.COST and not CURRENCY.match(bound.currency):
        raise InvalidInput.of("currency", "must be three capital letters, such as EUR")
    if bound.measure == Measure.QUALITY and not (bound.metric and bound.evaluator):
        raise InvalidInput.of("metric", "quality needs a metric, and the evaluator that gives it")
    if bound.measure != Measure.COST and bound.currency:
        raise InvalidInput.of("currency", "only a cost has one")
    if bound.measure != Measure.QUALITY and (bound.metric or bound.evaluator):
        raise InvalidInput.of("metric", "only quality has one")


def _check_number(bound: Bound) -> None:
    try:
        number = Decimal(bound.bound)
    except InvalidOperation:
        number = Decimal("NaN")
    plain = bound.bound.replace("-", "", 1).replace(".", "", 1)
    if not number.is_finite() or not (plain.isascii() and plain.isdigit()) or len(plain) > 30:
        raise InvalidInput.of("bound", "must be a plain decimal, such as 12.5")
    if bound.measure != Measure.QUALITY and number < 0:
        raise InvalidInput.of("bound", "must not be negative")
    if bound.measure in RATES and number > 1:
        raise InvalidInput.of("bound", "a rate is at most 1")
