"""Liveness, readiness, metrics."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from core import consumers, sequencer, tasks
from core.actors import system
from core.http import health
from core.journal import publish
from core.models import WorkerHeartbeat
from core.telemetry import Gauge
from core.worker import Worker
from tests.core.test_consumers import Recorder
from tests.core.test_journal import denied

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"]*"\})? -?[0-9.e+]+\Z')


def metrics() -> dict[str, str]:
    """Name and label -> number, after checking the form of every line."""
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert all(LINE.match(line) for line in samples)
    return dict(line.rsplit(" ", 1) for line in samples)


def test_health_asks_nobody() -> None:
    assert Client().get("/health").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_the_database_has_every_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    health._migrated.clear()
    assert Client().get("/ready").json() == {"status": "ready"}

    health._migrated.clear()
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, nodes: ["one"])
    answer = Client().get("/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "migrations")


@pytest.mark.django_db
def test_not_ready_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("the server is away")

    monkeypatch.setattr(connection, "cursor", away)

    answer = Client().get("/ready")

    assert (answer.status_code, answer.json()["reason"]) == (503, "database")


@pytest.mark.django_db
def test_metrics_show_the_journal_its_consumers_and_the_tasks() -> None:
    recorder = Recorder()
    publish(denied(), actor=system())
    sequencer.sequence_pending()
    consumers.drain(recorder)
    recorder.poison = {"poison"}
    publish(denied(subject="poison"), actor=system())
    sequencer.sequence_pending()
    consumers.drain(recorder)
    publish(denied(), actor=system())
    tasks.enqueue("tests.work")

    shown = metrics()

    assert shown["muniment_journal_entries"] == "2"
    assert shown["muniment_journal_pending"] == "1"
    assert shown["muniment_journal_refused"] == "0"
    assert shown['muniment_consumer_lag{consumer="recorder"}'] == "0"
    assert shown["muniment_consumer_failures"] == "1"
    assert shown['muniment_tasks{state="queued"}'] == "1"
    assert "muniment_worker_heartbeat_age_seconds" not in shown


@pytest.mark.django_db
def test_metrics_show_how_long_the_worker_has_been_silent() -> None:
    now = timezone.now()
    WorkerHeartbeat.objects.create(name="w", started_at=now, beat_at=now - timedelta(seconds=90))

    assert 90 <= float(metrics()["muniment_worker_heartbeat_age_seconds"]) < 120


def test_large_numbers_keep_every_digit() -> None:
    gauge = Gauge("entries", "Help.", samples={"": 123_456_789_012})

    assert list(gauge.exposition())[-1] == "entries 123456789012"


@pytest.mark.django_db
def test_a_housekeeping_round_sequences_and_tells_until_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(consumers, "installed", lambda: (recorder,))
    publish(denied(subject="a"), actor=system())
    worker = Worker()

    assert worker.keep_house()
    assert recorder.subjects == ["a"]
    assert not worker.keep_house()
