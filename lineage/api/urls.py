"""Addresses under /api/lineage/."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from lineage.api.graphs import (
    ColumnViewSet,
    GraphViewSet,
    PathViewSet,
    ReachViewSet,
    RunViewSet,
)
from lineage.api.questions import QuestionViewSet
from lineage.api.received import ReceivedEventViewSet
from lineage.api.sinks import SinkViewSet
from lineage.api.views import EventViewSet, FacetSchemaView

router = SimpleRouter(use_regex_path=False)
router.register("graph", GraphViewSet, basename="lineage-graph")
router.register("paths", PathViewSet, basename="lineage-path")
router.register("reach", ReachViewSet, basename="lineage-reach")
router.register("runs", RunViewSet, basename="lineage-run")
router.register("columns", ColumnViewSet, basename="lineage-column")
router.register("questions", QuestionViewSet, basename="lineage-question")
router.register("received", ReceivedEventViewSet, basename="lineage-received")
router.register("sinks", SinkViewSet, basename="lineage-sink")
router.register("events", EventViewSet, basename="lineage-event")

urlpatterns = [
    *router.urls,
    path(
        "schemas/<str:facet>/<str:version>.json",
        FacetSchemaView.as_view(),
        name="lineage-facet-schema",
    ),
]
