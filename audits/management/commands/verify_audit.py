"""``manage.py verify_audit``: verify this installation's journal as a stranger would."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.queries.log import first_log_key
from audits.services.transparency.anchors import anchor_file
from audits.services.transparency.export import export_log
from audits.verifier import muniment_verify
from core.actors import Actor, Via
from core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Command(BaseCommand):
    """Export the log to a folder that is removed again, and run the verifier over it."""

    help = "Verify the journal, or an evidence pack, as a stranger would; see docs/audits.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take keys and anchors that were kept elsewhere."""
        parser.add_argument("--key", action="append", help="a public key that you trust")
        parser.add_argument("--anchor", action="append", type=Path, help="a file of checkpoints")
        parser.add_argument("--pack", type=Path, help="an evidence pack to verify instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with the verifier's code; 0 when all is well."""
        anchors: list[Path] = options["anchor"] or []
        own = anchor_file()
        if not anchors and own is not None and own.exists():
            anchors = [own]
        if options["pack"]:
            vkeys = options["key"] or [first_log_key()]
            if code := _verify(options["pack"], vkeys=vkeys, anchors=anchors):
                sys.exit(code)
            return
        with tempfile.TemporaryDirectory(prefix="muniment-log-") as name:
            folder = Path(name)
            try:
                done = export_log(
                    folder, actor=Actor(user=None, via=Via.COMMAND), is_journalled=False
                )
            except DomainError as error:
                raise CommandError(error.detail) from error
            code = _verify(folder, vkeys=options["key"] or [done.vkey], anchors=anchors)
        if code:
            sys.exit(code)


def _verify(path: Path, *, vkeys: Sequence[str], anchors: Sequence[Path]) -> int:
    given = [str(path)]
    for key in vkeys:
        given += ["--key", key]
    for anchor in anchors:
        given += ["--anchor", str(anchor)]
    return muniment_verify.main(given)
