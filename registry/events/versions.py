"""What happens to versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class VersionRegistered(Event):
    """A version was registered; what the last fields hold came with it.

    ``origin`` is where a protocol's client said that it came from; ``work`` is the id of the
    evaluation that made it.
    """

    action = "registry.version.registered"

    asset: str
    version: str
    kind: str
    name: str
    number: int
    schema_version: int
    spec_digest: str
    is_new_asset: bool
    links: list[dict[str, Any]] = field(default_factory=list)
    metrics: list[dict[str, Any]] = field(default_factory=list)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    description: dict[str, Any] = field(default_factory=dict)
    origin: dict[str, str] | None = None
    work: str = ""
