"""How the metrics of an asset went over its versions, one chart each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.plots import plot
from registry.models import Metric
from registry.queries.metrics import trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.plots import Plot
    from core.actors import Actor
    from registry.models import Asset

LOOKED_AT = 400
SHOWN = 12


def trends(actor: Actor, asset: Asset) -> list[Plot]:
    """Return a chart for each metric: of results that evaluate versions of ``asset``, a line per
    evaluator; of an asset that is a result, its own metrics. Two queries at most."""
    if asset.kind == "result":
        own = Metric.objects.filter(version__asset=asset).select_related("version")
        points = [(metric, metric.version.number) for metric in own.order_by("-id")[:LOOKED_AT]]
    else:
        rows = trend(actor, asset).order_by("-id")[:LOOKED_AT]
        points = [
            (metric, number)
            for metric in rows
            for number in sorted(
                {
                    link.target.number
                    for link in metric.version.links.all()
                    if link.role == "evaluates" and link.target.asset_id == asset.pk
                }
            )
        ]
    return _drawn(points)


def _drawn(points: Sequence[tuple[Metric, int]]) -> list[Plot]:
    """Draw the newest value of each version by each evaluator; points are newest first."""
    found: dict[str, dict[str, dict[float, float]]] = {}
    for metric, number in points:
        values = found.setdefault(metric.name, {}).setdefault(metric.evaluator or "unnamed", {})
        values.setdefault(float(number), metric.value)
    drawn = [
        plot(name, {who: sorted(values.items()) for who, values in sorted(by_evaluator.items())})
        for name, by_evaluator in sorted(found.items())
    ]
    return [chart for chart in drawn if chart is not None][:SHOWN]
