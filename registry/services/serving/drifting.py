"""Compare what deployments serve with its baselines, and take in what others compared."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.journal import publish
from registry import access
from registry.events import DriftReported
from registry.measures import drift
from registry.models import Deployment, DriftBaseline, DriftCheck, DriftResult
from registry.permissions import Permission
from registry.queries.drift import drift_check_by_uuid, due_checks, observed
from registry.services.serving.drift_outcomes import decimal, write

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from core.tasks import TaskRun
    from registry.queries.drift import Observed

Method = DriftCheck.Method
NUMERIC = {Method.PSI: drift.psi, Method.KS: drift.ks, Method.JS: drift.js}
CATEGORICAL = {Method.PSI: drift.psi_of_counts, Method.JS: drift.js_of_counts}
MAX_SAMPLES = 2**31 - 1


def measure_due(run: TaskRun) -> dict[str, int]:
    """Make the comparison of the task's payload, or every one that is due; return how many were
    made and how many found drift. Doing it twice in an hour changes nothing."""
    now = timezone.now()
    named = run.payload.get("check")
    if named:
        checks = list(
            DriftCheck.objects.filter(uuid=named, valid_to__isnull=True).select_related(
                "deployment__workspace", "baseline"
            )
        )
    else:
        now = now.replace(minute=0, second=0, microsecond=0)
        checks = due_checks(now)
    made = {"measured": 0, "drifted": 0}
    for done, check in enumerate(checks):
        result = measure(check, now=now)
        made["measured"] += result is not None
        made["drifted"] += bool(result and result.is_drifted)
        run.progress(done + 1, len(checks))
    return made


def measure(check: DriftCheck, *, now: datetime) -> DriftResult | None:
    """Compare the samples of the check's window that ends at ``now`` with its baseline.

    Return the result, or None if the check ended or that window was measured before. The samples
    are read and compared outside of the transaction that writes.
    """
    baseline = check.baseline
    if baseline is None:
        raise InvalidInput("What is measured elsewhere cannot be measured here.")
    start = now - timedelta(hours=check.window_hours)
    found = observed(baseline, deployment_id=check.deployment_id, start=start, end=now)
    value, detail = _compared(check, baseline, found)
    with transaction.atomic():
        if not _holds(check) or check.results.filter(window_end=now).exists():
            return None
        return write(check, start=start, end=now, value=value, samples=found.size, detail=detail)


def _compared(
    check: DriftCheck, baseline: DriftBaseline, found: Observed
) -> tuple[float | None, dict[str, Any]]:
    """Return the distance, or None with why there is none."""
    detail: dict[str, Any] = {"skipped": found.skipped} if found.skipped else {}
    if found.size < check.least_samples:
        return None, detail | {"reason": f"fewer than {check.least_samples} samples"}
    method = Method(check.method)
    try:
        if baseline.form == DriftBaseline.Form.NUMERIC:
            return NUMERIC[method](baseline.body["values"], found.numbers), detail
        return CATEGORICAL[method](baseline.body["counts"], found.counts), detail
    except drift.NotComparable as error:
        return None, detail | {"reason": str(error)}


def report_value(
    *,
    actor: Actor,
    check: UUID,
    window_start: datetime,
    window_end: datetime,
    value: float,
    samples: int,
) -> DriftResult:
    """Record what the check's evaluator measured over a window of time; telling it again changes
    nothing, telling it otherwise is a Conflict. Needs report_serving. Raises InvalidInput."""
    rule = drift_check_by_uuid(actor, check, permission=Permission.REPORT_SERVING)
    if rule.method != Method.OWN:
        raise Conflict("This comparison is made here: nobody hands its values in.")
    _check_report(window_start, window_end, value=value, samples=samples)
    with transaction.atomic():
        if not _holds(rule):
            raise Conflict("The comparison ended.")
        known = rule.results.filter(window_end=window_end).first()
        if known is not None:
            if (known.window_start, known.value, known.samples) != (window_start, value, samples):
                raise Conflict("This window was told otherwise before.")
            return known
        result = write(
            rule, start=window_start, end=window_end, value=value, samples=samples, detail={}
        )
        _publish(rule, result, actor=actor)
    return result


def _check_report(start: datetime, end: datetime, *, value: float, samples: int) -> None:
    if not start < end:
        raise InvalidInput.of("window_end", "must lie after window_start")
    if end > timezone.now() + timedelta(minutes=5):
        raise InvalidInput.of("window_end", "must not lie in the future")
    if not math.isfinite(value) or abs(value) > 1e15:
        raise InvalidInput.of("value", "must be a finite number")
    if not 1 <= samples <= MAX_SAMPLES:
        raise InvalidInput.of("samples", f"must be 1 to {MAX_SAMPLES}")


def _publish(check: DriftCheck, result: DriftResult, *, actor: Actor) -> None:
    deployment = check.deployment
    publish(
        DriftReported(
            subject=deployment.reference,
            workspace=deployment.workspace.uuid,
            deployment=str(deployment.uuid),
            check=str(check.uuid),
            result=str(result.uuid),
            name=check.name,
            evaluator=check.evaluator,
            value=decimal(result.value or 0.0),
            window_end=result.window_end.isoformat(),
        ),
        actor=actor,
        roles=access.roles(actor, deployment.workspace_id),
    )


def _holds(check: DriftCheck) -> bool:
    """Lock the check's deployment and tell whether the check is in force still."""
    Deployment.objects.select_for_update(no_key=True).get(pk=check.deployment_id)
    return DriftCheck.objects.filter(pk=check.pk, valid_to__isnull=True).exists()
