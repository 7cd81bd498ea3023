"""``manage.py export_policies``: write policies as an OPA bundle, a folder or an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from policies.bundles.layout import Contents, bundle_bytes, bundle_files
from policies.queries.policies import set_version_by_reference
from policies.services import exports


class Command(BaseCommand):
    """Writes the newest versions of all policies, of those named, or a set with its members."""

    help = (
        "Write policies as an OPA bundle: Rego, tests, fixtures and .manifest. "
        "`opa test -b DIR`, `opa build -b DIR` and `opa eval -b DIR` take it as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a folder, empty or new; with --tar a file")
        parser.add_argument("--tar", action="store_true", help="write one archive (tar.gz)")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--policy", action="append", default=[], metavar="NAME")
        which.add_argument("--set", default="", metavar="NAME[/NUMBER]")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            contents = _contents(options)
        except DomainError as error:
            raise CommandError(error.detail) from error
        path: Path = options["path"]
        try:
            if options["tar"]:
                with path.open("xb") as file:
                    file.write(bundle_bytes(contents))
            else:
                _write(path, bundle_files(contents))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self.stdout.write(f"{len(contents.policies)} policies in {path}")


def _contents(options: dict[str, Any]) -> Contents:
    if options["set"]:
        chosen = set_version_by_reference(options["set"], field="set")
        return exports.set_contents(chosen.policy_set.uuid, chosen.number)
    return exports.all_contents(options["policy"])


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise CommandError(f"{folder} is not empty")
    for path, body in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
