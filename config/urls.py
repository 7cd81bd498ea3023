"""The only map of URLs."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerView

from core.http import health
from core.http.description import DescriptionView

handler400 = "core.http.fallbacks.bad_request"
handler403 = "core.http.fallbacks.permission_denied"
handler404 = "core.http.fallbacks.not_found"
handler500 = "core.http.fallbacks.server_error"

urlpatterns = [
    path("health", health.health, name="health"),
    path("ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="root"),
    path("admin/", admin.site.urls),
    path("api/schema/", DescriptionView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/registry/", include("registry.api.urls")),
    path("api/lineage/", include("lineage.api.urls")),
    path("marquez/api/v1/", include("lineage.marquez.urls")),
    path("api/policies/", include("policies.api.urls")),
    path("opa/", include("policies.fleet.urls")),
    path("api/audits/", include("audits.api.urls")),
    path("", include("lineage.openlineage.urls")),
    path("", include("registry.mlflow.urls")),
]
