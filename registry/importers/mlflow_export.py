"""Write the registry of an MLflow server as lines of JSON, through MLflow's own client.

    python mlflow_export.py http://mlflow.example:5000 --output registry.jsonl

It runs with any Python that has MLflow, and needs nothing of this product. Credentials are those
of the client's own environment variables; nothing of them is written. The format is described in
docs/imports.md.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORMAT = "muniment.mlflow-export/1"
PROMPTS = "tags.`mlflow.prompt.is_prompt` = 'true'"
USER_INFO = re.compile(r"(?<=://)[^/@]*@")
PAGE = 200


def main() -> None:
    """Write the export to the file that was asked for, or to standard output."""
    parser = argparse.ArgumentParser(description="Export the registry of an MLflow server.")
    parser.add_argument("uri", help="address of the registry")
    parser.add_argument("--tracking-uri", default="", help="of the runs, where it is another one")
    parser.add_argument("--workspace", default="", help="the server's workspace")
    parser.add_argument("--output", default="", help="default: standard output")
    options = parser.parse_args()
    lines = (json.dumps(record, sort_keys=True) + "\n" for record in records(options))
    if not options.output:
        sys.stdout.writelines(lines)
        return
    with open(options.output, "w", encoding="utf-8") as file:  # noqa: PTH123 - nothing but a name
        file.writelines(lines)


def records(options: Any) -> Iterator[dict[str, Any]]:
    """Yield the header, then each model or prompt followed by its versions, oldest first."""
    import mlflow
    from mlflow import MlflowClient

    if options.workspace:
        mlflow.set_workspace(options.workspace)
    client = MlflowClient(options.tracking_uri or options.uri, options.uri)
    registry = USER_INFO.sub("", options.uri)
    if options.workspace:
        registry = f"{registry.rstrip('/')}#{options.workspace}"
    yield {
        "format": FORMAT,
        "registry": registry,
        "mlflow": mlflow.__version__,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    runs = Runs(client)
    for kind, only in (("model", ""), ("prompt", PROMPTS)):
        for found in pages(client.search_registered_models, filter_string=only):
            # Some servers leave the aliases out of what a search finds; prompts are only found so.
            whole = found if only else client.get_registered_model(found.name)
            yield model_record(whole, kind)
            versions = pages(client.search_model_versions, filter_string=named(found.name, only))
            for version in sorted(versions, key=lambda one: int(one.version)):
                yield version_record(version, runs)


def pages(search: Callable[..., Any], **query: Any) -> Iterator[Any]:
    """Yield everything that a search finds."""
    token = None
    while True:
        page = search(max_results=PAGE, page_token=token, **query)
        yield from page
        token = page.token
        if not token:
            return


def named(name: str, more: str) -> str:
    """Return the filter for the versions of a name."""
    quote = '"' if "'" in name else "'"
    return " AND ".join(part for part in (f"name = {quote}{name}{quote}", more) if part)


def model_record(model: Any, kind: str) -> dict[str, Any]:
    """Return a registered model or prompt."""
    return {
        "type": "model",
        "kind": kind,
        "name": model.name,
        "description": model.description or "",
        "tags": dict(model.tags),
        "aliases": {alias: str(number) for alias, number in dict(model.aliases).items()},
        "created_at": model.creation_timestamp,
        "updated_at": model.last_updated_timestamp,
    }


def version_record(version: Any, runs: Runs) -> dict[str, Any]:
    """Return a version, with what its run logged."""
    return {
        "type": "version",
        "name": version.name,
        "version": str(version.version),
        "source": version.source or "",
        "run_id": version.run_id or "",
        "run_link": version.run_link or "",
        "model_id": getattr(version, "model_id", "") or "",
        "user_id": version.user_id or "",
        "description": version.description or "",
        "tags": dict(version.tags),
        "stage": version.current_stage or "",
        "created_at": version.creation_timestamp,
        "updated_at": version.last_updated_timestamp,
        **runs.told(version.run_id),
    }


class Runs:
    """What runs logged, each asked for once."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._known: dict[str, dict[str, Any]] = {}

    def told(self, run_id: str | None) -> dict[str, Any]:
        """Return the run, or why it cannot be had: it may be deleted, or tracked elsewhere."""
        if not run_id:
            return {}
        if run_id not in self._known:
            self._known[run_id] = self._asked(run_id)
        return self._known[run_id]

    def _asked(self, run_id: str) -> dict[str, Any]:
        from mlflow.exceptions import MlflowException

        try:
            run = self._client.get_run(run_id)
        except MlflowException as error:
            return {"run_error": str(error.error_code)}
        return {
            "run": {
                "name": run.info.run_name or "",
                "experiment_id": run.info.experiment_id,
                "start_time": run.info.start_time,
                "params": dict(run.data.params),
                "metrics": {name: plain(value) for name, value in run.data.metrics.items()},
            }
        }


def plain(value: float) -> Any:
    """Return a number, or its name where JSON has none for it."""
    return value if value - value == 0 else str(value)


if __name__ == "__main__":
    main()
