"""What happens to workspaces."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class WorkspaceCreated(Event):
    """A workspace came into being; ``after`` holds its settings."""

    action = "registry.workspace.created"


@dataclass(frozen=True, kw_only=True)
class WorkspaceChanged(Event):
    """Settings of a workspace changed from ``before`` to ``after``."""

    action = "registry.workspace.changed"
