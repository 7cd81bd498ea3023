"""Promise 1, of received events: an acknowledged batch is there, and none is there in part."""

from __future__ import annotations

import random
import threading
import time

import pytest

from tests.faults import producers
from tests.faults.producers import SIZE, Producer
from tests.faults.writers import Tally, read_acknowledged
from tests.support.organisation import Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.faults]
PRODUCERS = 3
KILLS = 5
ACKNOWLEDGEMENTS = 60


def test_kill_9_of_the_receiver_loses_no_acknowledged_batch_and_leaves_none_half(
    service: Service,
) -> None:
    organisation = Organisation.found(service)
    web = service.start_web()[0]
    tally, stop = Tally(), threading.Event()
    senders = [
        Producer(number, organisation=organisation, tally=tally, stop=stop)
        for number in range(PRODUCERS)
    ]
    for sender in senders:
        sender.start()
    hits = [_kill_in_flight(service, web, tally) for _ in range(KILLS)]
    wait_until(lambda: tally.acknowledged >= ACKNOWLEDGEMENTS, what="enough batches", seconds=600)
    stop.set()
    for sender in senders:
        sender.join(timeout=120)

    acknowledged = {line["job"] for line in read_acknowledged(service.folder)}
    found = producers.read(service)
    lost = acknowledged - found["events"].keys()
    half = {name for name, count in found["events"].items() if count != SIZE}
    print(
        f"killed {KILLS} times with {sum(hits)} batches in flight ({tally.interrupted} "
        f"interrupted): acknowledged {len(acknowledged) * SIZE:,} events, "
        f"lost {len(lost)} batches, half {len(half)}"
    )
    assert all(hit > 0 for hit in hits)
    assert tally.other == {}
    assert (lost, half) == (set(), set())
    assert found["runs"] == found["edges"] == dict.fromkeys(found["events"], SIZE // 2)
    assert found["journalled"] == [SIZE] * len(found["events"])


def _kill_in_flight(service: Service, web: str, tally: Tally) -> int:
    """Kill the receiver while batches are in flight; return how many were, and start it again."""
    before = tally.acknowledged
    wait_until(lambda: tally.acknowledged >= before + 5, what="batches to go on")
    time.sleep(random.uniform(0, 0.1))
    hit = wait_until(lambda: tally.in_flight, what="a batch in flight", seconds=60)
    service.kill(web)
    service.restart(web)
    service.wait_ready()
    return hit
