"""Say what is compared with which baseline, how often, and how far it may move."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.facts import end
from core.journal import publish
from core.references import check_name
from core.tasks import enqueue
from core.texts import check_text
from registry import access
from registry.events import DriftCheckEnded, DriftCheckSet
from registry.models import Deployment, DriftBaseline, DriftCheck
from registry.permissions import Permission
from registry.queries.deployments import deployment_by_uuid
from registry.queries.drift import drift_check_by_uuid
from registry.services.reasons import check_reason
from registry.services.serving.drift_outcomes import decimal, recover

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from core.models import Task

TASK = "registry.measure_drift"
Method = DriftCheck.Method
# These two end at 1; a bound from there on would never be crossed.
ENDING_AT_ONE = (Method.KS, Method.JS)
MOST = {"window_hours": 24 * 92, "every_hours": 24 * 31, "least_samples": 50_000}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What a check does: ``method`` over the samples of the last ``window_hours``, every
    ``every_hours``, if there are ``least_samples``; beyond ``bound`` is drift."""

    method: str
    bound: float
    baseline: UUID | None = None
    evaluator: str = ""
    window_hours: int = 24
    every_hours: int = 24
    least_samples: int = 100


def set_drift_check(
    *, actor: Actor, deployment: UUID, name: str, comparison: Comparison, reason: str = ""
) -> DriftCheck:
    """Let a comparison be repeated from now on, instead of the one of that name.

    Drift that the earlier one found ends with it. Needs deploy. Raises InvalidInput.
    """
    found = deployment_by_uuid(actor, deployment, permission=Permission.DEPLOY)
    check_name(name, field="name")
    check_reason(found.workspace, reason)
    baseline = _baseline(comparison, deployment=found)
    _check(comparison, baseline)
    if actor.user is None:
        raise InvalidInput("A comparison needs a person or a service account to set it.")
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=found.pk)
        before = found.drift_checks.filter(name=name, valid_to__isnull=True).first()
        now = timezone.now()
        if before is not None:
            _end(before, deployment=found)
        check = DriftCheck.objects.create(
            deployment=found,
            name=name,
            set_by=actor.user,
            valid_from=now,
            **(asdict(comparison) | {"baseline": baseline}),
        )
        publish(
            DriftCheckSet(
                subject=found.reference,
                workspace=found.workspace.uuid,
                reason=reason,
                before=told(before) if before else {},
                after=told(check),
                deployment=str(found.uuid),
                check=str(check.uuid),
                name=name,
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    return check


def end_drift_check(*, actor: Actor, check: UUID, reason: str = "") -> DriftCheck:
    """Repeat a comparison no more; drift that it found ends too. Needs deploy; raises Conflict for
    one that ended before."""
    rule = drift_check_by_uuid(actor, check, permission=Permission.DEPLOY)
    found = rule.deployment
    check_reason(found.workspace, reason)
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=found.pk)
        if not _end(rule, deployment=found):
            raise Conflict("The comparison ended before.")
        publish(
            DriftCheckEnded(
                subject=found.reference,
                workspace=found.workspace.uuid,
                reason=reason,
                before=told(rule),
                deployment=str(found.uuid),
                check=str(rule.uuid),
                name=rule.name,
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    rule.refresh_from_db(fields=["valid_to"])
    return rule


def request_measurement(*, actor: Actor, check: UUID) -> Task:
    """Let a task make a comparison now, whenever it is due; return the task. Needs deploy."""
    rule = drift_check_by_uuid(actor, check, permission=Permission.DEPLOY)
    if rule.method == Method.OWN:
        raise Conflict("Its evaluator measures it: hand in the value.")
    if rule.valid_to is not None:
        raise Conflict("The comparison ended.")
    return enqueue(
        TASK,
        {"check": str(rule.uuid)},
        requested_by=actor.user,
        workspace=rule.deployment.workspace.uuid,
        dedupe_key=str(rule.uuid),
    )


def told(check: DriftCheck) -> dict[str, Any]:
    """Return a comparison as the journal holds it."""
    return {
        "method": check.method,
        "baseline": str(check.baseline.uuid) if check.baseline else None,
        "evaluator": check.evaluator,
        "bound": decimal(check.bound),
        "window_hours": check.window_hours,
        "every_hours": check.every_hours,
        "least_samples": check.least_samples,
    }


def _end(check: DriftCheck, *, deployment: Deployment) -> bool:
    """End a check that holds, and what it found; tell whether it held."""
    if not end(DriftCheck.objects.filter(pk=check.pk), at=timezone.now()):
        return False
    check.deployment = deployment
    recover(check)
    return True


def _baseline(comparison: Comparison, *, deployment: Deployment) -> DriftBaseline | None:
    if comparison.method == Method.OWN:
        if comparison.baseline is not None:
            raise InvalidInput.of("baseline", "what is measured elsewhere has none here")
        return None
    if comparison.baseline is None:
        raise InvalidInput.of("baseline", "is required")
    found = deployment.baselines.filter(uuid=comparison.baseline).first()
    if found is None:
        raise InvalidInput.of("baseline", f"{deployment.reference} has no such baseline")
    return found


def _check(comparison: Comparison, baseline: DriftBaseline | None) -> None:
    if comparison.method not in Method.values:
        raise InvalidInput.of("method", f"must be one of {', '.join(Method.values)}")
    check_text(comparison.evaluator, field="evaluator", limit=200)
    if (comparison.method == Method.OWN) != bool(comparison.evaluator):
        raise InvalidInput.of("evaluator", "names who measures own values, and those alone")
    is_counted = baseline is not None and baseline.form == DriftBaseline.Form.CATEGORICAL
    if comparison.method == Method.KS and is_counted:
        raise InvalidInput.of("method", "ks compares numbers: categories need psi or js")
    _check_numbers(comparison)


def _check_numbers(comparison: Comparison) -> None:
    if not math.isfinite(comparison.bound) or abs(comparison.bound) > 1e15:
        raise InvalidInput.of("bound", "must be a finite number")
    if comparison.method != Method.OWN and comparison.bound < 0:
        raise InvalidInput.of("bound", "must not be negative")
    if comparison.method in ENDING_AT_ONE and comparison.bound >= 1:
        raise InvalidInput.of("bound", f"must be below 1, where {comparison.method} ends")
    for field, most in MOST.items():
        if not 1 <= getattr(comparison, field) <= most:
            raise InvalidInput.of(field, f"must be 1 to {most}")
