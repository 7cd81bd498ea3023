"""``manage.py replay_decision``: evaluate a stored decision again, or write it down for others."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.denials import record_denial
from core.errors import DomainError
from policies.engines.base import EngineError
from policies.engines.replay import ENGINES, UNUSABLE, engine_called, lines, read_export, replay
from policies.services import decisions
from registry.management.accounts import actor_called


class Command(BaseCommand):
    """Holds a decision against an engine of today, from the bytes that an export would carry."""

    help = (
        "Evaluate a stored decision again. The exit code is 0 where the answer is the same, "
        "1 where it differs, 2 where it cannot be evaluated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("decision", type=UUID)
        parser.add_argument("--as", dest="username", required=True, help="the account that acts")
        parser.add_argument("--engine", choices=ENGINES, default="embedded")
        parser.add_argument("--export", type=Path, help="write the export here instead")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actor_called(options["username"])
        try:
            document = decisions.export(actor=actor, decision=options["decision"])
        except DomainError as error:
            record_denial(error, actor=actor)
            raise CommandError(error.detail, returncode=UNUSABLE) from error
        if options["export"]:
            options["export"].write_text(json.dumps(document, indent=2), encoding="utf-8")
            return
        try:
            engine = engine_called(
                options["engine"], url=settings.OPA_URL, token=settings.OPA_TOKEN
            )
            result = replay(read_export(json.dumps(document)), engine)
            engine.close()
        except EngineError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        self.stdout.write("\n".join(lines(result)))
        if not result.is_same:
            sys.exit(1)
