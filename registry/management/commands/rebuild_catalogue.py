"""``manage.py rebuild_catalogue``: make the catalogue anew, or tell where it differs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from registry.services.catalogue import projection

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Make every entry of the catalogue anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; name the assets whose entry differs, and exit with 1 for any",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(f"{projection.rebuild()} entries")
            return
        differing = list(projection.drift())
        for reference in differing:
            self.stdout.write(f"differs {reference}")
        self.stdout.write(f"{len(differing)} entries differ")
        if differing:
            sys.exit(1)
