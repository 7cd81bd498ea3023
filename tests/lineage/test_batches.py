"""Batches: partial success, poison, a receiver that dies in the middle; every run in its order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lineage.models import DeadLetter, Sink
from tests.lineage.receiver import BatchReceiver, batch_receiving
from tests.lineage.steps import assert_runs_in_order, deliver, pass_time, register, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def batches(settings: Any) -> Iterator[BatchReceiver]:
    """A running server with a batch endpoint that is the only sink."""
    with batch_receiving() as running:
        settings.OPENLINEAGE_TRANSPORT = json.dumps(running.transport())
        yield running


def test_the_very_bytes_that_were_stored_go_out_in_few_requests(batches: BatchReceiver) -> None:
    register(10)

    deliver()

    assert sorted(batches.taken) == sorted(stored())
    assert batches.requests < len(stored()) / 5
    assert_runs_in_order(batches.taken)


def test_a_batch_is_compressed_and_authorized_as_the_setting_says(
    batches: BatchReceiver, settings: Any
) -> None:
    key = {"type": "api_key", "apiKey": "very-secret"}
    settings.OPENLINEAGE_TRANSPORT = json.dumps(batches.transport(compression="gzip", auth=key))
    register()

    deliver()

    assert batches.headers[0]["Content-Encoding"] == "gzip"
    assert batches.headers[0]["Authorization"] == "Bearer very-secret"
    assert sorted(batches.taken) == sorted(stored())


def test_a_refused_event_is_set_aside_with_its_run_and_the_rest_goes_on(
    batches: BatchReceiver,
) -> None:
    register(3)
    start = next(event for event in map(json.loads, stored()) if event.get("eventType") == "START")
    batches.verdict = lambda event: (400, False) if event == start else (200, False)

    deliver()

    run = start["run"]["runId"]
    kept_back = [body for body in stored() if json.loads(body).get("run", {}).get("runId") == run]
    assert sorted(bytes(each.event.body) for each in DeadLetter.objects.all()) == sorted(kept_back)
    assert sorted(batches.taken) == sorted(set(stored()) - set(kept_back))
    assert Sink.objects.get().attempts == 0


def test_a_retriable_event_stays_and_is_sent_before_what_follows_in_its_run(
    batches: BatchReceiver,
) -> None:
    register(3)
    start = next(event for event in map(json.loads, stored()) if event.get("eventType") == "START")
    batches.verdict = lambda event: (503, True) if event == start else (200, False)
    deliver()
    assert not DeadLetter.objects.exists()
    assert Sink.objects.get().attempts == 1

    batches.verdict = lambda event: (200, False)
    pass_time()
    deliver()

    assert set(batches.taken) == set(stored())
    assert_runs_in_order(batches.taken)


def test_an_event_that_is_never_taken_does_not_hold_up_the_rest_for_ever(
    batches: BatchReceiver,
) -> None:
    register(3)
    start = next(event for event in map(json.loads, stored()) if event.get("eventType") == "START")
    batches.verdict = lambda event: (503, True) if event == start else (200, False)
    for _ in range(6):
        deliver()
        pass_time()

    assert DeadLetter.objects.count() == 2
    assert len(set(batches.taken)) == len(stored()) - 2


def test_a_server_that_refuses_a_batch_as_a_whole_is_asked_for_less_until_the_poison_is_found(
    batches: BatchReceiver,
) -> None:
    register(4)
    poison = json.loads(stored()[4])
    batches.refuses = lambda events: 400 if poison in events else 0

    deliver()

    assert poison in [json.loads(bytes(each.event.body)) for each in DeadLetter.objects.all()]
    assert set(batches.taken) >= {
        body
        for body in stored()
        if json.loads(body).get("run") is None and json.loads(body) != poison
    }


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_nothing_is_set_aside_while_the_server_is_away_or_the_key_is_wrong(
    batches: BatchReceiver, status: int
) -> None:
    batches.refuses = lambda events: status
    register(2)
    for _ in range(8):
        deliver()
        pass_time()
    assert not DeadLetter.objects.exists()
    assert str(status) in Sink.objects.get().error

    batches.refuses = lambda events: 0
    deliver()

    assert sorted(batches.taken) == sorted(stored())


def test_a_receiver_that_dies_in_the_middle_of_a_batch_gets_all_of_it_again(
    batches: BatchReceiver,
) -> None:
    register(5)
    batches.dies_after = 2
    deliver()
    assert 0 < len(batches.taken) < len(stored())
    assert Sink.objects.get().cursor == 0

    batches.dies_after = None
    pass_time()
    deliver()

    assert set(batches.taken) == set(stored())
    assert not DeadLetter.objects.exists()
    last_half = batches.taken[-len(stored()) :]
    assert_runs_in_order(last_half)
