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
