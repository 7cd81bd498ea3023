"""``manage.py export_log FOLDER``: the whole journal, for somebody who verifies it elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.services.transparency.export import export_log
from core.actors import Actor, Via
from core.errors import DomainError


class Command(BaseCommand):
    """Write entries, leaves, checkpoints, keys and the verifier to a folder."""

    help = "Write the whole transparency log, with the verifier, to an empty folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Export, and say how to verify it."""
        try:
            done = export_log(folder, actor=Actor(user=None, via=Via.COMMAND))
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{done.entries} entries and {done.checkpoints} checkpoints in {folder}")
        self.stdout.write(f"python3 {folder}/muniment_verify.py {folder} --key '{done.vkey}'")
