from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from console.diagnosis import Finding, State, examine
from core.models import WorkerHeartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> Path:
    """A data folder as `up` makes it."""
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    return tmp_path


def finding(name: str) -> Finding:
    return next(finding for finding in examine() if finding.name == name)


def beat(*, seconds_ago: int) -> None:
    at = timezone.now() - timedelta(seconds=seconds_ago)
    WorkerHeartbeat.objects.create(name="host:1", started_at=at, beat_at=at)


def test_a_sound_installation_has_no_problem() -> None:
    beat(seconds_ago=1)
    out = StringIO()

    call_command("doctor", stdout=out)

    assert "PROBLEM" not in out.getvalue()
    assert "all applied" in out.getvalue()


def test_a_silent_worker_is_a_problem_and_the_exit_code_says_so() -> None:
    beat(seconds_ago=120)

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=StringIO())

    assert ended.value.code == 1
    assert finding("worker").state is State.PROBLEM


def test_no_worker_at_all_is_only_worth_a_note() -> None:
    assert finding("worker").state is State.NOTE


def test_a_data_folder_that_others_can_read_is_a_problem(data: Path) -> None:
    data.chmod(0o755)

    assert finding("data folder").state is State.PROBLEM
    assert "chmod 700" in finding("data folder").detail


def test_the_engine_in_use_is_named(settings: LazySettings) -> None:
    settings.OPA_URL = "http://127.0.0.1:8181"

    assert "8181" in finding("policy engine").detail


def test_delta_bundles_are_worth_a_note_where_they_are_on(settings: LazySettings) -> None:
    assert "delta bundles" not in [each.name for each in examine()]
    settings.OPA_DELTAS = True

    assert finding("delta bundles").state is State.NOTE
    assert "MUNIMENT_OPA_DELTAS=off" in finding("delta bundles").detail
