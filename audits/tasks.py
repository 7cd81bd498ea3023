"""Background work of audits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.services import reports, scanning, scans
from audits.services.packs import build
from audits.services.packs.request import PACK_TASK
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
