"""A real worker delivers webhooks, also when it is killed in the middle."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests import factories
from tests.registry.collaboration.receiver import Call, Receiver, receiving, status
from tests.support.organisation import Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

VERSIONS = 30
KILL_AT = (5, 15)


class Killing:
    """Takes deliveries, and holds chosen ones until the worker is dead."""

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
def test_a_worker_killed_in_the_middle_of_a_delivery_loses_nothing(service: Service) -> None:
    with receiving() as receiver:
        rule = Killing(receiver)
        receiver.rule = rule
        service.settings["MUNIMENT_WEBHOOK_ALLOWED_NETWORKS"] = "127.0.0.1/32"
        service.settings["MUNIMENT_WEBHOOK_PLAIN_HTTP"] = "on"
        service.start_web()
        organisation = Organisation.found(service)
        secret = make_webhook(organisation, receiver)
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
        await_all(receiver)
        assert all(call.is_signed_with(secret) for call in receiver.calls)
    assert first_numbers(receiver) == list(range(1, VERSIONS + 1))


def make_webhook(organisation: Organisation, receiver: Receiver) -> str:
    body = {
        "workspace": "assist-dev",
        "url": receiver.url,
        "events": ["registry.version.registered"],
    }
    answer = organisation.client("administrator").post("/api/registry/webhooks/", body)
    secret: str = answer.expect(201).json["secret"]
    return secret


def await_all(receiver: Receiver) -> None:
    """Wait for every delivery; a dead worker's lease runs out after a minute."""
    started = time.monotonic()
    wait_until(
        lambda: len({call.id for call in receiver.calls}) == VERSIONS,
        what=f"{VERSIONS} deliveries at the receiver",
        seconds=600,
    )
    print(
        f"worker killed {len(KILL_AT)} times in the middle of a delivery: {VERSIONS} entries, "
        f"lost 0, {len(receiver.calls) - VERSIONS} delivered twice with the same id, the last "
        f"{time.monotonic() - started:.0f} s after the last kill"
    )


def first_numbers(receiver: Receiver) -> list[int]:
    """The numbers of the versions in the order in which they first came."""
    seen: dict[str, int] = {}
    for call in receiver.calls:
        seen.setdefault(call.id, call.json["data"]["data"]["number"])
    return list(seen.values())
