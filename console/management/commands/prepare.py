"""`manage.py prepare`: what `up` needs done before the service can start."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser

from console.launch import DEMO_PENDING
from console.services import first_start
from core.actors import system
from policies.services import packs


class Command(BaseCommand):
    help = "Migrate; on the first start, make the administrator and store what ships. Prints JSON."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="the demo is not wanted")

    def handle(self, *args: Any, **options: Any) -> None:
        # Standard output carries the answer alone.
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
        password = first_start.create_administrator()
        if password:
            packs.install(actor=system())
        mark = Path(settings.DATA_DIR) / DEMO_PENDING
        if password and not options["no_demo"]:
            mark.touch()
        demo = mark.exists() and not options["no_demo"] and "demo" in get_commands()
        self.stdout.write(json.dumps({"password": password, "demo": demo}))
