"""``manage.py apply_retention``: let go of what is old by the rules, or only count it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from audits.services import retention
from core.actors import system

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Let go of records that are older than the rules of retention say; nothing in hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="change nothing; count what would go"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        run = retention.run_now(actor=system(), is_dry_run=options["dry_run"])
        verb = "would go" if run.is_dry_run else "went"
        for name, told in (run.counts or {}).items():
            self.stdout.write(
                f"{name}: {told['count']} {verb}, {told['held']} in hold ({told['days']} days)"
            )
        if not run.counts:
            self.stdout.write("no rule of retention holds: everything stays")
