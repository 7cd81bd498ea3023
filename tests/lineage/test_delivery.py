"""Stored events reach their sinks: all of them, in order, as they were validated."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core import tasks
from core.models import Task
from lineage.models import DeadLetter, LineageEvent, Sink
from lineage.services import delivery
from tests.lineage.receiver import Receiver
from tests.lineage.steps import deliver, pass_time, register, stored

pytestmark = pytest.mark.django_db


def test_by_default_the_very_bytes_that_were_stored_go_to_a_file(
    settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    register(2)

    deliver()

    assert (tmp_path / "lineage.ndjson").read_bytes().splitlines() == stored()
    assert len(stored()) == 7
    register()
    deliver()
    assert (tmp_path / "lineage.ndjson").read_bytes().splitlines() == stored()


def test_a_server_gets_the_very_bytes_that_were_stored(receiver: Receiver) -> None:
    register(2)

    deliver()

    assert receiver.taken == stored()
    sink = Sink.objects.get()
    assert (sink.name, sink.cursor, sink.attempts) == (
        "default",
        LineageEvent.objects.order_by("pk").values_list("pk", flat=True).last(),
        0,
    )


def test_nothing_is_sent_twice(receiver: Receiver) -> None:
    register()
    deliver()

    delivery.wake()
    deliver()

    assert receiver.taken == stored()


def test_what_other_programs_configure_by_environment_and_folder_changes_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "openlineage.yml").write_text("tags: {run: {leak: yes}}\ntransport: {type: noop}\n")
    monkeypatch.chdir(tmp_path)
    foreign = {
        "OPENLINEAGE_URL": "http://127.0.0.1:1",
        "OPENLINEAGE_DISABLED": "true",
        "OPENLINEAGE__TAGS__RUN__LEAK": "yes",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    register()

    deliver()

    assert receiver.taken == stored()
    assert not any(b"leak" in body or b"client_version" in body for body in receiver.taken)


def test_foreign_variables_are_there_again_afterwards(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLINEAGE_DISABLED", "true")
    before = dict(os.environ)
    register()

    deliver()

    assert dict(os.environ) == before


def test_a_server_that_is_away_gets_everything_when_it_is_back(receiver: Receiver) -> None:
    receiver.rule = lambda event: 503
    register()
    deliver()

    sink = Sink.objects.get()
    waiting = Task.objects.get(name="lineage.deliver", state="queued")
    assert (receiver.taken, sink.attempts) == ([], 1)
    assert "503" in sink.error
    assert waiting.run_after == sink.next_try_at
    assert sink.next_try_at is not None
    assert sink.next_try_at > timezone.now()

    receiver.rule = lambda event: 201
    deliver()
    assert receiver.taken == []
    pass_time()
    deliver()

    assert receiver.taken == stored()
    assert Sink.objects.get().error == ""


def test_pauses_grow_and_have_an_end(receiver: Receiver) -> None:
    receiver.rule = lambda event: 503
    register()
    pauses = []
    for _ in range(12):
        started = timezone.now()
        deliver()
        next_try = Sink.objects.get().next_try_at
        assert next_try is not None
        pauses.append(next_try - started)
        pass_time()

    assert pauses[0] < pauses[1] < pauses[2]
    assert timedelta(minutes=4) < pauses[-1] < timedelta(minutes=6)
    assert receiver.taken == []
    assert not DeadLetter.objects.exists()


def test_each_part_of_a_composite_has_a_cursor_of_its_own(
    receiver: Receiver, settings: Any, tmp_path: Path
) -> None:
    file = {"type": "file", "log_file_path": str(tmp_path / "events"), "append": True}
    settings.OPENLINEAGE_TRANSPORT = json.dumps(
        {"type": "composite", "transports": {"catalog": receiver.transport(), "archive": file}}
    )
    receiver.rule = lambda event: 503
    register()

    deliver()

    assert (tmp_path / "events").read_bytes().splitlines() == stored()
    assert dict(Sink.objects.values_list("name", "attempts")) == {"catalog": 1, "archive": 0}
    receiver.rule = lambda event: 201
    pass_time()
    deliver()
    assert receiver.taken == stored()


def test_a_key_is_sent_and_never_shown(receiver: Receiver, settings: Any) -> None:
    key = {"type": "api_key", "apiKey": "very-secret"}
    settings.OPENLINEAGE_TRANSPORT = json.dumps(receiver.transport(auth=key))
    receiver.rule = lambda event: 503
    register()

    deliver()

    assert receiver.headers[0]["Authorization"] == "Bearer very-secret"
    assert "very-secret" not in Sink.objects.get().error


def test_a_transport_that_cannot_be_made_shows_on_the_sink(settings: Any) -> None:
    settings.OPENLINEAGE_TRANSPORT = '{"type": "no.such.Transport"}'
    register()

    deliver()

    assert "no.such.Transport" in Sink.objects.get().error
    assert Sink.objects.get().cursor == 0


def test_a_sink_that_is_no_longer_configured_is_left_alone(receiver: Receiver) -> None:
    task = tasks.enqueue("lineage.deliver", {"sink": "gone"})

    deliver()

    task.refresh_from_db()
    assert task.state == "succeeded"
    assert not Sink.objects.exists()


def test_the_sweep_starts_delivery_where_it_came_to_a_halt(receiver: Receiver) -> None:
    register()
    Task.objects.filter(name="lineage.deliver").update(state="failed")

    assert delivery.sweep() == 1
    deliver()

    assert receiver.taken == stored()
    assert delivery.sweep() == 0


def test_a_run_that_lost_its_lease_moves_no_cursor(receiver: Receiver) -> None:
    register()
    attempt = tasks.claim()
    assert attempt is not None
    Task.objects.filter(pk=attempt.task.pk).update(lease_token=None, state="queued")

    with pytest.raises(tasks.LeaseLost):
        delivery.deliver(attempt)

    assert Sink.objects.get().cursor == 0
