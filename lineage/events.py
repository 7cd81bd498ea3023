"""What happens in lineage. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class LineageEventsReceived(Event):
    """A batch of OpenLineage events was received: how many of them were new, how many had come
    before or were refused, and a ``digest`` over those of the new ones, sorted."""

    action = "lineage.events.received"

    count: int
    repeated: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class SinkEvent(Event):
    """Base of what happens to a sink; ``subject`` is ``sink/{name}``, ``events`` how many."""

    sink: str
    events: int


@dataclass(frozen=True, kw_only=True)
class SinkReplayed(SinkEvent):
    """A sink is told again of everything from an event on; ``cursor`` is what lies before it."""

    action = "lineage.sink.replayed"

    from_event: str
    cursor: int


@dataclass(frozen=True, kw_only=True)
class SinkRetried(SinkEvent):
    """Everything that a sink did not take is sent again."""

    action = "lineage.sink.retried"
