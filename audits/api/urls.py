"""Addresses under /api/audits/."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from audits.api.views.trail import TrailViewSet

router = SimpleRouter(use_regex_path=False)
router.register("trail", TrailViewSet, basename="trail")

urlpatterns = router.urls
