"""A real worker delivers lineage, also when it is killed in the middle."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from console import programs
from tests import factories
from tests.lineage.receiver import Receiver, receiving
from tests.lineage.steps import assert_runs_in_order
from tests.support.client import Client
from tests.support.organisation import Organisation
from tests.support.processes import ManagedProcess, wait_until
from tests.support.service import Service

VERSIONS = 12
EVENTS = 1 + 3 * VERSIONS
KILL_AFTER = 10


def register(client: Client, kind: str, spec: dict[str, Any], **fields: Any) -> None:
    body = {"workspace": "assist-dev", "kind": kind, "spec": spec, **fields}
    client.post("/api/registry/versions/", body).expect(201)


def register_all(author: Client) -> None:
    """A dataset, and models that were trained on it: one event and three for each model."""
    register(author, "dataset", factories.DATASET_SPEC, name="tickets")
    links = [{"role": "trained_on", "to": "assist-dev/dataset/tickets/1"}]
    for _ in range(VERSIONS):
        register(author, "model", factories.MODEL_SPEC, name="bot", links=links)


@pytest.mark.slow
@pytest.mark.faults
def test_a_worker_killed_in_the_middle_of_delivery_loses_nothing(service: Service) -> None:
    reached, killed = threading.Event(), threading.Event()

    def rule(event: dict[str, Any]) -> int:
        if len(receiver.taken) == KILL_AFTER and not killed.is_set():
            reached.set()
            killed.wait(120)
        return 201

    with receiving() as receiver:
        receiver.rule = rule
        service.settings["MUNIMENT_OPENLINEAGE_TRANSPORT"] = json.dumps(receiver.transport())
        service.start_web()
        organisation = Organisation.found(service)
        register_all(organisation.client("author"))

        worker = service.start_worker()
        assert reached.wait(120), "the worker sent nothing"
        service.kill(worker)
        killed.set()
        service.restart(worker)

        await_all(receiver)

        # A new connection: the first may have been idle for too long.
        answer = organisation.client("reader").get("/api/lineage/events/", limit="200")
        listed = answer.expect(200).json["results"]

    sent = {f"sha256:{hashlib.sha256(body).hexdigest()}" for body in receiver.taken}
    assert {event["digest"] for event in listed} == sent
    assert_runs_arrived_in_order(receiver.taken)


@pytest.mark.slow
@pytest.mark.faults
def test_no_configuration_of_other_programs_leaks_into_what_a_worker_sends(
    service: Service, tmp_path: Path
) -> None:
    """The worker runs in a folder, with a home and an environment, that are all made to leak."""
    leaking = "tags: {run: {leak: yes}, job: {leak: yes}}\ntransport: {type: noop}\n"
    (tmp_path / "openlineage.yml").write_text(leaking)
    (tmp_path / ".openlineage").mkdir()
    (tmp_path / ".openlineage" / "openlineage.yml").write_text(leaking)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    with receiving() as receiver:
        service.settings |= {
            "MUNIMENT_OPENLINEAGE_TRANSPORT": json.dumps(receiver.transport()),
            "HOME": str(tmp_path),
            "OPENLINEAGE_URL": "http://127.0.0.1:1",
            "OPENLINEAGE_DISABLED": "true",
            "OPENLINEAGE_CONFIG": str(tmp_path / "openlineage.yml"),
            "OPENLINEAGE__TAGS__RUN__LEAK": "yes",
            "OPENLINEAGE__TRANSPORT__TYPE": "noop",
        }
        service.start_web()
        register_all(Organisation.found(service).client("author"))
        worker = ManagedProcess.start(
            programs.worker().command,
            name="elsewhere",
            log=tmp_path / "worker.log",
            env=service.environment,
            cwd=tmp_path,
        )
        try:
            await_all(receiver)
        finally:
            worker.stop()

    text = b" ".join(receiver.taken)
    assert b"leak" not in text
    assert b"client_version" not in text
    assert b"sourceCodeLocation" not in text


def await_all(receiver: Receiver) -> None:
    """Wait for every event; the dead worker's lease runs out after a minute."""
    started = time.monotonic()
    wait_until(
        lambda: len(set(receiver.taken)) == EVENTS,
        what=f"{EVENTS} events at the receiver",
        seconds=600,
    )
    print(
        f"killed in the middle of event {KILL_AFTER + 1}; after the restart the rest of "
        f"{EVENTS} arrived within {time.monotonic() - started:.0f} s, "
        f"{len(receiver.taken) - EVENTS} of them twice"
    )


def assert_runs_arrived_in_order(taken: list[bytes]) -> None:
    """Every run is there, and of each START came first before COMPLETE did."""
    assert assert_runs_in_order(taken) == VERSIONS
