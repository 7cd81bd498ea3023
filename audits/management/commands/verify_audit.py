"""``manage.py verify_audit``: verify this installation's journal as a stranger would."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.services.transparency.anchors import anchor_file
from audits.services.transparency.export import export_log
from audits.verifier import muniment_verify
from core.actors import Actor, Via
from core.errors import DomainError


class Command(BaseCommand):
    """Export the log to a folder that is removed again, and run the verifier over it."""

    help = "Verify the journal against its signed checkpoints and the anchor file; see docs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take keys and anchors that were kept elsewhere."""
        parser.add_argument("--key", action="append", help="a public key that you trust")
        parser.add_argument("--anchor", action="append", type=Path, help="a file of checkpoints")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with the verifier's code; 0 when all is well."""
        anchors: list[Path] = options["anchor"] or []
        own = anchor_file()
        if not anchors and own is not None and own.exists():
            anchors = [own]
        with tempfile.TemporaryDirectory(prefix="muniment-log-") as name:
            folder = Path(name)
            try:
                done = export_log(
                    folder, actor=Actor(user=None, via=Via.COMMAND), is_journalled=False
                )
            except DomainError as error:
                raise CommandError(error.detail) from error
            given = [str(folder)]
            for key in options["key"] or [done.vkey]:
                given += ["--key", key]
            for anchor in anchors:
                given += ["--anchor", str(anchor)]
            code = muniment_verify.main(given)
        if code:
            sys.exit(code)
