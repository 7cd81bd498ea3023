"""`manage.py install_templates WORKSPACE`: a prompt of every template that the product ships."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from registry.management.accounts import actor_called
from registry.services import templates


class Command(BaseCommand):
    help = "Register the shipped prompt templates in a workspace; doing it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace")
        parser.add_argument("--account", required=True, help="who registers them")
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actor_called(options["account"])
        try:
            made = templates.install(
                actor=actor, workspace=options["workspace"], reason=options["reason"]
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        for one in made:
            state = "new" if one.is_new else "there"
            self.stdout.write(f"{state:5} {one.version.asset.name} {one.version.number}")
