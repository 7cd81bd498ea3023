"""A real worker streams the journal, also when it is killed in the middle of a batch."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests import factories
from tests.registry.collaboration.receiver import Call, Receiver, receiving, status
from tests.support.organisation import Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

VERSIONS = 30
KILL_AT = (4, 9)


class Killing:
    """Takes batches, and holds chosen ones until the worker is dead."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.reached, self.killed = threading.Event(), threading.Event()
        self.left = list(KILL_AT)

    def __call__(self, call: Call, handler: Any) -> None:
        if self.left and len(self.receiver.calls) >= self.left[0]:
            self.left.pop(0)
            self.reached.set()
            self.killed.wait(120)
            self.killed.clear()
        status(204)(call, handler)


@pytest.mark.slow
@pytest.mark.faults
def test_a_worker_killed_in_the_middle_of_a_batch_loses_nothing(service: Service) -> None:
    with receiving() as receiver:
        rule = Killing(receiver)
        receiver.rule = rule
        service.settings["MUNIMENT_STREAM_ALLOWED_NETWORKS"] = "127.0.0.1/32"
        service.settings["MUNIMENT_STREAM_PLAIN"] = "on"
        service.start_web()
        organisation = Organisation.found(service)
        make_stream(organisation, receiver)
        worker = service.start_worker()
        author = organisation.client("author")
        for _ in range(VERSIONS):
            body = {"workspace": "assist-dev", "kind": "dataset", "name": "tickets"}
            spec = {"spec": factories.DATASET_SPEC}
            author.post("/api/registry/versions/", body | spec).expect(201)
        for _ in KILL_AT:
            assert rule.reached.wait(240), "the worker sent nothing"
            rule.reached.clear()
            service.kill(worker)
            rule.killed.set()
            service.restart(worker)
        # A dead worker's lease runs out after a minute.
        wait_until(
            lambda: len({each["uuid"] for each in entries(receiver)}) == VERSIONS,
            what=f"{VERSIONS} entries at the receiver",
            seconds=600,
        )
    told = entries(receiver)
    seen = list({each["uuid"]: each["data"]["number"] for each in told}.values())
    assert seen == list(range(1, VERSIONS + 1))
    print(
        f"worker killed {len(KILL_AT)} times in the middle of a batch: {VERSIONS} entries, "
        f"lost 0, {len(told) - VERSIONS} told twice"
    )


def make_stream(organisation: Organisation, receiver: Receiver) -> None:
    stream = {
        "name": "siem",
        "address": receiver.url,
        "batch": 3,
        "actions": ["registry.version.registered"],
    }
    organisation.client("administrator").post("/api/audits/streams/", stream).expect(201)


def entries(receiver: Receiver) -> list[dict[str, Any]]:
    """Every entry that came, as often as it came."""
    return [json.loads(line) for call in receiver.calls for line in call.body.splitlines()]
