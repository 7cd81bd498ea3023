"""Addresses under /api/lineage/."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from lineage.api.received import ReceivedEventViewSet
from lineage.api.views import EventViewSet, FacetSchemaView, GraphViewSet

router = SimpleRouter(use_regex_path=False)
router.register("graph", GraphViewSet, basename="lineage-graph")
router.register("received", ReceivedEventViewSet, basename="lineage-received")
router.register("events", EventViewSet, basename="lineage-event")

urlpatterns = [
    *router.urls,
    path(
        "schemas/<str:facet>/<str:version>.json",
        FacetSchemaView.as_view(),
        name="lineage-facet-schema",
    ),
]
