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
from registry.models.blob import Blob, BlobClaim, Upload
from registry.models.promotion import Approval, Promotion, PromotionMember, PromotionRule
from registry.models.scan import ArtifactScan
from registry.models.signature import ModelSignature, SignatureVerification, TrustedKey
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
    "ArtifactScan",
    "Asset",
    "AssetVersion",
    "Blob",
    "BlobClaim",
    "FrozenProvenance",
    "Grant",
    "Metric",
    "ModelSignature",
    "Promotion",
    "PromotionMember",
    "PromotionRule",
    "SignatureVerification",
    "Spec",
    "Token",
    "TrustedKey",
    "Upload",
    "VersionArtifact",
    "VersionLink",
    "Workspace",
    "WorkspaceGroupObjectPermission",
    "WorkspaceUserObjectPermission",
]
