"""Write down what a comparison found, and tell when it changes how things stand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.actors import system
from core.journal import publish
from registry.events import DriftDetected, DriftEnded
from registry.models import DriftResult
from registry.queries.drift import newest_verdict

if TYPE_CHECKING:
    from datetime import datetime

    from registry.models import DriftBaseline, DriftCheck


def write(
    check: DriftCheck,
    *,
    start: datetime,
    end: datetime,
    value: float | None,
    samples: int,
    detail: dict[str, Any],
) -> DriftResult:
    """Write a result in the current transaction, which holds the deployment's lock.

    Drift begins with the first value beyond the bound and ends with the first one within it. A
    value about an earlier window than the newest is kept, and changes nothing.
    """
    before = newest_verdict(check)
    result = DriftResult.objects.create(
        check_rule=check,
        window_start=start,
        window_end=end,
        samples=samples,
        value=value,
        is_drifted=None if value is None else value > check.bound,
        detail=detail,
    )
    if value is None or (before is not None and before.window_end > end):
        return result
    drifted_before = before is not None and bool(before.is_drifted)
    if result.is_drifted != drifted_before:
        _tell(DriftDetected if result.is_drifted else DriftEnded, check, result)
    return result


def recover(check: DriftCheck) -> None:
    """Tell that drift which the check found is over with it, in the current transaction."""
    newest = newest_verdict(check)
    if newest is not None and newest.is_drifted:
        _tell(DriftEnded, check, newest, is_ended=True)


def decimal(value: float) -> str:
    """Return a number as the journal holds it: a plain decimal that reads back the same."""
    return f"{Decimal(repr(float(value))):f}"


def _told(baseline: DriftBaseline) -> dict[str, Any]:
    return {
        "baseline": str(baseline.uuid),
        "feature": baseline.feature,
        "digest": baseline.digest,
    }


def _tell(
    event: type[DriftDetected] | type[DriftEnded],
    check: DriftCheck,
    result: DriftResult,
    *,
    is_ended: bool = False,
) -> None:
    deployment, baseline = check.deployment, check.baseline
    publish(
        event(
            subject=deployment.reference,
            workspace=deployment.workspace.uuid,
            deployment=str(deployment.uuid),
            check=str(check.uuid),
            result=str(result.uuid),
            name=check.name,
            method=check.method,
            value=decimal(result.value or 0.0),
            bound=decimal(check.bound),
            evaluator=check.evaluator,
            baseline=_told(baseline) if baseline else None,
            is_ended=is_ended,
        ),
        actor=system(),
    )
