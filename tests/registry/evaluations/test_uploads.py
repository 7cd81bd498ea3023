"""Rows come in parts: cut anywhere, in any order, sent again."""

from __future__ import annotations

from typing import Any

from core import tasks
from core.canonical import sha256
from tests.registry.evaluations.bench import ROWS, Bench, lines


def put(bench: Bench, uuid: str, number: int, body: bytes) -> Any:
    address = f"/api/registry/evaluations/{uuid}/parts/?number={number}"
    return bench.lab.client.put(address, body, content_type="application/x-ndjson")


def test_rows_may_come_in_parts_cut_anywhere_in_any_order_and_twice(bench: Bench) -> None:
    made, text = bench.describe(), lines(ROWS).encode()
    uuid = made["uuid"]
    for number, part in [(3, text[70:]), (1, text[:33]), (2, text[33:70]), (1, text[:33])]:
        assert put(bench, uuid, number, part).status_code == 200

    bench.lab.post(f"evaluations/{uuid}/submit/", {"digest": sha256(text)}, expect=202)
    tasks.claim_and_run()

    shown = bench.lab.get(f"evaluations/{uuid}/")
    assert (shown["status"], shown["row_count"]) == ("succeeded", 3)
    again = bench.lab.post(f"evaluations/{uuid}/submit/", {"digest": sha256(text)}, expect=202)
    assert again["result"] == shown["result"]


def test_a_part_is_not_replaced_and_none_may_be_missing(bench: Bench) -> None:
    uuid = bench.describe()["uuid"]
    put(bench, uuid, 1, b'{"id": 1}\n')
    put(bench, uuid, 3, b'{"id": 3}\n')

    assert put(bench, uuid, 1, b'{"id": 2}\n').status_code == 409
    problem = bench.lab.post(f"evaluations/{uuid}/submit/", {}, expect=400)
    assert problem["detail"] == "Part 2 is missing."


def test_rows_of_another_digest_than_declared_are_not_taken(bench: Bench) -> None:
    uuid = bench.describe()["uuid"]
    put(bench, uuid, 1, b'{"id": 1}\n')

    problem = bench.lab.post(f"evaluations/{uuid}/submit/", {"digest": sha256(b"x")}, expect=400)

    assert problem["errors"][0]["field"] == "digest"


def test_rows_over_the_limit_are_refused(bench: Bench, settings: Any) -> None:
    settings.MAX_EVALUATION_BYTES = 20
    uuid = bench.describe()["uuid"]

    assert put(bench, uuid, 1, b'{"id": 1}\n').status_code == 200
    assert put(bench, uuid, 2, b'{"id": 12345}\n').status_code == 413
