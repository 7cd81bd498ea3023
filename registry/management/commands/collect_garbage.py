"""``manage.py collect_garbage``: let go of stored bytes that nothing refers to any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.actors import system
from registry.services import collection

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Let go of stored bytes that no version and no upload refers to any more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--grace-hours",
            type=float,
            help="how long bytes stay that nothing refers to (MUNIMENT_GARBAGE_GRACE_DAYS)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        hours = options["grace_hours"]
        if hours is not None and not 0 <= hours <= 24 * 36_500:
            raise CommandError("--grace-hours must be 0 to 876000")
        grace = None if hours is None else timedelta(hours=hours)
        collected = collection.collect(actor=system(), grace=grace)
        self.stdout.write(
            f"{collected.blobs} blobs, {collected.size} bytes, {collected.orphans} orphans let go;"
            f" {collected.uploads_released} expired uploads and {collected.claims_released} claims"
            " of deleted versions released"
        )
