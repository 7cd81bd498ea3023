"""What happens to decisions. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class DecisionsRecorded(Event):
    """A run of evaluations in one workspace; ``digest`` covers each decision's id, policy digest,
    input digest and state."""

    action = "policies.decision.recorded"

    count: int
    states: dict[str, Any]
