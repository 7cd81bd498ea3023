"""Reminders before findings are due, and when they are overdue."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from audits.models import FindingReminder
from audits.services import due_rules, finding_reminders, triage
from core.actors import system
from core.journal import decode
from core.tasks import enqueue
from registry.models import Notification
from tests.audits.conftest import finish_tasks
from tests.audits.estate import journalled, scan
from tests.audits.findings.conftest import tell_consumers
from tests.policies.estate import CLOSED, submit

if TYPE_CHECKING:
    from collections.abc import Callable

    from audits.models import Finding
    from tests.audits.conftest import House

SOON, OVERDUE = "audits.finding.due_soon", "audits.finding.overdue"


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], int]:
    """Let days go by since now, and remind."""
    now = timezone.now()

    def pass_days(days: float) -> int:
        moment = now + timedelta(days=days)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return finding_reminders.remind(actor=system())

    return pass_days


def told(action: str) -> list[int]:
    """How many findings each entry tells of."""
    return [len(decode(entry)["data"]["findings"]) for entry in journalled(action)]


def notified(action: str) -> list[str]:
    tell_consumers()
    rows = Notification.objects.filter(action=action)
    return sorted(rows.values_list("user__username", flat=True))


def test_each_date_is_told_of_before_it_and_once_it_has_passed(
    failing: list[Finding], after: Callable[[float], int]
) -> None:
    assert [after(days) for days in (0, 26.9, 27.1, 28, 29.9)] == [0, 0, 2, 0, 0]
    assert [after(days) for days in (30.1, 31, 90)] == [2, 0, 0]
    assert (told(SOON), told(OVERDUE)) == ([2], [2])
    (entry,) = journalled(SOON)
    assert (entry.subject, decode(entry)["data"]["days"]) == ("audit-dev", 3)
    assert FindingReminder.objects.count() == 4


def test_what_was_missed_is_told_as_overdue_alone(
    failing: list[Finding], after: Callable[[float], int]
) -> None:
    assert (after(45), told(SOON), told(OVERDUE)) == (2, [], [2])


def test_owners_are_told_of_theirs_and_triagers_of_what_nobody_sees_to(
    house: House, failing: list[Finding], after: Callable[[float], int]
) -> None:
    house.member("mender", dev="reader")
    house.member("gives-work", dev="auditor")
    triage.triage(actor=house.admin, findings=[failing[0].uuid], changes={"owner": "mender"})

    after(31)

    assert notified(OVERDUE) == ["gives-work", "mender", "the-administrator"]
    entries = journalled(OVERDUE)
    assert [entry.subject for entry in entries] == [
        f"finding/{failing[1].uuid}",
        f"finding/{failing[0].uuid}",
    ]


def test_another_date_is_another_reminder(
    house: House, failing: list[Finding], after: Callable[[float], int]
) -> None:
    chosen = timezone.now() + timedelta(days=2)
    triage.triage(actor=house.admin, findings=[failing[0].uuid], changes={"due_at": chosen})

    assert (after(0), after(0.1)) == (1, 0)
    days = {"critical": 1, "high": 3, "medium": 5, "low": None}
    due_rules.set_rule(actor=house.admin, days=days)
    assert (after(0.2), after(0.3)) == (1, 0)
    assert (after(4), told(OVERDUE)) == (2, [2])


def test_what_is_resolved_is_not_told_of(
    house: House, failing: list[Finding], after: Callable[[float], int]
) -> None:
    submit(house.dev, CLOSED, external_id="a")
    scan(house, "audit-dev")

    assert after(31) == 1


def test_many_findings_are_told_of_in_few_entries(
    failing: list[Finding], after: Callable[[float], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_reminders, "AT_ONCE", 1)

    assert (after(31), told(OVERDUE)) == (2, [1, 1])


def test_without_thresholds_only_what_is_overdue_is_told(
    failing: list[Finding], after: Callable[[float], int], settings: object
) -> None:
    settings.FINDING_REMINDER_DAYS = []  # type: ignore[attr-defined]

    assert (after(29), after(31)) == (0, 2)


def test_the_worker_reminds_every_hour_and_what_was_told_stays(failing: list[Finding]) -> None:
    from django_celery_beat.models import PeriodicTask

    row = PeriodicTask.objects.get(kwargs__contains="audits.remind_of_findings")
    assert (row.enabled, row.interval.every, row.interval.period) == (True, 1, "hours")
    task = enqueue("audits.remind_of_findings", {})
    finish_tasks()
    task.refresh_from_db()
    assert task.result == {"reminded": 0}

    FindingReminder.objects.create(finding=failing[0], due_at=timezone.now(), days=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        FindingReminder.objects.update(days=3)
