"""Numbers that tell an operator whether the installation is well. No names, no secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Max
from django.utils import timezone

from core.models import (
    ConsumerCursor,
    ConsumerFailure,
    JournalPending,
    JournalSequence,
    Task,
    WorkerHeartbeat,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    GaugeSource = Callable[[], Iterable["Gauge"]]


@dataclass(frozen=True)
class Gauge:
    """One metric: samples are (label value, number); ``label`` is empty for a plain number."""

    name: str
    help: str
    label: str = ""
    samples: dict[str, float] = field(default_factory=dict)

    def exposition(self) -> Iterator[str]:
        """Yield the lines of Prometheus' text format."""
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} gauge"
        for value, number in sorted(self.samples.items()):
            labels = f'{{{self.label}="{value}"}}' if self.label else ""
            yield f"{self.name}{labels} {number:.15g}"


_sources: list[GaugeSource] = []


def gauge_source(source: GaugeSource) -> GaugeSource:
    """Add what a function yields to the metrics; apps above declare theirs when they are ready."""
    _sources.append(source)
    return source


def gauges() -> list[Gauge]:
    """Return the current metrics, in a constant number of queries."""
    return [*_journal(), *_work(), *(gauge for source in _sources for gauge in source())]


def _journal() -> Iterator[Gauge]:
    last = JournalSequence.objects.aggregate(last=Max("seq"))["last"]
    head = -1 if last is None else last
    yield Gauge(
        "muniment_journal_entries",
        "Journal entries with a place in the total order.",
        samples={"": head + 1},
    )
    yield Gauge(
        "muniment_journal_pending",
        "Committed journal entries that the sequencer has not placed.",
        samples={"": JournalPending.objects.filter(refused_at__isnull=True).count()},
    )
    yield Gauge(
        "muniment_journal_refused",
        "Journal rows that do not verify and so get no place.",
        samples={"": JournalPending.objects.filter(refused_at__isnull=False).count()},
    )
    yield Gauge(
        "muniment_consumer_lag",
        "Entries that a journal consumer has not been told of.",
        label="consumer",
        samples={row.consumer: head - row.seq for row in ConsumerCursor.objects.all()},
    )
    yield Gauge(
        "muniment_consumer_failures",
        "Entries that a journal consumer could not take.",
        samples={"": ConsumerFailure.objects.filter(resolved_at__isnull=True).count()},
    )


def _work() -> Iterator[Gauge]:
    beat = WorkerHeartbeat.objects.aggregate(last=Max("beat_at"))["last"]
    yield Gauge(
        "muniment_tasks",
        "Background tasks by state.",
        label="state",
        samples=dict(
            Task.objects.values_list("state").annotate(total=Count("id")).order_by("state")
        ),
    )
    yield Gauge(
        "muniment_worker_heartbeat_age_seconds",
        "Seconds since a worker was last known to be alive; absent before the first.",
        samples={"": (timezone.now() - beat).total_seconds()} if beat else {},
    )
