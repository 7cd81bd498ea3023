"""Write metrics of runs: the history as it came, and the latest value of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.models import RunLatestMetric, RunMetric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.models import Run


def write_metrics(run: Run, metrics: Sequence[dict[str, Any]]) -> None:
    """Write checked metrics of a run whose row is locked in the current transaction.

    A point that is there already is left alone, so that a batch may be sent again.
    """
    if not metrics:
        return
    RunMetric.objects.bulk_create(
        [RunMetric(run=run, **metric) for metric in metrics], ignore_conflicts=True
    )
    latest: dict[str, dict[str, Any]] = {}
    for metric in metrics:
        key = metric["key"]
        if key not in latest or _place(metric) > _place(latest[key]):
            latest[key] = metric
    known = RunLatestMetric.objects.filter(run=run, key__in=latest)
    for key, step, timestamp, value in known.values_list("key", "step", "timestamp", "value"):
        if (step, timestamp, value) >= _place(latest[key]):
            del latest[key]
    RunLatestMetric.objects.bulk_create(
        [RunLatestMetric(run=run, **metric) for metric in latest.values()],
        update_conflicts=True,
        unique_fields=["run", "key"],
        update_fields=["step", "timestamp", "value", "is_nan"],
    )


def _place(metric: dict[str, Any]) -> tuple[int, int, float]:
    return metric["step"], metric["timestamp"], metric["value"]
