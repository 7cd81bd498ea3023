"""A log with keys and anchors of its own, and a witness."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from audits.models import LogKey, LogSink
from core.models import Task
from core.tasks import claim_and_run
from tests.audits.transparency.growing import grow, journal
from tests.audits.witnesses.witness import Witness, serving


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where keys and anchors lie; there is no pause between two checkpoints."""
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "off"
    settings.LOG_GIT_FOLDER = tmp_path / "clone"
    settings.LOG_ANCHOR_SECONDS = settings.LOG_TIMESTAMP_SECONDS = 0
    return tmp_path


@pytest.fixture
def witness(db: None, settings: Any) -> Iterator[Witness]:
    """One that listens, knows the log's key, and is named in the settings."""
    journal(3)
    grow()
    with serving(Witness(LogKey.objects.get(purpose="log").vkey)) as started:
        settings.LOG_WITNESSES = [started.setting]
        yield started


def work_off() -> None:
    """Do what is queued, as if every pause were over; a sink that fails is tried once."""
    done = set[int]()
    LogSink.objects.update(next_try_at=None)
    Task.objects.filter(state=Task.State.QUEUED).update(run_after=timezone.now() - timedelta(1))
    while waiting := Task.objects.filter(
        state=Task.State.QUEUED, run_after__lte=timezone.now()
    ).exclude(pk__in=done):
        done |= set(waiting.values_list("pk", flat=True))
        while claim_and_run():
            pass
