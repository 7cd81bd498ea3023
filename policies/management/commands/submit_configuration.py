"""`manage.py submit_configuration`: submit a document of configurations, a file or a pipe."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from core.denials import record_denial
from core.errors import DomainError
from policies.models import Provenance
from policies.normalisers import FORMS
from policies.services import submissions
from policies.services.submitted import MAX_SOURCE_BYTES
from registry.management.accounts import actor_called

INVALID, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Submit every resource of a document. The exit code is 0, or 1 where a resource was"
        " refused or the document is not of the form, or 2 where it cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a file; - is standard input")
        parser.add_argument("--format", choices=sorted(FORMS), dest="form")
        parser.add_argument("--list-formats", action="store_true", help="print the formats")
        parser.add_argument("--workspace", metavar="SLUG")
        parser.add_argument("--account", help="who submits")
        parser.add_argument("--source", default="", help="who tells; by default the format")
        parser.add_argument("--type", default="", help="the type, where the form does not tell it")
        parser.add_argument("--external-id", default="", help="the id, likewise")
        parser.add_argument("--module", default="", help="the Azure Verified Module")
        parser.add_argument("--provenance", choices=Provenance.values, default="")
        parser.add_argument("--observed-at", default="", metavar="TIME", help="ISO 8601")
        parser.add_argument("--json", action="store_true", help="print what became of it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list_formats"]:
            for form in submissions.forms():
                self.stdout.write(f"{form['name']:<20} {form['title']} ({form['provenance']})")
            return
        for name in ("form", "workspace", "account"):
            if not options[name]:
                given = "format" if name == "form" else name
                raise CommandError(f"--{given} is needed", returncode=UNUSABLE)
        actor = actor_called(options["account"])
        try:
            done = submissions.submit_document(
                actor=actor,
                workspace=options["workspace"],
                form=options["form"],
                body=_read(options["file"]),
                about=_particulars(options),
            )
        except DomainError as error:
            record_denial(error, actor=actor)
            raise CommandError(_told(error), returncode=INVALID) from error
        except OSError as error:
            raise CommandError(f"{options['file']}: {error}", returncode=UNUSABLE) from error
        self._tell(done, as_json=options["json"])
        if done.refused:
            sys.exit(INVALID)

    def _tell(self, done: submissions.Submission, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_as_json(done), ensure_ascii=False, indent=2))
            return
        for snapshot, notes in zip(done.snapshots, done.notes, strict=True):
            self.stdout.write(f"{snapshot.resource}: {snapshot.provenance} {snapshot.digest}")
            for note in notes:
                self.stdout.write(f"  {note}")
        for skipped in done.skipped:
            self.stdout.write(f"{skipped.name}: left out, {skipped.reason}")
        for refused in done.refused:
            self.stderr.write(f"{refused.type} {refused.external_id}: {refused.reason}")
        if done.source_document.is_redacted:
            self.stdout.write("Secrets in the document were replaced before it was stored.")


def _read(name: str) -> bytes:
    """The bytes of the file, one more than are taken at most."""
    if name == "-":
        return sys.stdin.buffer.read(MAX_SOURCE_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MAX_SOURCE_BYTES + 1)


def _particulars(options: dict[str, Any]) -> submissions.Particulars:
    moment = None
    if options["observed_at"]:
        try:
            moment = parse_datetime(options["observed_at"])
        except ValueError:
            moment = None
        if moment is None:
            raise CommandError("--observed-at must be an ISO 8601 time", returncode=UNUSABLE)
    names = ("source", "type", "external_id", "module", "provenance")
    return submissions.Particulars(observed_at=moment, **{name: options[name] for name in names})


def _told(error: DomainError) -> str:
    """The error with each of its reasons on a line."""
    reasons = [f"  {each.field}: {each.reason}" for each in error.errors]
    return "\n".join([error.detail, *reasons] if len(reasons) > 1 else [error.detail])


def _as_json(done: submissions.Submission) -> dict[str, Any]:
    return {
        "source_digest": done.source_document.digest,
        "is_redacted": done.source_document.is_redacted,
        "snapshots": [
            {
                "uuid": str(each.uuid),
                "type": each.resource.type,
                "external_id": each.resource.external_id,
                "provenance": each.provenance,
                "digest": each.digest,
            }
            for each in done.snapshots
        ],
        "refused": [vars(each) for each in done.refused],
        "skipped": [{"name": each.name, "reason": each.reason} for each in done.skipped],
    }
