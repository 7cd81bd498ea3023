"""The addresses below a service of OPA's configuration."""

from __future__ import annotations

from django.urls import path

from policies.fleet import views
from policies.fleet.doors import door

urlpatterns = [
    path("bundles/<str:name>", door("GET", views.signed_bundle)),
    path("bundles/<str:name>/unsigned", door("GET", views.unsigned_bundle)),
    path("discovery/<str:name>", door("GET", views.discovery)),
    path("discovery/<str:name>/signed", door("GET", views.signed_discovery)),
    path("logs", door("POST", views.take_logs)),
    path("logs/<str:partition>", door("POST", views.take_logs)),
    path("status", door("POST", views.take_status)),
    path("status/<str:partition>", door("POST", views.take_status)),
]
