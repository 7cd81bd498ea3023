"""Several processes write at once: numbers, aliases and the journal's order stay whole."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import MakeService
from tests.registry.writers import COUNT
from tests.support.service import Service

pytestmark = pytest.mark.slow
WRITERS = 4


def run(service: Service, name: str) -> str:
    """Run a function of ``writers`` in a process of the installation; return what it printed."""
    code = f"from tests.registry import writers; writers.{name}()"
    return service.manage("shell", "--no-imports", "-c", code)


def last_line(printed: str) -> Any:
    return json.loads(printed.strip().splitlines()[-1])


def test_numbers_and_the_order_stay_gapless_under_many_writers_and_two_sequencers(
    service: Service,
) -> None:
    run(service, "found")
    run(service, "register")
    with ThreadPoolExecutor() as pool:
        names = ["register"] * WRITERS + ["promote"] * 2 + ["sequence"] * 2
        running = [pool.submit(run, service, name) for name in names]
        for process in running:
            process.result()
    run(service, "sequence")

    told = last_line(run(service, "ledger"))

    total = COUNT * (WRITERS + 1)
    assert told["numbers"] == list(range(1, total + 1))
    assert told["last_number"] == total
    assert told["moves"] == total
    assert told["moves_join"]
    assert told["alias_is_where_the_last_move_put_it"]
    assert told["promoted"] == list(range(1, 11))
    assert told["promotions"] == 10
    assert told["pending"] == 0
    assert told["seq"] == list(range(told["entries"]))


@pytest.mark.postgres
def test_an_entry_that_commits_late_is_placed_and_told_after_all(make_service: MakeService) -> None:
    service = make_service(database="postgres")

    told = last_line(run(service, "late_commit"))

    assert told == dict.fromkeys(told, True)
    assert len(told) == 4
