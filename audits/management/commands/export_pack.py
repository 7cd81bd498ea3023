"""``manage.py export_pack FILE``: make an evidence pack here and now, and write it to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from audits.queries.log import first_log_key
from audits.services.packs.export import export_pack
from audits.services.report_bases import Asked
from core.denials import record_denial
from core.errors import DomainError
from registry.management.accounts import actor_called


class Command(BaseCommand):
    """Ask for a pack, do what a worker would do for it, and write it down."""

    help = "Make an evidence pack of a scan, workspaces or a version, and write it to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, who asks, and of what."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="the account that asks")
        basis = parser.add_mutually_exclusive_group(required=True)
        basis.add_argument("--scan", type=UUID, help="the uuid of a complete scan")
        basis.add_argument("--workspace", action="append", dest="workspaces", help="a slug")
        basis.add_argument("--version-of", dest="reference", help="a reference")
        basis.add_argument("--organisation", action="store_true", help="every workspace")
        parser.add_argument("--as-of", help="RFC 3339; a scan has its own time")
        parser.add_argument("--framework", default="", help="only the controls of this one")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Make the pack, and say how to verify it."""
        as_of = parse_datetime(options["as_of"]) if options["as_of"] else None
        if options["as_of"] and as_of is None:
            raise CommandError("--as-of must be a time like 2026-07-30T10:00:00Z", returncode=2)
        actor = actor_called(options["username"])
        try:
            asked = Asked(
                scan=options["scan"],
                workspaces=options["workspaces"],
                is_organisation=options["organisation"],
                version=options["reference"],
                as_of=as_of,
                framework=options["framework"],
            )
            pack = export_pack(file, actor=actor, asked=asked)
        except DomainError as error:
            record_denial(error, actor=actor)
            raise CommandError(error.detail) from error
        self.stdout.write(f"{pack.digest} {file}, {pack.size} bytes")
        self.stdout.write(f"python3 muniment_verify.py {file} --key '{first_log_key()}'")
