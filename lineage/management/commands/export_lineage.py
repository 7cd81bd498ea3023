"""``manage.py export_lineage FORMAT REF --account NAME``, or ``--workspace SLUG`` for REF: lineage
for another catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from core.denials import record_denial
from core.errors import DomainError
from lineage.graph import Direction
from lineage.graph.exploration import MAX_DEPTH
from lineage.services.exporting import FORMATS, export
from registry.management.accounts import actor_called

if TYPE_CHECKING:
    from argparse import ArgumentParser

NO_LIMIT = 10_000_000  # whoever has the server's console may wait


class Command(BaseCommand):
    help = "Write lineage of a version or a workspace as DataHub, OpenMetadata or Atlas take it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=list(FORMATS))
        parser.add_argument("ref", nargs="?", default="", help="version, by number or alias")
        parser.add_argument("--workspace", default="", help="all of this workspace instead")
        parser.add_argument("--account", required=True, help="account that sees it")
        parser.add_argument(
            "--direction", default="both", choices=[each.value for each in Direction]
        )
        parser.add_argument("--depth", type=int, default=MAX_DEPTH)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actor_called(options["account"])
        try:
            found = export(
                actor,
                options["format"],
                options["ref"],
                workspace=options["workspace"],
                limit=NO_LIMIT,
                direction=options["direction"],
                depth=options["depth"],
            )
        except DomainError as error:
            record_denial(error, actor=actor)
            raise CommandError(error.detail) from error
        self.stdout.write(json.dumps(found.document, indent=2, ensure_ascii=False))
        if found.hidden or found.is_partial:
            self.stderr.write(
                f"{found.hidden} versions are not shown to {options['account']};"
                f" {'more lies beyond the limits' if found.is_partial else 'all else is there'}"
            )
