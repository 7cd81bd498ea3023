"""`manage.py up`, listed in `help`; the work is done by a process without Django."""

from __future__ import annotations

import os
import sys
from argparse import REMAINDER
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from console.bootstrap import ROOT


class Command(BaseCommand):
    help = "Run Muniment: web and worker under a supervisor. `up --help` lists the options."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("arguments", nargs=REMAINDER)

    def handle(self, *args: Any, **options: Any) -> None:
        manage = str(ROOT / "manage.py")
        os.execv(sys.executable, [sys.executable, manage, "up", *options["arguments"]])
