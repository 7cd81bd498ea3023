"""A scan that has run and a report that is ready, whether or not a worker is at work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from audits.models import Report, Scan
from audits.services import reports, scans
from audits.services.report_bases import Asked
from core import tasks
from core.models import Task
from core.schedules import consume_journal, sequence_journal

if TYPE_CHECKING:
    from core.actors import Actor

PATIENCE_SECONDS = 300.0


class NotDone(RuntimeError):
    """A task of the demo failed, or nobody finished it in time."""


def catch_up() -> None:
    """Place every journal entry and tell the consumers, as the worker does all the time."""
    sequence_journal()
    consume_journal()


def report_on_everything(auditor: Actor) -> None:
    """Scan all workspaces of ``auditor`` and report on it, unless that was done."""
    scan = Scan.objects.filter(requested_by=auditor.user).select_related("task").first()
    if scan is None:
        scan = scans.start(actor=auditor)
    finish(scan.task)
    report = Report.objects.filter(scan=scan).select_related("task").first()
    if report is None:
        report = reports.request(actor=auditor, asked=Asked(scan=scan.uuid))
    report = Report.objects.select_related("task").get(pk=report.pk)
    if report.task is not None:
        finish(report.task)


def finish(task: Task) -> None:
    """Do the task here, or wait for the worker that was faster; raises NotDone."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        task.refresh_from_db()
        if task.state == Task.State.SUCCEEDED:
            return
        if task.state == Task.State.FAILED:
            raise NotDone(f"{task.name} failed: {task.error}")
        if not tasks.claim_and_run(task_uuid=task.uuid):
            time.sleep(0.2)
    raise NotDone(f"{task.name} was not done in {PATIENCE_SECONDS:.0f} s")
