"""The transparency log, whoever is killed whenever: nothing lost, one order, one tree."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.faults]


def run(service: Service, function: str) -> dict[str, Any]:
    service.migrate()
    code = f"from tests.faults import sequencing; sequencing.{function}()"
    printed = service.manage("shell", "--no-imports", "-c", code)
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    print(function, json.dumps(found))
    return found


def require_sound(found: dict[str, Any]) -> None:
    """Every entry has one place, and the verifier agrees with every signed tree."""
    assert found["code"] == 0
    assert found["contiguous"]
    assert found["pending"] == 0
    assert found["entries"] == found["placed"] == found["size"]


def test_a_worker_that_dies_at_any_statement_leaves_one_order_and_one_tree(
    service: Service,
) -> None:
    found = run(service, "at_every_statement")

    assert found["kills"] >= 15
    require_sound(found)


def test_two_workers_at_once_make_no_gap_and_no_fork(service: Service) -> None:
    found = run(service, "two_at_once")

    assert found["codes"] == [0, 0]
    assert found["checkpoints"] >= 3
    require_sound(found)


def test_two_hundred_random_kills_lose_nothing_that_was_acknowledged(service: Service) -> None:
    found = run(service, "random_kills")

    assert found["lost"] == 0
    assert found["acknowledged"] >= 1_000
    require_sound(found)
