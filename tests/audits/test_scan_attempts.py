"""Killing the worker of a scan, or taking its lease, leaves one complete result set."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from audits.models import Finding, Scan, ScanResult
from audits.services import findings, scans
from core import tasks
from core.models import Task
from policies.models import Decision
from policies.services import evaluation
from policies.services.answers import ask_all
from policies.services.evaluation import assess_in_steps
from registry.models import Grant
from registry.services import members
from tests.audits.conftest import finish_tasks
from tests.audits.estate import journalled
from tests.policies.estate import (
    OPEN,
    assign,
    make_policy,
    submit,
)

if TYPE_CHECKING:
    from tests.audits.conftest import House

ASSESS = "audits.services.scanning.assess_in_steps"


class Killed(BaseException):
    """What ends a worker: nothing in it gets to handle this."""


def two_workspaces(house: House) -> Scan:
    """A scan that has something to ask in two workspaces."""
    policy = make_policy()
    for place in (house.dev, house.prod):
        assign(policy, place, "audit")
        submit(place, OPEN)
    return scans.start(actor=house.admin, workspaces=["audit-dev", "audit-prod"])


def abandon(started: Scan) -> None:
    """Let the lease of the killed worker run out."""
    Task.objects.filter(pk=started.task_id).update(lease_until=timezone.now())


def assert_whole(started: Scan) -> None:
    """One complete result set, one finding per failure, one event of each kind."""
    done = Scan.objects.select_related("task").get(pk=started.pk)
    assert (done.status, done.task.state) == ("completed", "succeeded")
    assert sorted(done.results.values_list("workspace__slug", "state")) == [
        ("audit-dev", "fail"),
        ("audit-prod", "fail"),
    ]
    assert done.counts is not None
    assert done.counts["fail"] == 2
    assert Finding.objects.count() == 2
    assert len(journalled("audits.finding.opened")) == 2
    assert len(journalled("audits.scan.completed")) == 1


def test_a_worker_killed_between_two_workspaces_leaves_one_complete_result_set(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = two_workspaces(house)

    def dies_in_the_second(steps: Any, **options: Any) -> Any:
        for step in steps:
            if step.unit.workspace == house.prod:
                raise Killed
            yield from assess_in_steps([step], **options)

    monkeypatch.setattr(ASSESS, dies_in_the_second)
    with pytest.raises(Killed):
        tasks.claim_and_run()
    assert ScanResult.objects.count() == 1
    monkeypatch.undo()
    assert not tasks.claim_and_run()  # the lease still holds
    abandon(started)

    finish_tasks()

    assert_whole(started)
    assert Decision.objects.filter(evaluation__workspace=house.dev).count() == 1


def test_a_worker_killed_while_writing_leaves_nothing_of_that_workspace(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = two_workspaces(house)
    really_follow = findings.follow

    def dies_after(*told: Any, **options: Any) -> None:
        really_follow(*told, **options)
        raise Killed

    monkeypatch.setattr(findings, "follow", dies_after)
    with pytest.raises(Killed):
        tasks.claim_and_run()
    assert not ScanResult.objects.exists()
    assert not Finding.objects.exists()
    monkeypatch.setattr(findings, "follow", really_follow)
    abandon(started)

    finish_tasks()

    assert_whole(started)


def test_a_worker_that_lost_its_lease_writes_nothing_any_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = two_workspaces(house)

    def is_overtaken(steps: Any, **options: Any) -> Any:
        monkeypatch.undo()
        abandon(started)
        assert tasks.claim_and_run()  # by another worker, to its end
        return assess_in_steps(steps, **options)

    monkeypatch.setattr(ASSESS, is_overtaken)

    assert tasks.claim_and_run()

    assert_whole(started)


def test_the_lease_is_renewed_for_as_long_as_the_engine_needs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = two_workspaces(house)
    leases: list[datetime] = []

    def slowly(asked: Any) -> Any:
        """Answer only when the lease has been renewed six times more."""
        enough, until = len(leases) + 6, time.monotonic() + 60
        while len(leases) < enough and time.monotonic() < until:
            time.sleep(0.01)
        return ask_all(asked)

    def noted(run: tasks.TaskRun, *told: Any) -> None:
        progress(run, *told)
        lease = Task.objects.get(pk=started.task_id).lease_until
        assert lease is not None
        leases.append(lease)

    progress = tasks.TaskRun.progress
    monkeypatch.setattr(evaluation, "TELL_SECONDS", 0.05)
    monkeypatch.setattr(evaluation, "ask_all", slowly)
    monkeypatch.setattr(tasks.TaskRun, "progress", noted)

    assert tasks.claim_and_run()

    assert_whole(started)
    assert len(set(leases)) > 10
    assert leases == sorted(leases)


def test_what_was_scanned_before_a_right_was_lost_stands(house: House) -> None:
    auditor = house.member("auditor", dev="auditor", prod="auditor")
    policy = make_policy()
    for place in (house.dev, house.prod):
        assign(policy, place, "audit")
        submit(place, OPEN)
    started = scans.start(actor=auditor, workspaces=["audit-dev", "audit-prod"])
    grant = Grant.objects.get(user=auditor.user, workspace=house.prod, valid_to__isnull=True)
    members.revoke(actor=house.admin, grant_uuid=grant.uuid)

    finish_tasks()

    failed = Scan.objects.select_related("task").get(pk=started.pk)
    assert failed.status == "failed"
    assert [each.workspace for each in failed.results.all()] == [house.dev]


def test_a_scan_ends_where_its_requester_lost_the_right(house: House) -> None:
    auditor = house.member("auditor", dev="auditor")
    started = scans.start(actor=auditor, workspaces=["audit-dev"])
    assert auditor.user is not None
    auditor.user.is_active = False
    auditor.user.save()

    finish_tasks()

    failed = Scan.objects.select_related("task").get(pk=started.pk)
    assert failed.status == "failed"
    assert not failed.results.exists()
