"""Addresses under /api/policies/."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from policies.api.views.assignments import AssignmentViewSet
from policies.api.views.attestations import AttestationViewSet
from policies.api.views.bundles import PolicyImportViewSet
from policies.api.views.coverage import CoverageViewSet
from policies.api.views.decisions import DecisionViewSet
from policies.api.views.exemptions import ExemptionViewSet
from policies.api.views.fleet import FleetDecisionViewSet, OpaChangeViewSet, OpaViewSet
from policies.api.views.policies import PolicySetViewSet, PolicyVersionViewSet, PolicyViewSet
from policies.api.views.posture import PostureViewSet
from policies.api.views.resources import ResourceViewSet
from policies.api.views.snapshots import SnapshotViewSet
from policies.api.views.trials import PlaygroundViewSet
from policies.api.views.what_ifs import WhatIfViewSet

router = SimpleRouter(use_regex_path=False)
router.register("policies", PolicyViewSet, basename="policy")
router.register("versions", PolicyVersionViewSet, basename="policy-version")
router.register("sets", PolicySetViewSet, basename="policy-set")
router.register("imports", PolicyImportViewSet, basename="policy-import")
router.register("playground", PlaygroundViewSet, basename="policy-playground")
router.register("assignments", AssignmentViewSet, basename="policy-assignment")
router.register("exemptions", ExemptionViewSet, basename="policy-exemption")
router.register("attestations", AttestationViewSet, basename="policy-attestation")
router.register("what-ifs", WhatIfViewSet, basename="policy-what-if")
router.register("posture", PostureViewSet, basename="policy-posture")
router.register("resources", ResourceViewSet, basename="resource")
router.register("snapshots", SnapshotViewSet, basename="snapshot")
router.register("decisions", DecisionViewSet, basename="decision")
router.register("opas", OpaViewSet, basename="opa")
router.register("opa-changes", OpaChangeViewSet, basename="opa-change")
router.register("fleet-decisions", FleetDecisionViewSet, basename="fleet-decision")
router.register("coverage", CoverageViewSet, basename="coverage")

urlpatterns = router.urls
