from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class LineageConfig(AppConfig):
    name = "lineage"
    verbose_name = "Lineage"

    def ready(self) -> None:
        """Declare the background work, the system checks and the metrics."""
        import_module("lineage.tasks")
        import_module("lineage.checks")
        import_module("lineage.telemetry")
