"""``manage.py bundle export|verify|import|key``: carry versions between installations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actors import Actor, Via
from core.errors import DomainError
from core.models import User
from registry.bundles.manifest import BadBundle, opened
from registry.bundles.signing import fingerprint, public_pem
from registry.queries.versions import reference_of
from registry.services.bundles.exporting import export_bundle
from registry.services.bundles.importing import import_bundle
from registry.services.bundles.keys import signing_key


class Command(BaseCommand):
    help = "Export a version as a signed bundle, verify a bundle, import one, or show the key."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="write the bundle of a version")
        export.add_argument("version", help="workspace/kind/name/number or …@alias")
        export.add_argument("file", type=Path, help="a file that does not exist yet")
        export.add_argument("--as", dest="username", required=True, help="the account that acts")
        verify = verbs.add_parser("verify", help="check every byte of a bundle")
        verify.add_argument("file", type=Path)
        verify.add_argument("--key", default="", help="the fingerprint that must have signed")
        take = verbs.add_parser("import", help="register what a bundle carries")
        take.add_argument("file", type=Path)
        take.add_argument("--workspace", required=True, metavar="SLUG")
        take.add_argument("--as", dest="username", required=True, help="the account that acts")
        verbs.add_parser("key", help="show fingerprint and public key of this installation")

    def handle(self, *args: Any, **options: Any) -> None:
        verb = {
            "export": self._export,
            "verify": self._verify,
            "import": self._import,
            "key": self._key,
        }[options["verb"]]
        try:
            verb(options)
        except (DomainError, BadBundle) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _export(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        actor = _account(options["username"])
        with path.open("xb") as file:
            try:
                content = export_bundle(actor=actor, version=options["version"], file=file)
            except BaseException:
                path.unlink()
                raise
        self.stdout.write(content)

    def _verify(self, options: dict[str, Any]) -> None:
        with options["file"].open("rb") as file:
            bundle = opened(file)
        if options["key"] not in ("", bundle.signer):
            raise CommandError(f"The bundle is signed by {bundle.signer}.")
        self.stdout.write(f"whole, signed by {bundle.signer}, content {bundle.content_digest}")

    def _import(self, options: dict[str, Any]) -> None:
        actor = _account(options["username"])
        with options["file"].open("rb") as file:
            done = import_bundle(actor=actor, workspace=options["workspace"], file=file)
        for version, is_new in zip(done.versions, done.is_new, strict=True):
            self.stdout.write(f"{reference_of(version)} {'new' if is_new else 'was there'}")
        for alias in done.suggested_aliases:
            self.stdout.write(f"@{alias} was not moved")

    def _key(self, options: dict[str, Any]) -> None:
        pem = public_pem(signing_key())
        self.stdout.write(f"{fingerprint(pem)}\n{pem}", ending="")


def _account(username: str) -> Actor:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no account {username!r}.")
    return Actor(user=user, via=Via.COMMAND)
