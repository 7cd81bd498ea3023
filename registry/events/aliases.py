"""What happens to aliases."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AliasMoved(Event):
    """An alias points at another version, or at none; before and after hold the references."""

    action = "registry.alias.moved"

    asset: str
    alias: str
    promotion: str | None = None
