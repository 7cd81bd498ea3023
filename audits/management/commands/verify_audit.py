"""``manage.py verify_audit``: verify this installation's journal as a stranger would."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.services.transparency.agreement import MOST_TOLD, look
from audits.services.transparency.evidence import anchor_files, known_witnesses
from audits.services.transparency.export import export_log
from audits.services.transparency.keys import trusted_key
from audits.services.transparency.timestamps import verify_stored
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
        parser.add_argument("--witness", action="append", help="a witness' key that you trust")
        parser.add_argument("--pack", type=Path, help="an evidence pack to verify instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with the verifier's code; 0 when all is well."""
        with tempfile.TemporaryDirectory(prefix="muniment-log-") as name:
            folder, own = Path(name) / "log", Path(name) / "anchors"
            try:
                anchors: list[Path] = options["anchor"] or anchor_files(own)
                if options["pack"]:
                    vkeys = options["key"] or [trusted_key()]
                    sys.exit(_verify(options["pack"], vkeys=vkeys, anchors=anchors))
                export_log(folder, actor=Actor(user=None, via=Via.COMMAND), is_journalled=False)
            except DomainError as error:
                raise CommandError(error.detail) from error
            witnesses = options["witness"] or known_witnesses()
            vkeys = options["key"] or [trusted_key()]
            code = _verify(folder, vkeys=vkeys, anchors=anchors, witnesses=witnesses)
        if code := code or self._timestamps() or self._agreement():
            sys.exit(code)

    def _timestamps(self) -> int:
        """Verify what authorities answered, which the standalone verifier leaves to others."""
        looked = verify_stored()
        for problem in looked.wrong:
            self.stdout.write(f"FAILED ({muniment_verify.SIGNATURE}): {problem}")
        if looked.verified:
            self.stdout.write(f"verified {looked.verified} timestamps")
        return muniment_verify.SIGNATURE if looked.wrong else muniment_verify.OK

    def _agreement(self) -> int:
        """Verify what an export does not have: that the database says what the entries say."""
        looked = look()
        code = muniment_verify.OK
        for kind, problems in (
            (muniment_verify.MISSING, looked.missing),
            (muniment_verify.CHANGED, looked.changed),
        ):
            for problem in problems[:MOST_TOLD]:
                self.stdout.write(f"FAILED ({kind}): {problem}")
            if problems[MOST_TOLD:]:
                self.stdout.write(f"FAILED ({kind}): {len(problems) - MOST_TOLD} more like these")
            code = kind if problems else code
        if code == muniment_verify.OK:
            self.stdout.write(f"the database says of {looked.entries} entries what they say")
        if looked.refused:
            self.stdout.write(f"note: {looked.refused} entries were refused and are in no log")
        return code


def _verify(
    path: Path, *, vkeys: Sequence[str], anchors: Sequence[Path], witnesses: Sequence[str] = ()
) -> int:
    given = [str(path)]
    for key in vkeys:
        given += ["--key", key]
    for anchor in anchors:
        given += ["--anchor", str(anchor)]
    for witness in witnesses:
        given += ["--witness", witness]
    return muniment_verify.main(given)
