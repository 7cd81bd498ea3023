"""What happens in the registry, a file per noun. docs/events.md describes each."""

from __future__ import annotations

from registry.events.access import (
    RoleEnded,
    RoleGranted,
    TokenIssued,
    TokenRevoked,
)
from registry.events.aliases import AliasMoved
from registry.events.evaluations import (
    EvaluationFailed,
    EvaluationRequested,
    EvaluationSucceeded,
    EvaluationTextsErased,
    MetricDefined,
    ReevaluationClosed,
    ReevaluationRequested,
    ReevaluationRuleEnded,
    ReevaluationRuleSet,
)
from registry.events.experiments import (
    ExperimentConcluded,
    ExperimentCreated,
    RunBatchLogged,
    RunFinished,
    RunStarted,
)
from registry.events.life import (
    AssetDeleted,
    AssetDescribed,
    AssetRenamed,
    AssetTagRemoved,
    AssetTagSet,
    LifecycleChanged,
    VersionDeleted,
    VersionDescribed,
    VersionTagRemoved,
    VersionTagSet,
)
from registry.events.promotions import (
    PromotionCompleted,
    PromotionDecided,
    PromotionEvent,
    PromotionExpired,
    PromotionRefused,
    PromotionRequested,
    PromotionReviewed,
    PromotionRuleSet,
    PromotionWithdrawn,
)
from registry.events.versions import VersionRegistered
from registry.events.workspaces import WorkspaceChanged, WorkspaceCreated

__all__ = [
    "AliasMoved",
    "AssetDeleted",
    "AssetDescribed",
    "AssetRenamed",
    "AssetTagRemoved",
    "AssetTagSet",
    "EvaluationFailed",
    "EvaluationRequested",
    "EvaluationSucceeded",
    "EvaluationTextsErased",
    "ExperimentConcluded",
    "ExperimentCreated",
    "LifecycleChanged",
    "MetricDefined",
    "PromotionCompleted",
    "PromotionDecided",
    "PromotionEvent",
    "PromotionExpired",
    "PromotionRefused",
    "PromotionRequested",
    "PromotionReviewed",
    "PromotionRuleSet",
    "PromotionWithdrawn",
    "ReevaluationClosed",
    "ReevaluationRequested",
    "ReevaluationRuleEnded",
    "ReevaluationRuleSet",
    "RoleEnded",
    "RoleGranted",
    "RunBatchLogged",
    "RunFinished",
    "RunStarted",
    "TokenIssued",
    "TokenRevoked",
    "VersionDeleted",
    "VersionDescribed",
    "VersionRegistered",
    "VersionTagRemoved",
    "VersionTagSet",
    "WorkspaceChanged",
    "WorkspaceCreated",
]
