from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        """Declare the background work."""
        import_module("policies.tasks")
