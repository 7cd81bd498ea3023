"""Addresses under /api/audits/."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from audits.api.views.log import LogCheckpointViewSet
from audits.api.views.permitted import PermitViewSet
from audits.api.views.reports import ReportViewSet
from audits.api.views.retention import (
    ErasureViewSet,
    HoldViewSet,
    RetentionRunViewSet,
    RetentionViewSet,
)
from audits.api.views.scans import FindingViewSet, ScanViewSet
from audits.api.views.trail import TrailViewSet

router = SimpleRouter(use_regex_path=False)
router.register("trail", TrailViewSet, basename="trail")
router.register("checkpoints", LogCheckpointViewSet, basename="checkpoint")
router.register("permitted", PermitViewSet, basename="permit")
router.register("scans", ScanViewSet, basename="scan")
router.register("findings", FindingViewSet, basename="finding")
router.register("reports", ReportViewSet, basename="report")
router.register("retention", RetentionViewSet, basename="retention")
router.register("retention-runs", RetentionRunViewSet, basename="retention-run")
router.register("holds", HoldViewSet, basename="hold")
router.register("erasures", ErasureViewSet, basename="erasure")

urlpatterns = router.urls
