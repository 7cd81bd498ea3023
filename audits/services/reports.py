"""Ask for a report of a scan, and render it in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.events import ReportCompleted, ReportRequested
from audits.models import Report, ReportFile, Scan
from audits.queries import scope
from audits.reports.collect import assessment_of
from audits.reports.formats import FORMATS
from audits.services import scans
from core import tasks
from core.actors import Actor, Via, system
from core.canonical import sha256
from core.errors import InvalidInput, NotFound
from core.journal import publish
from registry import access

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from core.tasks import TaskRun
    from registry.models import Workspace

REPORT_TASK = "audits.report"


def request(
    *,
    actor: Actor,
    scan: UUID | None = None,
    workspaces: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
) -> Report:
    """Ask for a report of ``scan``, or of a new scan of ``workspaces``; return it.

    Rendered in the background once the scan is complete. Needs the right run_scan in every
    workspace of the scope. Raises InvalidInput for an unknown scan, workspace or format.
    """
    wanted = _formats(formats)
    if (scan is None) == (workspaces is None):
        raise InvalidInput.of("scan", "give either a scan or workspaces")
    with transaction.atomic():
        basis = _scan(actor, scan) if scan else scans.start(actor=actor, workspaces=workspaces)
        report = Report.objects.create(
            scan=basis, formats=wanted, requested_by=actor.user, requested_at=timezone.now()
        )
        place = _only_workspace(basis)
        publish(
            ReportRequested(
                subject=f"report/{report.uuid}",
                workspace=place.uuid if place else None,
                scan=str(basis.uuid),
                formats=wanted,
            ),
            actor=actor,
            roles=access.roles(actor, place.pk) if place else (),
        )
        # Under the lock that completing takes: either this sees the scan complete, or completing
        # sees this report.
        if Scan.objects.select_for_update().get(pk=basis.pk).completed_at is not None:
            _begin(report)
    return report


def _formats(names: Sequence[str] | None) -> list[str]:
    wanted = list(FORMATS) if names is None else sorted(set(names))
    for name in wanted:
        if name not in FORMATS:
            raise InvalidInput.of("formats", f"{name[:20]!r} is none of {', '.join(FORMATS)}")
    if not wanted:
        raise InvalidInput.of("formats", "must name at least one format, or be left out")
    return wanted


def _scan(actor: Actor, uuid: UUID) -> Scan:
    try:
        return scope.scan_by_uuid(actor, uuid)
    except NotFound as error:
        reason = f"there is no scan {str(uuid)!r}"
        raise InvalidInput.of("scan", reason, denial=error.denial) from error


def _only_workspace(scan: Scan) -> Workspace | None:
    """Reports on one workspace lie in its trail, wider ones in the organisation's."""
    places = list(scan.workspaces.all()[:2])
    return places[0] if len(places) == 1 else None


def begin_waiting(scan: Scan) -> None:
    """Begin the reports that waited for ``scan``, in the transaction that completes it."""
    for report in Report.objects.filter(scan=scan, task__isnull=True).select_related(
        "requested_by"
    ):
        _begin(report)


def _begin(report: Report) -> None:
    report.task = tasks.enqueue(
        REPORT_TASK, {"report": str(report.uuid)}, requested_by=report.requested_by
    )
    report.save(update_fields=["task"])


def render(report_uuid: UUID | str, *, run: TaskRun) -> None:
    """Render a report whose scan is complete; all files and the event commit at once."""
    report = Report.objects.select_related("scan__requested_by", "requested_by").get(
        uuid=report_uuid
    )
    if report.completed_at is not None:
        return
    run.progress(0, len(report.formats) + 1, "collecting")
    assessment = assessment_of(report.scan)
    files = []
    for number, name in enumerate(report.formats, start=1):
        run.progress(number, len(report.formats) + 1, name)
        body = FORMATS[name].render(assessment)
        files.append(
            ReportFile(report=report, format=name, digest=sha256(body), size=len(body), body=body)
        )
    with transaction.atomic():
        run.progress(len(files) + 1, len(files) + 1, "done")
        ReportFile.objects.bulk_create(files)
        report.completed_at = timezone.now()
        report.save(update_fields=["completed_at"])
        _publish_completed(report, files)
        run.succeed({"report": str(report.uuid)})


def _publish_completed(report: Report, files: Sequence[ReportFile]) -> None:
    place = _only_workspace(report.scan)
    user = report.requested_by
    request_id = f"report-{report.uuid}"
    actor = Actor(user, Via.TASK, request_id=request_id) if user else system(request_id=request_id)
    publish(
        ReportCompleted(
            subject=f"report/{report.uuid}",
            workspace=place.uuid if place else None,
            digest=report.scan.digest or "",
            scan=str(report.scan.uuid),
            files={file.format: file.digest for file in files},
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )
