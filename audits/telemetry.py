"""How far the log's anchors are, among the numbers of an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.services.transparency.standing import all_standings
from core.errors import InvalidInput
from core.telemetry import Gauge, gauge_source

if TYPE_CHECKING:
    from collections.abc import Iterator


@gauge_source
def anchor_gauges() -> Iterator[Gauge]:
    """Yield the lag of every anchor; nothing for settings without sense."""
    try:
        found = all_standings()
    except InvalidInput:
        return
    yield Gauge(
        "muniment_log_anchor_entries_behind",
        "Signed entries that an anchor of the transparency log has not been told of.",
        label="anchor",
        samples={_label(each.name): each.behind for each in found},
    )
    yield Gauge(
        "muniment_log_anchor_failures",
        "Failures in a row of an anchor of the transparency log.",
        label="anchor",
        samples={_label(each.name): each.attempts for each in found},
    )
    yield Gauge(
        "muniment_log_anchors_disputing",
        "Anchors that know a tree which the transparency log is no extension of.",
        samples={"": sum(bool(each.dispute) for each in found)},
    )


def _label(name: str) -> str:
    """Return a name as the text format takes it in quotes; of a file or clone only its kind."""
    kind, _, rest = name.partition(":")
    shown = kind if rest.startswith("/") else name
    return shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
