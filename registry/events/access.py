"""What happens to roles and tokens."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    """A user or group got a role in the workspace."""

    action = "registry.role.granted"

    principal_kind: str
    principal: str
    role: str


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Event):
    """A user or group lost a role in the workspace."""

    action = "registry.role.ended"

    principal_kind: str
    principal: str
    role: str


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Event):
    """The user ``holder`` got an API token; the secret is nowhere."""

    action = "registry.token.issued"

    holder: str
    scopes: list[str] | None
    workspaces: list[str] | None
    expires_at: str | None


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """An API token of the user ``holder`` ended before its time."""

    action = "registry.token.revoked"

    holder: str
