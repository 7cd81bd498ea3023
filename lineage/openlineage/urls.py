"""The addresses of the protocol, as OpenLineage.yml and Marquez have them."""

from __future__ import annotations

from django.urls import path

from lineage.marquez.lookups import read_lineage
from lineage.openlineage import views
from lineage.openlineage.doors import door

urlpatterns = [
    path("api/v1/lineage", door({"POST": views.receive_one, "GET": read_lineage})),
    path("api/v1/lineage/batch", door({"POST": views.receive_batch})),
]
