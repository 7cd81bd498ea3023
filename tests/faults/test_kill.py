"""Promise 1: nothing acknowledged is lost, whatever process is killed whenever."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

import pytest

from tests.faults import ledger
from tests.faults.writers import Tally, Writer, read_acknowledged
from tests.support.organisation import Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.faults]
WRITERS = 4
ACKNOWLEDGEMENTS = 300
KILLS = 8


def test_kill_9_of_web_and_worker_loses_no_acknowledged_registration(service: Service) -> None:
    organisation = Organisation.found(service)
    web = service.start_web()[0]
    worker = service.start_worker()
    tally, stop = Tally(), threading.Event()
    writers = [
        Writer(number, organisation=organisation, tally=tally, stop=stop)
        for number in range(WRITERS)
    ]

    for writer in writers:
        writer.start()
    hits = [_kill_in_flight(service, web, worker, tally) for _ in range(KILLS)]
    wait_until(lambda: tally.acknowledged >= ACKNOWLEDGEMENTS, what="enough writes", seconds=600)
    stop.set()
    for writer in writers:
        writer.join(timeout=120)
    wait_until(lambda: ledger.read(service)["pending"] == 0, what="a sequenced journal")

    acknowledged = read_acknowledged(service.folder)
    found = ledger.read(service)
    lost = [line for line in acknowledged if found["versions"].get(line["uuid"]) != line["digest"]]
    print(
        f"killed web {KILLS} and worker {KILLS} times with a request in flight "
        f"({sum(hits)} in all, {tally.interrupted} interrupted): "
        f"acknowledged {len(acknowledged):,}, lost {len(lost)}"
    )
    assert len(acknowledged) >= 200
    assert all(hit > 0 for hit in hits)
    assert lost == []
    assert tally.other == {}
    _require_consistent(found)


def _kill_in_flight(service: Service, web: str, worker: str, tally: Tally) -> int:
    """Kill both while a request is in flight; return how many were, and start both again."""
    before = tally.acknowledged
    wait_until(lambda: tally.acknowledged >= before + 10, what="writes to go on")
    time.sleep(random.uniform(0, 0.05))
    hit = wait_until(lambda: tally.in_flight, what="a request in flight", seconds=60)
    service.kill(web)
    service.kill(worker)
    service.restart(web)
    service.restart(worker)
    service.wait_ready()
    return hit


def _require_consistent(found: dict[str, Any]) -> None:
    """No version without its journal entry, none twice, no gap in any count."""
    assert sorted(found["journalled"]) == sorted(found["versions"])
    for asset in found["numbers"].values():
        assert asset["numbers"] == list(range(1, asset["last"] + 1))
    assert found["seqs"] == list(range(found["entries"]))
