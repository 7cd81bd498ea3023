"""Addresses under /api/audits/."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from audits.api.views.control_terms import ControlMappingViewSet, ControlStatementViewSet
from audits.api.views.due_rules import DueRuleViewSet
from audits.api.views.findings import FindingCommentViewSet, FindingViewSet
from audits.api.views.frameworks import FrameworkViewSet
from audits.api.views.log import LogAnchorViewSet, LogCheckpointViewSet
from audits.api.views.packs import PackViewSet
from audits.api.views.permitted import PermitViewSet
from audits.api.views.reports import ReportViewSet
from audits.api.views.retention import (
    ErasureViewSet,
    HoldViewSet,
    RetentionRunViewSet,
    RetentionViewSet,
)
from audits.api.views.risks import RiskViewSet
from audits.api.views.scans import ScanViewSet
from audits.api.views.schedules import ScanScheduleViewSet
from audits.api.views.streams import StreamViewSet
from audits.api.views.trail import TrailViewSet

router = SimpleRouter(use_regex_path=False)
router.register("trail", TrailViewSet, basename="trail")
router.register("checkpoints", LogCheckpointViewSet, basename="checkpoint")
router.register("anchors", LogAnchorViewSet, basename="anchor")
router.register("streams", StreamViewSet, basename="stream")
router.register("permitted", PermitViewSet, basename="permit")
router.register("scans", ScanViewSet, basename="scan")
router.register("scan-schedules", ScanScheduleViewSet, basename="scan-schedule")
router.register("findings", FindingViewSet, basename="finding")
router.register("frameworks", FrameworkViewSet, basename="framework")
router.register("control-mappings", ControlMappingViewSet, basename="control-mapping")
router.register("control-statements", ControlStatementViewSet, basename="control-statement")
router.register("risks", RiskViewSet, basename="risk")
router.register("finding-comments", FindingCommentViewSet, basename="finding-comment")
router.register("due-rules", DueRuleViewSet, basename="due-rule")
router.register("packs", PackViewSet, basename="pack")
router.register("reports", ReportViewSet, basename="report")
router.register("retention", RetentionViewSet, basename="retention")
router.register("retention-runs", RetentionRunViewSet, basename="retention-run")
router.register("holds", HoldViewSet, basename="hold")
router.register("erasures", ErasureViewSet, basename="erasure")

urlpatterns = router.urls
