"""`manage.py asset validate|export|import`: versions as files, for repositories and pipelines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rest_framework.exceptions import ValidationError

from core.denials import record_denial
from core.errors import DomainError
from core.http import parsers
from core.plain_yaml import dumps, loads
from registry.api.serializers.documents import DocumentSerializer
from registry.management.accounts import actor_called
from registry.queries.documents import export
from registry.services import documents

INVALID, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Validate, export or import versions as YAML or JSON files. The exit code is 0, or 1 "
        "where a file is not accepted, or 2 where it cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for verb, text in (
            ("validate", "say what importing would, and write nothing"),
            ("import", "register the versions that the files describe"),
        ):
            taking = verbs.add_parser(verb, help=text)
            taking.add_argument("files", nargs="+", metavar="FILE")
            taking.add_argument("--workspace", default="", help="instead of the file's own")
            taking.add_argument("--account", required=True, help="who registers")
            taking.add_argument("--reason", default="")
        giving = verbs.add_parser("export", help="write a version into a file")
        giving.add_argument("ref", metavar="REF", help="workspace/kind/name/number or @alias")
        giving.add_argument("file", nargs="?", metavar="FILE", help="default: standard output")
        giving.add_argument("--account", required=True, help="who reads")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            self._export(options)
            return
        refused = [file for file in options["files"] if not self._take(Path(file), options)]
        if refused:
            sys.exit(INVALID)

    def _export(self, options: dict[str, Any]) -> None:
        actor = actor_called(options["account"])
        try:
            document = export(actor, options["ref"])
        except DomainError as error:
            record_denial(error, actor=actor)
            raise CommandError(error.detail) from error
        if options["file"] is None:
            self.stdout.write(dumps(document), ending="")
            return
        path = Path(options["file"])
        is_json = path.suffix == ".json"
        text = json.dumps(document, ensure_ascii=False, indent=2) if is_json else dumps(document)
        path.write_text(text, encoding="utf-8")

    def _take(self, path: Path, options: dict[str, Any]) -> bool:
        """Validate or import a file; say what is wrong with it, and tell whether nothing was."""
        actor = actor_called(options["account"])
        given = {"workspace": options["workspace"], "reason": options["reason"]}
        try:
            document = _read(path)
            if options["verb"] == "validate":
                found = documents.validate_document(actor=actor, document=document, **given)
                self.stdout.write(f"{path}: valid, {found.digest}")
                return True
            done = documents.import_document(actor=actor, document=document, **given)
        except ValidationError as error:
            self.stderr.write(f"{path}: {json.dumps(error.detail)}")
            return False
        except DomainError as error:
            record_denial(error, actor=actor)
            told = [f"{one.field}: {one.reason}" for one in error.errors] or [error.detail]
            self.stderr.write("\n".join(f"{path}: {line}" for line in told))
            return False
        state = "registered" if done.is_new else "is there"
        self.stdout.write(f"{path}: {state}, {done.version.asset.name} {done.version.number}")
        return True


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=UNUSABLE) from error
    value = parsers.loads(raw) if path.suffix == ".json" else loads(raw)
    shape = DocumentSerializer(data=value)
    shape.is_valid(raise_exception=True)
    document: dict[str, Any] = shape.validated_data
    return document
