"""What happens in the registry. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class WorkspaceCreated(Event):
    """A workspace came into being; ``after`` holds its settings."""

    action = "registry.workspace.created"


@dataclass(frozen=True, kw_only=True)
class WorkspaceChanged(Event):
    """Settings of a workspace changed from ``before`` to ``after``."""

    action = "registry.workspace.changed"


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


@dataclass(frozen=True, kw_only=True)
class VersionRegistered(Event):
    """A version was registered; ``links`` and ``metrics`` came with it."""

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


@dataclass(frozen=True, kw_only=True)
class AliasMoved(Event):
    """An alias points at another version, or at none; before and after hold the references."""

    action = "registry.alias.moved"

    asset: str
    alias: str
    promotion: str | None = None


@dataclass(frozen=True, kw_only=True)
class PromotionRuleSet(Event):
    """The number of approvals into a workspace changed."""

    action = "registry.promotion_rule.set"


@dataclass(frozen=True, kw_only=True)
class PromotionEvent(Event):
    """Base of what happens to a promotion; ``subject`` is the source version."""

    promotion: str
    requested_by: str
    source: dict[str, Any]
    target: dict[str, Any]
    alias: str
    binding: str
    verdicts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PromotionRequested(PromotionEvent):
    """A promotion passed its gates and waits for approval."""

    action = "registry.promotion.requested"


@dataclass(frozen=True, kw_only=True)
class PromotionReviewed(PromotionEvent):
    """The gates were asked afresh and answer otherwise; earlier approvals are stale."""

    action = "registry.promotion.reviewed"


@dataclass(frozen=True, kw_only=True)
class PromotionRefused(PromotionEvent):
    """A gate or an approver refused a promotion; the verdicts say why."""

    action = "registry.promotion.refused"
    outcome = "refused"


@dataclass(frozen=True, kw_only=True)
class PromotionDecided(PromotionEvent):
    """An approver decided on a promotion."""

    action = "registry.promotion.decided"

    decision: str
    approval: str


@dataclass(frozen=True, kw_only=True)
class PromotionWithdrawn(PromotionEvent):
    """The request was taken back."""

    action = "registry.promotion.withdrawn"


@dataclass(frozen=True, kw_only=True)
class PromotionExpired(PromotionEvent):
    """Nobody decided in time."""

    action = "registry.promotion.expired"


@dataclass(frozen=True, kw_only=True)
class PromotionCompleted(PromotionEvent):
    """The version and its members are in the target workspace, with frozen provenance."""

    action = "registry.promotion.completed"

    result: dict[str, Any]
    members: list[dict[str, Any]]
    approvals: list[dict[str, Any]]
    provenance_digest: str
