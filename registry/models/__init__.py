"""The registry's tables."""

from __future__ import annotations

from registry.models.access import (
    AccessEpoch,
    Grant,
    WorkspaceGroupObjectPermission,
    WorkspaceUserObjectPermission,
)
from registry.models.access_request import AccessRequest
from registry.models.alias import Alias, AliasMove
from registry.models.alias_rule import AliasRule, AliasRuleMover
from registry.models.asset import Asset
from registry.models.assignment import Assignment
from registry.models.blob import Blob, BlobClaim, Upload
from registry.models.card import Card, CardRequirement, CardReview, CardRevision
from registry.models.catalogue import (
    CatalogueEntry,
    CatalogueLabel,
    CatalogueMetric,
    CatalogueText,
)
from registry.models.comment import Comment, CommentMention, CommentRevision, CommentText
from registry.models.deployment import (
    Deployment,
    DeploymentMember,
    DeploymentRevision,
    DeploymentState,
)
from registry.models.drift import DriftBaseline, DriftCheck, DriftResult
from registry.models.evaluation import Evaluation, EvaluationRow, RowsChunk, RowText
from registry.models.experiment import (
    Experiment,
    ExperimentTag,
    ExperimentVerdict,
    LifecycleStage,
    Verdict,
    VerdictResult,
)
from registry.models.life import AssetFormerName, Lifecycle, Tombstone, VersionDetails
from registry.models.metric_definition import MetricDefinition
from registry.models.notification import Notification
from registry.models.origin import VersionOrigin
from registry.models.ownership import AssetOwner, Watch
from registry.models.promotion import Approval, Promotion, PromotionMember
from registry.models.promotion_rule import PromotionRule, PromotionRuleProposal
from registry.models.reevaluation import ReevaluationRequest, ReevaluationRule
from registry.models.run import (
    Run,
    RunInput,
    RunLatestMetric,
    RunMetric,
    RunOutput,
    RunParam,
    RunTag,
)
from registry.models.scan import ArtifactScan
from registry.models.serving import ProductionSample, ServingWindow, WindowBlock, WindowQuality
from registry.models.signature import ModelSignature, SignatureVerification, TrustedKey
from registry.models.tag import AssetTag, VersionTag
from registry.models.threshold import ThresholdBreach, ThresholdRule
from registry.models.token import Token
from registry.models.tracking import ExperimentFormerName, TrackingDeletion
from registry.models.version import (
    AssetVersion,
    FrozenProvenance,
    Metric,
    Spec,
    VersionArtifact,
    VersionLink,
)
from registry.models.webhook import Webhook, WebhookAttempt, WebhookDelivery, WebhookSecret
from registry.models.workspace import Workspace

__all__ = [
    "AccessEpoch",
    "AccessRequest",
    "Alias",
    "AliasMove",
    "AliasRule",
    "AliasRuleMover",
    "Approval",
    "ArtifactScan",
    "Asset",
    "AssetFormerName",
    "AssetOwner",
    "AssetTag",
    "AssetVersion",
    "Assignment",
    "Blob",
    "BlobClaim",
    "Card",
    "CardRequirement",
    "CardReview",
    "CardRevision",
    "CatalogueEntry",
    "CatalogueLabel",
    "CatalogueMetric",
    "CatalogueText",
    "Comment",
    "CommentMention",
    "CommentRevision",
    "CommentText",
    "Deployment",
    "DeploymentMember",
    "DeploymentRevision",
    "DeploymentState",
    "DriftBaseline",
    "DriftCheck",
    "DriftResult",
    "Evaluation",
    "EvaluationRow",
    "Experiment",
    "ExperimentFormerName",
    "ExperimentTag",
    "ExperimentVerdict",
    "FrozenProvenance",
    "Grant",
    "Lifecycle",
    "LifecycleStage",
    "Metric",
    "MetricDefinition",
    "ModelSignature",
    "Notification",
    "ProductionSample",
    "Promotion",
    "PromotionMember",
    "PromotionRule",
    "PromotionRuleProposal",
    "ReevaluationRequest",
    "ReevaluationRule",
    "RowText",
    "RowsChunk",
    "Run",
    "RunInput",
    "RunLatestMetric",
    "RunMetric",
    "RunOutput",
    "RunParam",
    "RunTag",
    "ServingWindow",
    "SignatureVerification",
    "Spec",
    "ThresholdBreach",
    "ThresholdRule",
    "Token",
    "Tombstone",
    "TrackingDeletion",
    "TrustedKey",
    "Upload",
    "Verdict",
    "VerdictResult",
    "VersionArtifact",
    "VersionDetails",
    "VersionLink",
    "VersionOrigin",
    "VersionTag",
    "Watch",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookSecret",
    "WindowBlock",
    "WindowQuality",
    "Workspace",
    "WorkspaceGroupObjectPermission",
    "WorkspaceUserObjectPermission",
]
