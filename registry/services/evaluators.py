"""Numbers that somebody judged name who judged; numbers of ours are nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from registry.measures.aggregates import EVALUATOR
from registry.models import MetricDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

JUDGED = (MetricDefinition.EvaluatorKind.JUDGED, MetricDefinition.EvaluatorKind.HUMAN)


def evaluator_problems(
    metrics: Sequence[Mapping[str, Any]], *, workspace: str, is_ours: bool
) -> Iterator[tuple[str, str]]:
    """Yield field and reason for each metric whose evaluator is missing or not the caller's.

    Asks the database only when some metric names no evaluator.
    """
    nameless = {metric["name"] for metric in metrics if not metric.get("evaluator")}
    judged = _judged(nameless, workspace) if nameless else frozenset()
    for index, metric in enumerate(metrics):
        evaluator = metric.get("evaluator")
        if not evaluator and metric["name"] in judged:
            yield f"metrics[{index}].evaluator", "is required: the values of this metric are judged"
        if evaluator == EVALUATOR and not is_ours:
            yield f"metrics[{index}].evaluator", f"{EVALUATOR!r} stands for what we computed"


def _judged(names: set[str], workspace: str) -> frozenset[str]:
    """Return those names whose definition in the workspace, else the common one, is judged."""
    found = MetricDefinition.objects.filter(
        Q(workspace__isnull=True) | Q(workspace__slug=workspace), is_current=True, name__in=names
    ).values_list("name", "evaluator_kind", "workspace")
    holds: dict[str, str] = {}
    for name, kind, own in found:
        if own is not None or name not in holds:
            holds[name] = kind
    return frozenset(name for name, kind in holds.items() if kind in JUDGED)
