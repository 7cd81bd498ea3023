"""``manage.py retry_lineage SINK``: send again what a sink did not take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import InvalidInput
from lineage.services import delivery

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Ask for another try of every OpenLineage event that a sink did not take."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sink", nargs="?", default="default")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            due = delivery.retry_dead_letters(options["sink"])
        except InvalidInput as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{due} events are due")
