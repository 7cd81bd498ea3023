"""Thresholds: what the newest evaluations of the very content must have reached."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from registry.gates.base import Reason
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.gates.rules.knowledge import Knowledge
    from registry.models import AssetVersion
    from registry.queries.evidence import Measured
    from registry.rules.conditions import Conditions, Threshold


def check_thresholds(
    conditions: Conditions, version: AssetVersion, known: Knowledge
) -> Iterator[Reason]:
    """Yield a reason for each threshold that ``version`` was not shown to reach."""
    if not conditions.thresholds:
        return
    rows = known.measured(version)
    for threshold in conditions.thresholds:
        yield from _check(threshold, version, known, _newest(threshold, rows))


def _newest(threshold: Threshold, rows: Sequence[Measured]) -> list[Measured]:
    """Return what the newest result says of the metric: a value per evaluator, all of which count.

    A later, worse result is not outvoted by an earlier, better one.
    """
    fitting = [row for row in rows if _fits(threshold, row)]
    return [row for row in fitting if row.result == fitting[0].result]


def _fits(threshold: Threshold, row: Measured) -> bool:
    if row.metric != threshold.metric:
        return False
    if threshold.evaluator and row.evaluator != threshold.evaluator:
        return False
    return not threshold.dataset or threshold.dataset in row.datasets


def _check(
    threshold: Threshold, version: AssetVersion, known: Knowledge, newest: Sequence[Measured]
) -> Iterator[Reason]:
    subject = str(reference_of(version))
    asked: dict[str, Any] = {"threshold": str(threshold), "content": version.digest}
    if not newest:
        message = f"No result on the content of {subject} says anything about {threshold}."
        yield Reason("evaluation_missing", message, subject, asked)
    for row in newest:
        detail = asked | {
            "value": row.value,
            "result": row.result,
            "evaluator": row.evaluator,
            "evaluated_at": row.at.isoformat(),
        }
        if not threshold.is_met_by(row.value):
            message = f"{subject} misses {threshold}: {row.result} found {row.value:g}."
            yield Reason("evaluation_not_reached", message, subject, detail)
        elif _is_old(threshold, row, known):
            days = threshold.max_age_days
            message = f"The evaluation of {subject} for {threshold} is older than {days} days."
            yield Reason("evaluation_too_old", message, subject, detail)


def _is_old(threshold: Threshold, row: Measured, known: Knowledge) -> bool:
    if threshold.max_age_days is None:
        return False
    return row.at < known.now - timedelta(days=threshold.max_age_days)
