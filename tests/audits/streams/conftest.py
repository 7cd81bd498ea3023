"""Streams to this machine."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from audits.models import Stream
from audits.services.streams import managing
from core import consumers
from core.actors import Actor
from core.journal import publish
from core.models import JournalEntry, Task
from core.sequencer import sequence_pending
from core.tasks import claim_and_run
from tests.audits.transparency.growing import Happened
from tests.factories import administrator


@pytest.fixture(autouse=True)
def near(settings: Any, tmp_path: Path) -> None:
    """Streams may go to this machine, unencrypted, and into a folder of the test."""
    settings.STREAM_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    settings.STREAM_PLAIN = True
    settings.STREAM_FOLDER = tmp_path / "streams"
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "off"


@pytest.fixture
def admin(db: None) -> Actor:
    """An administrator of the organisation."""
    return administrator()


def happen(actor: Actor, count: int, **fields: Any) -> list[JournalEntry]:
    """Write entries; ``fields`` are those of the event."""
    return [_publish(actor, f"thing/{number}", fields) for number in range(count)]


def _publish(actor: Actor, subject: str, fields: dict[str, Any]) -> JournalEntry:
    with transaction.atomic():
        return publish(Happened(**{"subject": subject, **fields}), actor=actor)


def ids(entries: list[JournalEntry]) -> list[str]:
    return [str(entry.uuid) for entry in entries]


def work_off(*, without_pauses: bool = True) -> None:
    """Do what a worker does until nothing is left to do now; whoever fails is tried once."""
    if without_pauses:
        Stream.objects.update(next_try_at=None)
        queued = Task.objects.filter(state=Task.State.QUEUED)
        queued.update(run_after=timezone.now() - timedelta(seconds=1))
    while sequence_pending():
        pass
    while consumers.drain_all():
        pass
    for _ in range(50):
        if not claim_and_run():
            break


def make(admin: Actor, address: str, **given: Any) -> Stream:
    """A stream of what tests journal, from now on."""
    work_off()
    given = {"actions": ["tests.log"], "batch": 100, **given}
    return managing.create(
        actor=admin, name=given.pop("name", "siem"), address=address,
        format=given.pop("format", "json"), **given,
    ).stream  # fmt: skip
