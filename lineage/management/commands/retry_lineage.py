"""``manage.py retry_lineage SINK``: send again what a sink did not take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.actors import system
from core.errors import DomainError
from lineage.services import operating
from registry.management.accounts import actor_called

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Ask for another try of every OpenLineage event that a sink did not take."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sink", nargs="?", default="default")
        parser.add_argument("--account", default="", help="administrator on whose behalf")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            due = operating.retry_dead_letters(
                actor=actor_called(options["account"]) if options["account"] else system(),
                sink=options["sink"],
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{due} events are due")
