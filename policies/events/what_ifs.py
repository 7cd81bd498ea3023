"""What happens to what-ifs. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class WhatIfAsked(Event):
    """Somebody asked what an assignment would find and do; nothing holds by it."""

    action = "policies.what_if.asked"

    scope: str
    of: str
    effect: str
