"""The addresses of the protocol, under /api and, for MLflow's own pages, under /ajax-api."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from registry.mlflow import aliases, model_versions, registered_models, searches, server, workspaces
from registry.mlflow.doors import door

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.urls import URLPattern

    from registry.mlflow.doors import Handler

REGISTRY: Mapping[str, Mapping[str, Handler]] = {
    "registered-models/create": {"POST": registered_models.create},
    "registered-models/rename": {"POST": registered_models.rename},
    "registered-models/update": {"PATCH": registered_models.update},
    "registered-models/delete": {"DELETE": registered_models.delete},
    "registered-models/get": {"GET": registered_models.get},
    "registered-models/search": {"GET": searches.models},
    "registered-models/get-latest-versions": {
        "POST": model_versions.latest,
        "GET": model_versions.latest,
    },
    "registered-models/set-tag": {"POST": registered_models.set_tag},
    "registered-models/delete-tag": {"DELETE": registered_models.delete_tag},
    "registered-models/alias": {
        "POST": aliases.set_alias,
        "DELETE": aliases.delete_alias,
        "GET": aliases.get_by_alias,
    },
    "model-versions/create": {"POST": model_versions.create},
    "model-versions/update": {"PATCH": model_versions.update},
    "model-versions/transition-stage": {"POST": model_versions.transition_stage},
    "model-versions/delete": {"DELETE": model_versions.delete},
    "model-versions/get": {"GET": model_versions.get},
    "model-versions/search": {"GET": searches.versions},
    "model-versions/get-download-uri": {"GET": model_versions.download_uri},
    "model-versions/set-tag": {"POST": model_versions.set_tag},
    "model-versions/delete-tag": {"DELETE": model_versions.delete_tag},
}
WORKSPACES: Mapping[str, Mapping[str, Handler]] = {
    "workspaces": {"GET": workspaces.list_all, "POST": workspaces.create},
    "workspaces/<str:workspace_name>": {
        "GET": workspaces.get,
        "PATCH": workspaces.update,
        "DELETE": workspaces.delete,
    },
}


def _patterns(prefix: str) -> list[URLPattern]:
    registry = [
        path(f"{prefix}/2.0/mlflow/{route}", door(handlers)) for route, handlers in REGISTRY.items()
    ]
    places = [
        path(f"{prefix}/3.0/mlflow/{route}", door(handlers, is_workspace_bound=False))
        for route, handlers in WORKSPACES.items()
    ]
    unknown = csrf_exempt(server.unknown)
    return [
        *registry,
        *places,
        path(f"{prefix}/3.0/mlflow/server-info", server.server_info),
        path(f"{prefix}/2.0/mlflow/<path:rest>", unknown),
        path(f"{prefix}/3.0/mlflow/<path:rest>", unknown),
    ]


urlpatterns = [*_patterns("api"), *_patterns("ajax-api"), path("version", server.version)]
