"""How far the sinks are, among the numbers of an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import InvalidInput
from core.telemetry import Gauge, gauge_source
from lineage.services.operating import all_statuses

if TYPE_CHECKING:
    from collections.abc import Iterator


@gauge_source
def sink_gauges() -> Iterator[Gauge]:
    """Yield the lag of every configured sink; nothing for a setting that makes no sense."""
    try:
        found = all_statuses()
    except InvalidInput:
        return
    yield Gauge(
        "muniment_lineage_sink_events_behind",
        "OpenLineage events that a sink has not been told of.",
        label="sink",
        samples={each.name: each.behind for each in found},
    )
    yield Gauge(
        "muniment_lineage_sink_oldest_age_seconds",
        "Seconds that the oldest of these events has waited.",
        label="sink",
        samples={each.name: each.oldest_age for each in found},
    )
    yield Gauge(
        "muniment_lineage_sink_dead_letters",
        "OpenLineage events that a sink did not take.",
        label="sink",
        samples={each.name: each.dead_letters for each in found},
    )
