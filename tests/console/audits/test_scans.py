"""Scans, their comparison and schedules as people see them in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from audits.models import Scan, ScanSchedule
from audits.queries.schedules import terms_of
from audits.services import scans
from tests.audits.conftest import House, finish_tasks, house  # noqa: F401 - a fixture
from tests.audits.estate import scan
from tests.console.pages import browser
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit

if TYPE_CHECKING:
    from django.test import Client

LIST = reverse("admin:console_scans")


@pytest.fixture
def auditor(house: House) -> Client:  # noqa: F811
    return browser(house.member("an-auditor", dev="auditor"))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_scan_is_started_followed_and_read(house: House, auditor: Client) -> None:  # noqa: F811
    policy = make_policy()
    assign(policy, house.dev, "audit")
    submit(house.dev, OPEN)
    auditor.post(reverse("admin:console_scan_start"), {"workspaces": ["audit-dev"]})
    started = Scan.objects.get()
    page = reverse("admin:console_scan", args=[started.uuid])
    assert "http-equiv" in text(auditor, LIST)
    assert "<progress" in text(auditor, page)

    finish_tasks()

    shown = text(auditor, page)
    assert policy.policy.name in shown
    assert "1 fail" in text(auditor, LIST)
    assert "<progress" not in shown


def test_two_scans_are_compared_on_a_page(house: House, auditor: Client) -> None:  # noqa: F811
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, CLOSED)
    before = scan(house, "audit-dev")
    submit(house.dev, OPEN)
    after = scan(house, "audit-dev")
    page = reverse("admin:console_scan_compare", args=[after.uuid])

    shown = text(auditor, f"{page}?with={before.uuid}")

    assert str(before.uuid) in text(auditor, reverse("admin:console_scan", args=[after.uuid]))
    assert "new failure 1" in shown
    assert "configuration" in shown
    assert auditor.get(f"{page}?with=nonsense").status_code == 404


def test_a_foreign_scan_is_not_there(house: House, auditor: Client) -> None:  # noqa: F811
    foreign = scans.start(actor=house.admin, workspaces=["audit-prod"])

    assert auditor.get(reverse("admin:console_scan", args=[foreign.uuid])).status_code == 404
    row = f"/admin/audits/scan/{foreign.pk}/change/"
    assert auditor.get(row).status_code == 404
    assert str(foreign.uuid) not in text(auditor, LIST)


def test_a_schedule_is_set_changed_and_removed(house: House, auditor: Client) -> None:  # noqa: F811
    sent = {
        "name": "nightly",
        "workspaces": ["audit-dev"],
        "cron": "30 2 * * *",
        "timezone": "Europe/Vienna",
        "enabled": "on",
    }
    auditor.post(reverse("admin:console_scan_schedule_add"), sent)
    schedule = ScanSchedule.objects.get(name="nightly")
    assert "30 2 * * *" in text(auditor, LIST)
    change = reverse("admin:console_scan_schedule_change", args=[schedule.uuid])
    expected = auditor.get(change).context["form"].initial["expected"]

    hourly = sent | {"cron": "", "every_minutes": "60", "enabled": "", "expected": expected}
    assert auditor.post(change, hourly).status_code == 302
    stale = auditor.post(change, sent | {"expected": expected})

    schedule = ScanSchedule.objects.get(name="nightly")
    terms = terms_of(schedule)
    assert (terms["every_minutes"], terms["cron"], terms["enabled"]) == (60, None, False)
    assert "It changed since you looked" in stale.content.decode()
    auditor.post(reverse("admin:console_scan_schedule_remove", args=[schedule.uuid]), {})
    assert "nightly" not in text(auditor, LIST)
