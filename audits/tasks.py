"""Background work of audits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.services import finding_reminders, reports, retention, risk_reminders, scanning, scans
from audits.services.packs import build
from audits.services.packs.request import PACK_TASK
from audits.services.streams import operating, sending
from audits.services.transparency import anchoring
from core.actors import system
from core.tasks import task

if TYPE_CHECKING:
    from core.tasks import TaskRun


@task(scans.SCAN_TASK)
def scan(run: TaskRun) -> dict[str, Any] | None:
    """Do a scan that somebody asked for."""
    scanning.work(run.payload["scan"], run=run)
    return None


@task(reports.REPORT_TASK)
def report(run: TaskRun) -> dict[str, Any] | None:
    """Render a report that somebody asked for."""
    reports.render(run.payload["report"], run=run)
    return None


@task(PACK_TASK)
def pack(run: TaskRun) -> dict[str, Any] | None:
    """Make an evidence pack that somebody asked for."""
    build.build(run.payload["pack"], run=run)
    return None


@task(scans.RESCAN_TASK)
def scan_workspace(run: TaskRun) -> dict[str, Any] | None:
    """Start a scan of the workspace in which an exemption began or ended."""
    scans.start_rescan(run=run)
    return None


@task("audits.scan_organisation")
def scan_organisation(run: TaskRun) -> dict[str, Any] | None:
    """Start a scan of the whole organisation, as a schedule asks for it."""
    scans.start_scheduled(run=run)
    return None


@task("audits.remind_of_reviews")
def remind_of_reviews(run: TaskRun) -> dict[str, Any]:
    """Remind the owners of risks whose review is overdue."""
    told = risk_reminders.remind(actor=system(), progress=lambda count: run.progress(count, 0))
    return {"reminded": told}


@task("audits.remind_of_findings")
def remind_of_findings(run: TaskRun) -> dict[str, Any]:
    """Remind those who see to findings of what is due soon, and of what is overdue."""
    told = finding_reminders.remind(actor=system(), progress=lambda count: run.progress(count, 0))
    return {"reminded": told}


@task(scans.SCHEDULED_TASK)
def scan_on_schedule(run: TaskRun) -> dict[str, Any] | None:
    """Start the scan of a schedule that somebody set."""
    scans.start_scheduled(run=run)
    return None


@task(retention.TASK)
def apply_retention(run: TaskRun) -> dict[str, Any]:
    """Let go of what the rules of retention say, or count it."""
    return retention.work(run)


@task(anchoring.ANCHORING.task)
def anchor_log(run: TaskRun) -> dict[str, Any]:
    """Tell one sink of the transparency log's newest checkpoint."""
    return anchoring.work(run)


@task("audits.sweep")
def sweep(run: TaskRun) -> dict[str, Any]:
    """Start anew what goes out of the log and of the journal, where it came to a halt."""
    return {"sinks": anchoring.sweep(), "streams": operating.sweep()}


@task(sending.DELIVERIES.task)
def deliver_stream(run: TaskRun) -> dict[str, Any]:
    """Send pending entries to one stream."""
    return sending.deliver(run)


@task(operating.TEST_TASK)
def test_stream(run: TaskRun) -> dict[str, Any]:
    """Send a test event to one stream."""
    return operating.send_test(run)
