"""Scans that start by themselves, under the embedded worker and under Celery beat."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask, PeriodicTasks
from django_celery_beat.schedulers import DatabaseScheduler

from audits.models import Scan, ScanSchedule
from audits.queries.schedules import next_run
from core import celery_tasks, schedules
from core.celery_app import app
from core.models import Task
from tests.audits.conftest import finish_tasks
from tests.audits.estate import journalled

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from tests.audits.conftest import House

ADDRESS = "/api/audits/scan-schedules/"
NIGHTLY = "Scan the organisation every night"


@pytest.fixture
def auditor(house: House) -> APIClient:
    return house.client(house.member("an-auditor", dev="auditor"))


def add(client: APIClient, **terms: Any) -> Any:
    body = {"name": "dev", "workspaces": ["audit-dev"], "every_minutes": 60} | terms
    kept = {name: value for name, value in body.items() if value != "left out"}
    return client.post(ADDRESS, kept, format="json")


def let_time_pass(minutes: int) -> None:
    """As if every row had been changed and run that long ago."""
    past = timezone.now() - timedelta(minutes=minutes)
    PeriodicTask.objects.update(last_run_at=past, date_changed=past)


def test_the_embedded_worker_starts_the_scans_of_a_schedule(
    house: House, auditor: APIClient
) -> None:
    answer = add(auditor)
    assert answer.status_code == 201, answer.json()
    let_time_pass(59)
    schedules.run_due()
    finish_tasks()
    assert not Scan.objects.exists()

    let_time_pass(61)
    schedules.run_due()
    finish_tasks()

    scan = Scan.objects.get()
    assert (scan.scope, scan.status, scan.requested_by) == ("workspaces", "completed", None)
    assert [place.slug for place in scan.workspaces.all()] == ["audit-dev"]
    (started,) = journalled("audits.scan.started")
    assert json.loads(bytes(started.body))["data"]["schedule"] == answer.json()["uuid"]


def test_celery_beat_starts_the_scans_of_a_schedule(house: House, auditor: APIClient) -> None:
    # Beat loads those alone whose hour is near.
    uuid = add(auditor, cron="30 * * * *", every_minutes="left out").json()["uuid"]

    beat = DatabaseScheduler(app=app, lazy=True)
    (entry,) = [each for each in beat.all_as_schedule().values() if uuid in str(each.kwargs)]
    let_time_pass(60 * 25)
    past = timezone.now() - timedelta(hours=25)
    assert entry.schedule.is_due(past).is_due
    getattr(celery_tasks, entry.task.removeprefix("core."))(*entry.args, **entry.kwargs)
    finish_tasks()

    assert Scan.objects.get().status == "completed"


def test_a_change_is_told_to_a_running_celery_beat(house: House, auditor: APIClient) -> None:
    uuid = add(auditor).json()["uuid"]
    before = PeriodicTasks.last_change()

    headers = {"If-Match": "*"}
    auditor.patch(f"{ADDRESS}{uuid}/", {"enabled": False}, format="json", headers=headers)

    assert PeriodicTasks.last_change() > before


def test_the_next_run_is_shown_in_the_schedules_own_time_zone(
    house: House, auditor: APIClient
) -> None:
    told = add(auditor, cron="30 2 * * *", timezone="Asia/Tokyo", every_minutes="left out").json()

    runs = datetime.fromisoformat(told["next_run_at"])
    assert (runs.hour, runs.minute) == (17, 30)  # UTC
    assert timezone.now() < runs < timezone.now() + timedelta(days=1)
    assert (told["cron"], told["timezone"]) == ("30 2 * * *", "Asia/Tokyo")
    hourly = add(auditor, name="hourly").json()
    about = datetime.fromisoformat(hourly["next_run_at"]) - timezone.now()
    assert timedelta(minutes=59) < about <= timedelta(minutes=60, seconds=1)


def test_the_nightly_scan_is_one_of_the_schedules(house: House, auditor: APIClient) -> None:
    client = house.client(house.admin)
    (told,) = client.get(ADDRESS).json()["results"]
    assert (told["name"], told["enabled"], told["next_run_at"]) == (NIGHTLY, False, None)
    assert auditor.get(ADDRESS).json()["results"] == []

    address = f"{ADDRESS}{told['uuid']}/"
    tag = client.get(address)["ETag"]
    answer = client.patch(address, {"enabled": True}, format="json", headers={"If-Match": tag})
    assert answer.json()["next_run_at"] is not None
    let_time_pass(60 * 25)
    schedules.run_due()
    finish_tasks()

    assert Scan.objects.get().scope == "organisation"


def test_who_read_other_terms_changes_nothing(house: House, auditor: APIClient) -> None:
    address = f"{ADDRESS}{add(auditor).json()['uuid']}/"
    old = auditor.get(address)["ETag"]
    auditor.patch(address, {"every_minutes": 30}, format="json", headers={"If-Match": old})

    late = auditor.patch(address, {"enabled": False}, format="json", headers={"If-Match": old})

    assert late.status_code == 412
    told = auditor.get(address).json()
    assert (told["every_minutes"], told["enabled"]) == (30, True)
    cron = {"cron": "0 4 * * 1"}
    auditor.patch(address, cron, format="json", headers={"If-Match": "*"})
    told = auditor.get(address).json()
    assert (told["cron"], told["every_minutes"]) == ("0 4 * * 1", None)
    assert len(journalled("audits.scan_schedule.changed")) == 2


def test_what_was_removed_starts_nothing_and_frees_its_name(
    house: House, auditor: APIClient
) -> None:
    uuid = add(auditor).json()["uuid"]
    let_time_pass(61)
    schedules.run_due()

    answer = auditor.delete(f"{ADDRESS}{uuid}/", headers={"If-Match": "*"})
    finish_tasks()

    assert answer.status_code == 204
    assert not Scan.objects.exists()
    assert Task.objects.get(name="audits.scan_on_schedule").result == {"scan": None}
    assert not PeriodicTask.objects.filter(kwargs__contains=uuid).exists()
    assert ScanSchedule.objects.get(uuid=uuid).removed_at is not None
    assert add(auditor).status_code == 201


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"cron": "0 25 * * *", "every_minutes": "left out"}, "cron"),
        ({"cron": "0 2 * *", "every_minutes": "left out"}, "cron"),
        ({"cron": "0 2 * * *"}, "cron"),
        ({"every_minutes": "left out"}, "cron"),
        ({"every_minutes": 1}, "every_minutes"),
        (
            {"cron": "0 2 * * *", "timezone": "Mars/Base", "every_minutes": "left out"},
            "timezone",
        ),
        ({"name": " "}, "name"),
        ({"workspaces": []}, "workspaces"),
        ({"workspaces": ["audit-prod"]}, "workspaces[0]"),
    ],
)
def test_terms_that_make_no_sense_are_refused_at_their_field(
    house: House, auditor: APIClient, terms: dict[str, Any], field: str
) -> None:
    answer = add(auditor, **terms)

    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_name_is_taken_once(house: House, auditor: APIClient) -> None:
    add(auditor)

    assert add(auditor).status_code == 409


def test_the_organisation_is_its_administrators_to_schedule(
    house: House, auditor: APIClient
) -> None:
    assert add(auditor, workspaces=None).status_code == 403
    author = house.client(house.member("an-author", dev="author"))
    assert add(author).status_code == 403
    uuid = add(house.client(house.admin), workspaces=None).json()["uuid"]
    assert auditor.get(f"{ADDRESS}{uuid}/").status_code == 404
    assert add(house.client(house.admin), name="all", workspaces=["audit-dev", "audit-prod"])
    assert auditor.get(ADDRESS).json()["results"] == []


def test_a_schedule_that_is_off_has_no_next_run(house: House, auditor: APIClient) -> None:
    assert add(auditor, enabled=False).json()["next_run_at"] is None
    assert next_run(ScanSchedule.objects.get(name="dev")) is None
