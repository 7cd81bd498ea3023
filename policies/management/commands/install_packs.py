"""``manage.py install_packs``: store the shipped policies and sets."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.actors import system
from policies.services.packs import install


class Command(BaseCommand):
    """Installs what is missing or has changed; running it again does nothing."""

    help = "Store the policies and sets that ship with the product."

    def handle(self, *args: Any, **options: Any) -> None:
        installed = install(actor=system())
        for reference in (*installed.policies, *installed.sets):
            self.stdout.write(reference)
