"""Registries imported through the unmodified client: a stock server's, and our own protocol's."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.support.client import Client
from tests.support.mlflow import environment, run_client
from tests.support.organisation import Organisation
from tests.support.parts import PartMissing, missing
from tests.support.processes import free_port
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.interop]
HERE = Path(__file__).parent


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[str]:
    """A stock MLflow server with one worker and a database of its own."""
    try:
        folder = environment()
    except PartMissing as error:
        missing(str(error))
    port = free_port()
    store = ["--backend-store-uri", f"sqlite:///{tmp_path}/mlflow.db"]
    store += ["--default-artifact-root", "mlflow-artifacts:/", "--artifacts-destination"]
    command = [str(folder / "bin" / "mlflow"), "server", *store, str(tmp_path / "artifacts")]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
            env={
                "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
                "MLFLOW_DISABLE_TELEMETRY": "true",
                "DO_NOT_TRACK": "true",
            },
            stdout=log,
            stderr=log,
            cwd=tmp_path,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(f"{url}/health", server, tmp_path / "server.log")
            yield url
        finally:
            server.terminate()
            server.wait(timeout=120)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - the address is our own
                break
        except (OSError, HTTPException):
            time.sleep(0.5)
    else:
        pytest.fail(f"the stock server did not start: {log.read_text()[-2000:]}")


def bring(service: Service, url: str, workspace: str, *more: str) -> Any:
    """Import by the command; return its report."""
    python = str(environment() / "bin" / "python")
    where = ("--workspace", workspace, "--account", "administrator", "--python", python)
    return json.loads(service.manage("import_assets", "mlflow", url, *where, "--json", *more))


def refs(report: Any) -> dict[str, str]:
    return {row["ref"]: row["outcome"] for row in report["rows"]}


def exported(client: Client, ref: str) -> Any:
    uuid = client.get("/api/registry/resolve/", ref=ref).expect(200).json["uuid"]
    answer = client.get(f"/api/registry/versions/{uuid}/export/", **{"as": "json"})
    return answer.expect(200).json


def test_a_stock_registry_comes_over_with_its_past_and_only_once(
    service: Service, stock: str
) -> None:
    service.migrate()
    organisation = Organisation.found(service)
    service.start_web()
    seeded = run_client(HERE / "mlflow_seed.py", stock, {})

    report = bring(service, stock, "assist-dev")
    again = bring(service, stock, "assist-dev")

    assert set(refs(report).values()) == {"created"}
    assert set(refs(again).values()) == {"unchanged"}
    client = organisation.client("administrator")
    third = exported(client, "assist-dev/model/iris/2")  # the second was deleted there
    created = datetime.fromtimestamp(seeded["created"] / 1000, UTC)
    kept = third["spec"]["extra"]["mlflow"]
    assert (kept["version"], kept["run_id"]) == ("3", seeded["run"])
    assert kept["created_at"] == created.isoformat(timespec="milliseconds")
    assert third["spec"]["hyperparameters"] == {"depth": "3"}
    assert third["metrics"] == [
        {"name": "f1", "value": 0.75, "evaluator": f"mlflow run {seeded['run']}"}
    ]
    assert (third["description"], third["tags"]["checked"]) == ("No 3", "yes")
    assert third["asset"] == {"description": "Flowers", "tags": {"team": "a"}}
    assert third["aliases"] == []
    prompt = exported(client, "assist-dev/prompt/greeting/2")
    assert prompt["spec"]["template"] == "Good day, {{name}}."
    assert exported(client, "assist-dev/prompt/greeting/1")["description"] == "First"

    moved = bring(service, stock, "assist-dev", "--move-aliases")
    assert moved["failed"] == 0
    assert exported(client, "assist-dev/model/iris/2")["aliases"] == ["champion"]


def test_our_own_protocol_is_exported_and_imported_alike(service: Service) -> None:
    try:
        environment()
    except PartMissing as error:
        missing(str(error))
    service.migrate()
    organisation = Organisation.found(service)
    service.start_web()
    run_client(
        HERE / "mlflow_session.py",
        service.base_url,
        {**organisation.tokens, "instance": "localhost"},
    )
    token = {"MLFLOW_TRACKING_TOKEN": organisation.tokens["administrator"]}
    service.settings = {**service.settings, **token}

    report = bring(
        service,
        service.base_url,
        "assist-staging",
        "--server-workspace",
        "assist-dev",
        "--mode",
        "rows",
    )

    assert report["created"] > 50
    told = [row["problems"] for row in report["rows"] if row["problems"]]
    assert told == []
    assert "assist-staging/prompt/greeting/2" in refs(report)
