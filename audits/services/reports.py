"""Ask for a report, and render it in the background."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.events import ReportCompleted, ReportRequested
from audits.models import Report, ReportWorkspace, Scan
from audits.reports import offered
from audits.reports.basis import basis_of
from audits.reports.checkpoints import is_awaited
from audits.reports.making import Making
from audits.services import report_files
from audits.services.report_bases import Asked, check_size, choose, is_ready
from core import tasks
from core.actors import Actor, Via, system
from core.errors import InvalidInput
from core.journal import publish
from registry import access
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from audits.services.report_bases import Chosen
    from core.tasks import TaskRun
    from registry.models import Workspace

REPORT_TASK = "audits.report"
AGAIN = timedelta(seconds=1)
PATIENCE = timedelta(seconds=30)
TOLD_EVERY = 1.0


def request(*, actor: Actor, asked: Asked, formats: Sequence[str] | None = None) -> Report:
    """Ask for a report and return it.

    Rendered in the background once its scan is complete; without ``formats`` in all that every
    installation can render. Needs the right run_scan in every workspace of the scope. Raises
    InvalidInput for an unknown scan, workspace, version, framework or format, and for a scan that
    is too large.
    """
    asked.check()
    with transaction.atomic():
        chosen = choose(actor, asked)
        report = Report.objects.create(
            scan=chosen.scan,
            about=chosen.about,
            as_of=chosen.as_of,
            framework=asked.framework,
            formats=_formats(formats, chosen),
            requested_by=actor.user,
            requested_at=timezone.now(),
        )
        ReportWorkspace.objects.bulk_create(
            ReportWorkspace(report=report, workspace=place) for place in chosen.workspaces
        )
        _publish_requested(report, chosen, actor=actor)
        if is_ready(chosen):
            _begin(report)
    return report


def _formats(names: Sequence[str] | None, chosen: Chosen) -> list[str]:
    kind = chosen.about.asset.kind if chosen.about else None
    is_assessed = chosen.scan is not None
    if names is None:
        return offered.standard(kind=kind, is_assessed=is_assessed)
    for name in names:
        if reason := offered.refusal(name, kind=kind, is_assessed=is_assessed):
            raise InvalidInput.of("formats", reason)
    if not names:
        raise InvalidInput.of("formats", "must name at least one format, or be left out")
    return sorted(set(names))


def _publish_requested(report: Report, chosen: Chosen, *, actor: Actor) -> None:
    place = _only(chosen.workspaces)
    publish(
        ReportRequested(
            subject=f"report/{report.uuid}",
            workspace=place.uuid if place else None,
            scan=str(chosen.scan.uuid) if chosen.scan else "",
            formats=report.formats,
            about=str(reference_of(chosen.about)) if chosen.about else "",
            as_of=chosen.as_of.isoformat() if chosen.as_of else "",
            framework=report.framework,
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )


def _only(places: Sequence[Workspace]) -> Workspace | None:
    """Reports on one workspace lie in its trail, wider ones in the organisation's."""
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
    """Render a report whose scan is complete: each file commits by itself, so that another attempt
    goes on with the next one; the event commits with the end."""
    report = Report.objects.select_related(
        "scan__requested_by", "requested_by", "about__asset__workspace"
    ).get(uuid=report_uuid)
    if report.completed_at is not None:
        return
    if report.scan is not None:
        check_size(report.scan, report.workspaces.all(), about=report.about)
        if is_awaited(report.scan) and timezone.now() < run.task.created_at + PATIENCE:
            run.postpone(AGAIN, "waiting for the log and the lineage of that time")
            return
    _render_files(report, run=run)
    with transaction.atomic():
        run.progress(len(report.formats), len(report.formats), "done")
        report.completed_at = timezone.now()
        report.save(update_fields=["completed_at"])
        _publish_completed(report)
        run.succeed({"report": str(report.uuid)})


def _render_files(report: Report, *, run: TaskRun) -> None:
    there = set(report.files.values_list("format", flat=True))
    pulse = _Pulse(run, done=len(there), total=len(report.formats))
    pulse.beat("collecting")
    making = Making(
        basis_of(report), told=lambda count: pulse.tell(f"collecting, {count:,} results so far")
    )
    for name in report.formats:
        if name in there:
            continue
        pulse.beat(name)
        report_files.keep(
            report, name, making.pieces(name), told=partial(pulse.written, name), fence=pulse.end
        )


class _Pulse:
    """Tells how far an attempt is, and so keeps its lease; raises LeaseLost."""

    def __init__(self, run: TaskRun, *, done: int, total: int) -> None:
        self._run, self._done, self._total = run, done, total
        self._told_at = 0.0

    def beat(self, message: str) -> None:
        self._told_at = time.monotonic()
        self._run.progress(self._done, self._total, message)

    def tell(self, message: str) -> None:
        if time.monotonic() - self._told_at >= TOLD_EVERY:
            self.beat(message)

    def written(self, name: str, size: int) -> None:
        self.tell(f"{name}, {size / 1024**2:,.1f} MiB so far")

    def end(self) -> None:
        """Count a file, in the transaction that puts it on record."""
        self._done += 1
        self.beat("")


def _publish_completed(report: Report) -> None:
    place = _only(list(report.workspaces.all()[:2]))
    user = report.requested_by
    request_id = f"report-{report.uuid}"
    actor = Actor(user, Via.TASK, request_id=request_id) if user else system(request_id=request_id)
    publish(
        ReportCompleted(
            subject=f"report/{report.uuid}",
            workspace=place.uuid if place else None,
            digest=(report.scan.digest if report.scan else None) or "",
            scan=str(report.scan.uuid) if report.scan else "",
            files={
                offered.journal_key(name): digest
                for name, digest in report.files.values_list("format", "digest")
            },
            about=str(reference_of(report.about)) if report.about else "",
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )
