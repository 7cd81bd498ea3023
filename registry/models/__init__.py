"""The registry's tables."""

from __future__ import annotations

from registry.models.access import (
    AccessEpoch,
    Grant,
    WorkspaceGroupObjectPermission,
    WorkspaceUserObjectPermission,
)
from registry.models.alias import Alias, AliasMove
from registry.models.asset import Asset
from registry.models.promotion import Approval, Promotion, PromotionMember, PromotionRule
from registry.models.token import Token
from registry.models.version import (
    AssetVersion,
    FrozenProvenance,
    Metric,
    Spec,
    VersionArtifact,
    VersionLink,
)
from registry.models.workspace import Workspace

__all__ = [
    "AccessEpoch",
    "Alias",
    "AliasMove",
    "Approval",
    "Asset",
    "AssetVersion",
    "FrozenProvenance",
    "Grant",
    "Metric",
    "Promotion",
    "PromotionMember",
    "PromotionRule",
    "Spec",
    "Token",
    "VersionArtifact",
    "VersionLink",
    "Workspace",
    "WorkspaceGroupObjectPermission",
    "WorkspaceUserObjectPermission",
]
