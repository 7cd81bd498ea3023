"""Addresses under /marquez/api/v1/, each with or without a slash at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from lineage.marquez import lookups, views

if TYPE_CHECKING:
    from django.urls import URLPattern

    from lineage.marquez.views import MarquezView

ROUTES: dict[str, type[MarquezView]] = {
    "namespaces": views.NamespacesView,
    "jobs": views.JobsView,
    "jobs/runs/<str:run_id>": views.RunView,
    "jobs/runs/<str:run_id>/facets": views.RunFacetsView,
    "lineage": lookups.LineageView,
    "column-lineage": lookups.ColumnLineageView,
    "search": lookups.SearchView,
    "events": lookups.EventsView,
    "events/lineage": lookups.RunEventsView,
    "tags": lookups.TagsView,
    "sources": lookups.SourcesView,
    "stats/<str:counted>": lookups.StatsView,
}
# Names hold slashes, and arrive decoded: what such an address means, its view finds out.
TREES: dict[str, type[MarquezView]] = {
    "namespaces/<path:path>": views.NamespaceView,
    "events/<path:namespace>": lookups.EventsView,
    "sources/<path:name>": lookups.SourceView,
    "<path:path>": views.UnknownView,
}


def _both(route: str, view: type[MarquezView]) -> list[URLPattern]:
    return [path(route, view.as_view()), path(f"{route}/", view.as_view())]


urlpatterns = [
    *(pattern for route, view in ROUTES.items() for pattern in _both(route, view)),
    *(path(route, view.as_view()) for route, view in TREES.items()),
]
