"""Addresses under /api/registry/."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from registry.api.views.access_requests import AccessRequestViewSet
from registry.api.views.aliases import AliasRuleViewSet, AliasViewSet
from registry.api.views.artifacts import ArtifactViewSet, UploadViewSet
from registry.api.views.bundles import BundleViewSet
from registry.api.views.cards import CardRequirementViewSet, CardViewSet, VersionCardViewSet
from registry.api.views.catalogue import CatalogueViewSet
from registry.api.views.comments import AssignmentViewSet, CommentViewSet
from registry.api.views.deployments import DeploymentViewSet
from registry.api.views.derivation import VersionDerivationViewSet
from registry.api.views.documents import DocumentViewSet
from registry.api.views.drift import DeploymentDriftViewSet, DriftCheckViewSet
from registry.api.views.evaluations import EvaluationViewSet
from registry.api.views.experiments import ExperimentViewSet, VerdictViewSet
from registry.api.views.imports import ImportViewSet
from registry.api.views.metrics import MetricDefinitionViewSet
from registry.api.views.notifications import NotificationViewSet
from registry.api.views.ownership import OwnerViewSet, WatchViewSet
from registry.api.views.promotion_rules import (
    PromotionRuleProposalViewSet,
    PromotionRuleViewSet,
)
from registry.api.views.promotions import ApprovalViewSet, PromotionViewSet
from registry.api.views.prompts import VersionRenderViewSet
from registry.api.views.reevaluation import (
    ReevaluationRequestViewSet,
    ReevaluationRuleViewSet,
)
from registry.api.views.runs import RunViewSet
from registry.api.views.serving import ThresholdViewSet
from registry.api.views.signatures import SignatureViewSet, TrustedKeyViewSet
from registry.api.views.templates import TemplateViewSet
from registry.api.views.trends import AssetTrendViewSet
from registry.api.views.versions import (
    AssetViewSet,
    KindViewSet,
    ResolveViewSet,
    VersionViewSet,
)
from registry.api.views.webhooks import DeliveryViewSet, WebhookViewSet
from registry.api.views.workspaces import MemberViewSet, TokenViewSet, WorkspaceViewSet

router = SimpleRouter(use_regex_path=False)
router.register("workspaces", WorkspaceViewSet, basename="workspace")
router.register("members", MemberViewSet, basename="member")
router.register("tokens", TokenViewSet, basename="token")
router.register("assets", AssetViewSet, basename="asset")
router.register("versions", VersionViewSet, basename="version")
router.register("versions", DocumentViewSet, basename="document")
router.register("versions", VersionCardViewSet, basename="version-card")
router.register("templates", TemplateViewSet, basename="template")
router.register("cards", CardViewSet, basename="card")
router.register("workspaces", CardRequirementViewSet, basename="card-requirement")
router.register("versions", ArtifactViewSet, basename="artifact")
router.register("versions", SignatureViewSet, basename="signature")
router.register("trusted-keys", TrustedKeyViewSet, basename="trusted-key")
router.register("uploads", UploadViewSet, basename="upload")
router.register("bundles", BundleViewSet, basename="bundle")
router.register("aliases", AliasViewSet, basename="alias")
router.register("alias-rules", AliasRuleViewSet, basename="alias-rule")
router.register("promotion-rules", PromotionRuleViewSet, basename="promotion-rule")
router.register(
    "promotion-rule-proposals", PromotionRuleProposalViewSet, basename="promotion-rule-proposal"
)
router.register("promotions", PromotionViewSet, basename="promotion")
router.register("approvals", ApprovalViewSet, basename="approval")
router.register("assets", AssetTrendViewSet, basename="asset-trend")
router.register("versions", VersionRenderViewSet, basename="version-render")
router.register("metrics", MetricDefinitionViewSet, basename="metric")
router.register("evaluations", EvaluationViewSet, basename="evaluation")
router.register("reevaluation-rules", ReevaluationRuleViewSet, basename="reevaluation-rule")
router.register(
    "reevaluation-requests", ReevaluationRequestViewSet, basename="reevaluation-request"
)
router.register("experiments", ExperimentViewSet, basename="experiment")
router.register("verdicts", VerdictViewSet, basename="verdict")
router.register("runs", RunViewSet, basename="run")
router.register("deployments", DeploymentViewSet, basename="deployment")
router.register("deployments", DeploymentDriftViewSet, basename="deployment-drift")
router.register("drift-checks", DriftCheckViewSet, basename="drift-check")
router.register("owners", OwnerViewSet, basename="owner")
router.register("comments", CommentViewSet, basename="comment")
router.register("assignments", AssignmentViewSet, basename="assignment")
router.register("watches", WatchViewSet, basename="watch")
router.register("notifications", NotificationViewSet, basename="notification")
router.register("webhooks", WebhookViewSet, basename="webhook")
router.register("webhook-deliveries", DeliveryViewSet, basename="webhook-delivery")
router.register("thresholds", ThresholdViewSet, basename="threshold")
router.register("versions", VersionDerivationViewSet, basename="version-derivation")
router.register("access-requests", AccessRequestViewSet, basename="access-request")
router.register("catalogue", CatalogueViewSet, basename="catalogue")
router.register("resolve", ResolveViewSet, basename="resolve")
router.register("imports", ImportViewSet, basename="import")
router.register("kinds", KindViewSet, basename="kind")

urlpatterns = router.urls
