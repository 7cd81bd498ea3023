"""How the published description of the API is made."""

from __future__ import annotations

SPECTACULAR = {
    "TITLE": "Muniment",
    "DESCRIPTION": "The system of record for AI assets: versions, gates, lineage, evidence.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.http.openapi.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AssetKindEnum": "registry.kinds.CHOICES",
        "PromotionStatusEnum": "registry.models.Promotion.Status",
        "RuleProposalStatusEnum": "registry.models.PromotionRuleProposal.Status",
        "HypothesisStatusEnum": "registry.models.experiment.Verdict",
        "RunStatusEnum": "registry.models.run.Run.Status",
        "RunEndEnum": "registry.models.run.RUN_ENDS",
        "DecisionEnum": "registry.models.promotion.Approval.Decision",
        "LifecycleStateEnum": "registry.queries.life.STATES",
        "CardStatusEnum": "registry.models.card.Card.Status",
        "CardDecisionEnum": "registry.models.card.CARD_DECISIONS",
        "DocumentKindEnum": "policies.models.DocumentKind",
        "PolicyStateEnum": "policies.models.decision.STATES",
        "CoverageLevelEnum": "policies.packs.coverage.LEVELS",
        "EventKindEnum": "lineage.models.LineageEvent.Kind",
        "DeploymentStateEnum": "registry.models.DeploymentState.State",
        "TaskStateEnum": "core.models.Task.State",
        "ResultStateEnum": "audits.models.scan.ResultState",
        "WebhookStateEnum": "registry.models.Webhook.State",
        "WorkKindEnum": "registry.models.Assignment.Kind",
        "DeliveryStateEnum": "registry.models.WebhookDelivery.State",
    },
}
