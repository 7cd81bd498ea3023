"""What a run was, as the journal tells it at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.texts import journal_text
from registry.queries.versions import point_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.models import Run

MOST = 100


def summary(run: Run) -> dict[str, Any]:
    """Return the fields of RunFinished that hold params, last metrics, inputs and outputs.

    At most a hundred of each: a batch told counts and a digest over all of them before.
    """
    related = "version__asset__workspace"
    params = run.params.order_by("key").values_list("key", "value")
    metrics = run.latest_metrics.order_by("key")
    inputs = run.inputs.select_related(related).order_by("pk")
    outputs = run.outputs.select_related(related).order_by("pk")
    told: dict[str, list[Any]] = {
        "params": [{"key": key, **journal_text(value)} for key, value in _some(params)],
        "metrics": [{"key": each.key, "value": repr(each.number)} for each in _some(metrics)],
        "inputs": [
            {"name": each.name, "digest": each.digest, "context": each.context}
            | (point_of(each.version) if each.version else {})
            for each in _some(inputs)
        ],
        "outputs": [point_of(each.version) for each in _some(outputs)],
    }
    is_truncated = any(len(items) > MOST for items in told.values())
    return {name: items[:MOST] for name, items in told.items()} | {"is_truncated": is_truncated}


def _some(rows: Any) -> Iterable[Any]:
    some: Iterable[Any] = rows[: MOST + 1]
    return some
