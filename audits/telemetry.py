"""How far the log's anchors and the journal's streams are, among the numbers of an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from audits.services.streams.operating import all_lags
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
    return _quoted(kind if rest.startswith("/") else name)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


@gauge_source
def stream_gauges() -> Iterator[Gauge]:
    """Yield the lag of every stream by its name."""
    found, now = all_lags(), timezone.now()
    yield Gauge(
        "muniment_stream_entries_behind",
        "Journal entries that a stream has not come past.",
        label="stream",
        samples={_quoted(row.name): lag.behind for row, lag in found},
    )
    yield Gauge(
        "muniment_stream_oldest_age_seconds",
        "Seconds since the oldest of these entries.",
        label="stream",
        samples={
            _quoted(row.name): max(0.0, (now - lag.oldest).total_seconds()) if lag.oldest else 0.0
            for row, lag in found
        },
    )
    yield Gauge(
        "muniment_stream_failures",
        "Failures in a row of a stream.",
        label="stream",
        samples={_quoted(row.name): row.attempts for row, _ in found},
    )
    yield Gauge(
        "muniment_stream_dead_letters",
        "Journal entries that the receiver of a stream refused.",
        label="stream",
        samples={_quoted(row.name): lag.dead for row, lag in found},
    )
