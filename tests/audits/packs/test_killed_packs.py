"""A worker that is killed while it makes a pack leaves one pack, and nothing else."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from audits.packs.contents import STAGES
from audits.verifier import muniment_verify as verifier
from tests.audits.test_killed_scans import run as run_in_estate
from tests.support.client import Client
from tests.support.organisation import WORKSPACES, Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.faults]


def inside(service: Service, call: str) -> str:
    """Call a function of `killed` inside the installation."""
    code = f"from tests.audits.packs import killed; killed.{call}()"
    return service.manage("shell", "--no-imports", "-c", code)


def is_amid(client: Client, path: str, *, stage: str) -> bool:
    """Whether the pack is at that stage, or beyond it and not yet done."""
    pack: dict[str, Any] = client.get(path).expect(200).json
    assert pack["status"] != "completed", "the pack was made before it could be hit"
    assert pack["status"] != "failed", pack["error"]
    progress = pack["progress"] or {"done": 0}
    return pack["status"] == "running" and int(progress["done"]) > STAGES.index(stage)


def test_a_pack_survives_two_killed_workers(
    service: Service, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    organisation = Organisation.found(service)
    run_in_estate(service, "found")
    service.start_web()
    auditor = organisation.client("auditor")
    worker = service.start_worker()
    asked = auditor.post("/api/audits/packs/", {"workspaces": list(WORKSPACES)}).expect(202)
    path = f"/api/audits/packs/{asked.json['uuid']}/"

    for stage in ("reports", "decisions"):
        service.processes[worker].give_way()
        wait_until(
            partial(is_amid, auditor, path, stage=stage), what=f"a pack at {stage}", seconds=600
        )
        service.kill(worker)
        assert auditor.get(path).json["status"] == "running"
        run_in_estate(service, "let_leases_run_out")
        service.restart(worker)
    wait_until(
        lambda: auditor.get(path).json["status"] == "completed", what="the pack", seconds=600
    )

    inside(service, "age")
    service.manage("collect_garbage", "--grace-hours", "0")
    left = json.loads(inside(service, "left"))
    with capsys.disabled():
        print(f"\nkilled 2 workers over a pack: {json.dumps(left)}")
    assert (left["status"], left["attempts"], left["completed"]) == ("completed", 3, 1)
    assert (left["objects"], left["orphans"], left["temporary"]) == (1, 0, 0)
    auditor = organisation.client("auditor")  # the old connection was idle for too long
    keys = auditor.get("/api/audits/checkpoints/keys/").expect(200).json
    vkey = next(each["vkey"] for each in keys if each["purpose"] == "log")
    content = auditor.get(f"{path}download/").expect(200).body
    (tmp_path / "pack.zip").write_bytes(content)
    assert verifier.main([str(tmp_path / "pack.zip"), "--key", vkey]) == verifier.OK
