"""``manage.py fsck``: compare the table of stored bytes with the bytes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from core.actors import system
from registry.services import fsck

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Compare the table of stored bytes with the bytes; exits with 1 when some are lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fast", action="store_true", help="compare sizes, hash nothing")
        parser.add_argument(
            "--repair", action="store_true", help="find lost bytes again, remove old orphans"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        checked = fsck.check(
            actor=system(), is_thorough=not options["fast"], repair=options["repair"]
        )
        self.stdout.write(f"{checked.blobs} blobs, {checked.size} bytes, {checked.orphans} orphans")
        for word in ("missing", "damaged", "unclaimed", "repaired"):
            for digest in getattr(checked, word):
                self.stdout.write(f"{word:9} {digest}")
        if not checked.is_sound:
            sys.exit(1)
