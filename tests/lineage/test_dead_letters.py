"""Events that a sink does not take are set aside; all others go on."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from lineage.models import DeadLetter, Sink
from lineage.services.operating import retry_dead_letters
from tests import factories
from tests.lineage.receiver import Receiver
from tests.lineage.steps import deliver, pass_time, register, stored

pytestmark = pytest.mark.django_db


def test_nothing_is_set_aside_while_the_server_is_away(receiver: Receiver) -> None:
    receiver.rule = lambda event: 503
    register(3)
    for _ in range(8):
        deliver()
        pass_time()

    receiver.rule = lambda event: 201
    deliver()

    assert receiver.taken == stored()
    assert not DeadLetter.objects.exists()


@pytest.mark.parametrize("status", [400, 413, 422])
def test_an_event_that_is_refused_is_set_aside_and_the_rest_goes_on(
    receiver: Receiver, status: int
) -> None:
    register(2)
    poison = stored()[3]
    receiver.rule = lambda event: status if event == json.loads(poison) else 201

    deliver()

    assert receiver.taken == [body for body in stored() if body != poison]
    letter = DeadLetter.objects.get()
    assert bytes(letter.event.body) == poison
    assert str(status) in letter.error
    assert letter.resolved_at is None


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_a_wrong_key_or_address_sets_nothing_aside(receiver: Receiver, status: int) -> None:
    receiver.rule = lambda event: status
    register()

    deliver()

    assert not DeadLetter.objects.exists()
    assert str(status) in Sink.objects.get().error


def test_a_run_whose_start_was_refused_is_set_aside_as_a_whole(receiver: Receiver) -> None:
    register(2)
    start = next(event for event in map(json.loads, stored()) if event.get("eventType") == "START")
    receiver.rule = lambda event: 400 if event == start else 201

    deliver()

    run = start["run"]["runId"]
    kept_back = [body for body in stored() if json.loads(body).get("run", {}).get("runId") == run]
    assert [bytes(letter.event.body) for letter in letters()] == kept_back
    assert receiver.taken == [body for body in stored() if body not in kept_back]
    assert len(kept_back) == 2


def letters() -> list[DeadLetter]:
    return list(DeadLetter.objects.order_by("event_id").select_related("event"))


def test_an_event_that_crashes_the_server_does_not_block_the_rest_for_ever(
    receiver: Receiver,
) -> None:
    register(2)
    start = next(event for event in map(json.loads, stored()) if event.get("eventType") == "START")
    receiver.rule = lambda event: 500 if event == start else 201
    for _ in range(6):
        deliver()
        pass_time()

    assert [json.loads(bytes(letter.event.body))["eventType"] for letter in letters()] == [
        "START",
        "COMPLETE",
    ]
    kept_back = [bytes(letter.event.body) for letter in letters()]
    assert receiver.taken == [body for body in stored() if body not in kept_back]


def test_what_was_set_aside_can_be_sent_again_in_order(receiver: Receiver) -> None:
    register()
    start = next(event for event in map(json.loads, stored()) if event.get("eventType") == "START")
    receiver.rule = lambda event: 400 if event == start else 201
    deliver()
    kept_back = [bytes(letter.event.body) for letter in letters()]
    receiver.rule = lambda event: 201
    receiver.taken.clear()

    call_command("retry_lineage", stdout=io.StringIO())
    deliver()

    assert receiver.taken == kept_back
    assert all(letter.resolved_at for letter in letters())


def test_what_is_refused_again_stays_aside(receiver: Receiver) -> None:
    receiver.rule = lambda event: 400
    register()
    deliver()
    receiver.refused.clear()

    assert retry_dead_letters(actor=factories.administrator(), sink="default") == len(stored())
    deliver()

    # Behind the START that is refused again, its COMPLETE is not even tried.
    assert len(receiver.refused) == len(stored()) - 1
    assert not DeadLetter.objects.filter(resolved_at__isnull=False).exists()
    assert not DeadLetter.objects.filter(is_due=True).exists()


def test_only_a_sink_that_is_there_can_be_tried_again() -> None:
    with pytest.raises(CommandError):
        call_command("retry_lineage", "elsewhere")
