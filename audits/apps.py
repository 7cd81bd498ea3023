from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "Audits"

    def ready(self) -> None:
        """Declare the background work."""
        import_module("audits.tasks")
