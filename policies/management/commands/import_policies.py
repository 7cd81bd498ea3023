"""``manage.py import_policies``: store the policies of an OPA bundle, a folder or an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.denials import record_denial
from core.errors import DomainError
from policies.bundles import archive
from policies.services.imports import import_bundle
from registry.management.accounts import actor_called


class Command(BaseCommand):
    """Stores what is new or has changed, after the checks of a save; all of it or nothing."""

    help = "Store the policies, fixtures and set of an OPA bundle: a folder or a tar.gz."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="the account that acts")
        parser.add_argument("--dry-run", action="store_true", help="check, and store nothing")
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actor_called(options["username"])
        try:
            done = import_bundle(
                actor=actor,
                read=lambda: _read(options["path"]),
                dry_run=options["dry_run"],
                reason=options["reason"],
            )
        except DomainError as error:
            record_denial(error, actor=actor)
            for each in error.errors:
                self.stderr.write(f"{each.field}: {each.reason}")
            raise CommandError(error.detail) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        for one in done:
            self.stdout.write(f"{one.ref} {one.outcome}")


def _read(path: Path) -> archive.Archive:
    if not path.is_dir():
        with path.open("rb") as file:
            return archive.read(file.read(archive.MAX_PACKED_BYTES + 1))
    files: dict[str, bytes] = {}
    left = archive.MAX_BYTES
    for each in sorted(path.rglob("*")):
        if each.is_symlink() or not each.is_file():
            continue
        if each.stat().st_size > left or len(files) > archive.MAX_FILES:
            raise archive.InvalidBundle(f"{path} is larger than what is taken")
        files[each.relative_to(path).as_posix()] = each.read_bytes()
        left -= each.stat().st_size
    return archive.archive_of(files)
