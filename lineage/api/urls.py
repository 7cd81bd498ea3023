"""Addresses under /api/lineage/."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from lineage.api.exports import ExportViewSet
from lineage.api.sinks import SinkViewSet
from lineage.api.views import EventViewSet, FacetSchemaView, GraphViewSet

router = SimpleRouter(use_regex_path=False)
router.register("graph", GraphViewSet, basename="lineage-graph")
router.register("sinks", SinkViewSet, basename="lineage-sink")
router.register("exports", ExportViewSet, basename="lineage-export")
router.register("events", EventViewSet, basename="lineage-event")

urlpatterns = [
    *router.urls,
    path(
        "schemas/<str:facet>/<str:version>.json",
        FacetSchemaView.as_view(),
        name="lineage-facet-schema",
    ),
]
