"""`manage.py import_assets FORMAT SOURCE`: register what lists, folders and registries describe."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.denials import record_denial
from core.errors import DomainError
from registry.importers import huggingface, mlflow_export
from registry.management.accounts import actor_called
from registry.services.imports import work
from registry.services.imports.orders import FORMATS, MODES, Order
from registry.services.imports.reading import VALUES

INVALID, UNUSABLE = 1, 2
MAX_POINTER = 1024


class Command(BaseCommand):
    help = (
        "Import a CSV or JSON list, a Hugging Face folder, or an MLflow registry. The exit code is "
        "0, or 1 where an entry is not accepted, or 2 where the source cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=FORMATS)
        parser.add_argument(
            "source", help="a file, a folder, or with --python the address of an MLflow registry"
        )
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--account", required=True, help="who registers")
        parser.add_argument("--mode", choices=MODES, default="all", help="all or none, or by row")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--move-aliases", action="store_true")
        parser.add_argument("--reason", default="")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        mlflow = parser.add_argument_group("mlflow")
        mlflow.add_argument("--python", default="", help="a Python that has MLflow, to export with")
        mlflow.add_argument("--server-workspace", default="", help="the MLflow server's workspace")
        hub = parser.add_argument_group("huggingface")
        hub.add_argument("--repository", help="its id, such as acme/base")
        hub.add_argument("--revision", help="the commit that the files are of")
        hub.add_argument("--kind", choices=("model", "dataset"))
        hub.add_argument("--name", help="what the asset is called here")
        hub.add_argument("--personal-data", choices=("true", "false"))
        hub.add_argument(
            "--link",
            action="append",
            default=[],
            metavar="REPOSITORY=REF",
            help="the version here that a repository is",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actor_called(options["account"])
        try:
            order = _order(options)
            run = work.validate if options["dry_run"] else work.import_now
            report = run(actor=actor, order=order)
        except DomainError as error:
            record_denial(error, actor=actor)
            raise CommandError(error.detail, returncode=INVALID) from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['source']}: {error}", returncode=UNUSABLE) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.told(), ensure_ascii=False, indent=2))
        else:
            self._tell(report)
        if report.count("failed"):
            sys.exit(INVALID)

    def _tell(self, report: work.Report) -> None:
        for row in report.rows:
            self.stdout.write(f"{row.place}: {row.outcome} {row.ref or row.name}".rstrip())
            told = [f"kept as it is here: {', '.join(row.kept)}"] if row.kept else []
            if row.follows:
                told.append(f"reads otherwise than {row.follows}, imported from the same")
            if row.aliases_left:
                told.append(f"aliases not moved: {', '.join(row.aliases_left)}")
            for line in [*told, *row.notes]:
                self.stdout.write(f"  {line}")
            for problem in row.problems:
                self.stderr.write(f"{row.place}: {problem['field']}: {problem['reason']}")
        counts = ", ".join(
            f"{report.count(name)} {name}" for name in ("created", "unchanged", "failed")
        )
        self.stdout.write(f"{counts}{'' if report.is_applied else '; nothing was written'}")


def _order(options: dict[str, Any]) -> Order:
    path = Path(options["source"])
    content, files = "", dict[str, str]()
    if options["format"] == "huggingface":
        files = _folder(path)
    elif options["python"]:
        content = _exported(options)
    else:
        content = path.read_text(encoding="utf-8")
    is_address = bool(options["python"])
    return Order(
        format=options["format"],
        workspace=options["workspace"],
        content=content,
        files=files,
        mode=options["mode"],
        source="mlflow" if is_address else path.name,
        reason=options["reason"],
        is_moving_aliases=options["move_aliases"],
        links=_links(options["link"]),
        told=_told(options),
    )


def _links(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if wrong := next((one for one, pair in zip(given, pairs, strict=True) if not pair[2]), ""):
        raise CommandError(f"--link {wrong}: must be REPOSITORY=REF", returncode=UNUSABLE)
    return {repository: ref for repository, _, ref in pairs}


def _told(options: dict[str, Any]) -> dict[str, Any]:
    names = ("repository", "revision", "kind", "name")
    told: dict[str, Any] = {name: options[name] for name in names if options[name]}
    if options["personal_data"]:
        told["personal_data"] = options["personal_data"] == "true"
    return told


def _folder(path: Path) -> dict[str, str]:
    """Return the metadata files of a folder, and the Git LFS pointers in it."""
    if not path.is_dir():
        raise CommandError(f"{path} is no folder", returncode=UNUSABLE)
    known = {huggingface.CARD, *VALUES, "adapter_config.json"}
    found: dict[str, str] = {}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if name.startswith(".git/") or not file.is_file():
            continue
        if name in known:
            found[name] = file.read_text(encoding="utf-8")
        elif file.stat().st_size <= MAX_POINTER:
            text = file.read_text(encoding="utf-8", errors="replace")
            found |= {name: text} if huggingface.POINTER.match(text) else {}
    return found


def _exported(options: dict[str, Any]) -> str:
    """Return the export that MLflow's own client gives, run by the Python that has it."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "export.jsonl"
        command = [options["python"], mlflow_export.__file__, options["source"]]
        command += ["--output", str(output)]
        if options["server_workspace"]:
            command += ["--workspace", options["server_workspace"]]
        # The client's own settings, credentials among them, come from the environment.
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise CommandError(f"the export failed: {last[:500]}", returncode=UNUSABLE)
        return output.read_text(encoding="utf-8")
