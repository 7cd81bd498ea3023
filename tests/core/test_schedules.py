"""Schedule rows in the embedded profile."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from core import schedules
from core.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_rows() -> None:
    PeriodicTask.objects.all().delete()


def every(seconds: int, *, ran: timedelta | None, **fields: Any) -> Any:
    """A row that enqueues tests.work every so often and ran that long ago."""
    interval, _ = IntervalSchedule.objects.get_or_create(every=seconds, period="seconds")
    row = PeriodicTask.objects.create(
        name="a schedule",
        task="core.enqueue_task",
        interval=interval,
        kwargs=json.dumps({"name": "tests.work", "payload": {"scope": "all"}}),
        **fields,
    )
    since = timezone.now() - (ran or timedelta(0))
    PeriodicTask.objects.filter(pk=row.pk).update(last_run_at=since)
    return row


def test_a_due_row_enqueues_its_task_and_is_then_not_due() -> None:
    row = every(60, ran=timedelta(seconds=61))

    assert [schedules.run_due(), schedules.run_due()] == [1, 0]

    task = Task.objects.get()
    assert (task.name, task.payload) == ("tests.work", {"scope": "all"})
    row.refresh_from_db()
    assert row.total_run_count == 1


def test_a_row_that_is_not_due_does_nothing() -> None:
    every(60, ran=timedelta(seconds=30))

    assert schedules.run_due() == 0
    assert not Task.objects.exists()


def test_a_crontab_row_is_due_when_its_minute_has_passed() -> None:
    hour_ago = timezone.now() - timedelta(hours=1)
    crontab = CrontabSchedule.objects.create(minute=str((hour_ago.minute + 30) % 60))
    row = every(60, ran=timedelta(hours=1))
    PeriodicTask.objects.filter(pk=row.pk).update(interval=None, crontab=crontab)

    assert schedules.run_due() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"enabled": False},
        {"expires": timezone.now() - timedelta(days=1)},
        {"start_time": timezone.now() + timedelta(days=1)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_row_that_is_off_or_out_of_its_time_does_nothing(fields: dict[str, Any]) -> None:
    every(60, ran=timedelta(seconds=61), **fields)

    assert schedules.run_due() == 0


def test_two_workers_that_see_one_row_due_run_it_once() -> None:
    every(60, ran=timedelta(seconds=61))
    seen_by_two = [PeriodicTask.objects.get(), PeriodicTask.objects.get()]

    assert [schedules._take(row) for row in seen_by_two] == [True, False]


def test_a_one_off_row_runs_once_and_is_off() -> None:
    row = every(1, ran=timedelta(seconds=61), one_off=True)

    assert schedules.run_due() == 1
    row.refresh_from_db()
    assert not row.enabled


def test_a_task_that_is_still_open_is_not_enqueued_again() -> None:
    payload = {"a long payload": "x" * 500}

    for _ in range(2):
        schedules.enqueue_task("tests.work", payload)

    assert Task.objects.count() == 1


def test_a_broken_row_is_logged_and_does_not_stop_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    every(60, ran=timedelta(seconds=61))
    interval = IntervalSchedule.objects.filter(every=60).get()
    past = timezone.now() - timedelta(hours=1)
    for name, task, kwargs in (
        ("unknown", "os.system", "{}"),
        ("broken", "core.enqueue_task", '{"nonsense": 1}'),
    ):
        PeriodicTask.objects.create(
            name=name, task=task, interval=interval, kwargs=kwargs, last_run_at=past
        )

    assert schedules.run_due() == 3

    assert Task.objects.count() == 1
    assert "os.system" in caplog.text
    assert "'broken' failed" in caplog.text


def test_the_rows_that_the_worker_does_all_the_time_are_left_alone() -> None:
    interval = IntervalSchedule.objects.create(every=1, period="seconds")
    past = timezone.now() - timedelta(hours=1)
    for name in schedules.CONTINUOUS:
        PeriodicTask.objects.create(name=name, task=name, interval=interval, last_run_at=past)

    assert schedules.run_due() == 0
