"""Liveness, readiness and metrics."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse

from core import telemetry

if TYPE_CHECKING:
    from django.http import HttpRequest


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process serves requests at all."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database is there and has every migration, else 503 with why."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = _is_migrated()
    except DatabaseFailure:
        return JsonResponse({"status": "unavailable", "reason": "database"}, status=503)
    if not migrated:
        return JsonResponse({"status": "unavailable", "reason": "migrations"}, status=503)
    return JsonResponse({"status": "ready"})


_migrated = threading.Event()


def _is_migrated() -> bool:
    """Tell whether the schema is complete; looked up until it is, for that look-up is slow."""
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.set()
    return True


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer gauges in Prometheus' text format 0.0.4."""
    lines = [line for gauge in telemetry.gauges() for line in gauge.exposition()]
    return HttpResponse(
        "\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8"
    )
