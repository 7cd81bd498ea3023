from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "Audits"

    def ready(self) -> None:
        """Declare the background work, the numbers and the checks."""
        for module in ("audits.tasks", "audits.telemetry", "audits.checks"):
            import_module(module)
