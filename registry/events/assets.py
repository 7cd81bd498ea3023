"""What happens to assets before they have versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AssetCreated(Event):
    """An asset without a version came into being, or a deleted one stands again."""

    action = "registry.asset.created"

    asset: str
    kind: str
    name: str
    tags: list[dict[str, Any]] = field(default_factory=list)
