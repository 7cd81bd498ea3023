"""Which scans, reports and findings an actor may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from audits.models import (
    Finding,
    Report,
    ReportFile,
    ReportWorkspace,
    Scan,
    ScanResult,
    ScanWorkspace,
)
from audits.queries.retention import require_kept
from core.errors import Conflict, Denial, NotFound
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import Model

    from core.actors import Actor

    Row = TypeVar("Row", bound=Model)

# What results refer to and lists do not show.
HEAVY = ("policy_version__source", "policy_version__tests", "decision__evaluation__parameters")
# Files are there one by one, and count once the journal has all their digests.
WITHOUT_BYTES = (
    ReportFile.objects.filter(report__completed_at__isnull=False).defer("body").order_by("format")
)


def whole_scope(actor: Actor, units: QuerySet[Any]) -> Q:
    """Return the condition that the actor may run scans in every workspace of a row's ``units``."""
    # Excluding an empty condition, which is what everything being in reach comes as, would
    # exclude nothing; the other half, true for every row, turns that around.
    reach = Q(pk__isnull=False) & access.in_reach(actor, permission=Permission.RUN_SCAN)
    beyond = units.exclude(reach)
    whole = ~Q(Exists(beyond))
    if access.administers_organisation(actor):
        return whole
    return whole & Q(Exists(units))


def visible_scans(actor: Actor) -> QuerySet[Scan]:
    """Return the scans whose every workspace the actor may scan."""
    return (
        Scan.objects.filter(whole_scope(actor, ScanWorkspace.objects.filter(scan=OuterRef("pk"))))
        .select_related("task", "requested_by")
        .prefetch_related("workspaces")
    )


def visible_reports(actor: Actor) -> QuerySet[Report]:
    """Return the reports on workspaces all of which the actor may scan."""
    return (
        Report.objects.filter(
            whole_scope(actor, ReportWorkspace.objects.filter(report=OuterRef("pk")))
        )
        .select_related("task", "scan__task", "requested_by", "about__asset__workspace")
        .prefetch_related("workspaces", Prefetch("files", WITHOUT_BYTES))
    )


def visible_findings(actor: Actor) -> QuerySet[Finding]:
    """Return the findings in workspaces that the actor may see."""
    return (
        Finding.objects.filter(access.in_reach(actor))
        .select_related(
            "workspace",
            "assignment",
            "policy",
            "resource",
            "latest_result__scan",
            "latest_result__decision__evaluation",
            "latest_result__policy_version",
            "deployment",
            "latest_sighting",
        )
        .defer(*(f"latest_result__{name}" for name in HEAVY))
    )


def results_of(scan: Scan) -> QuerySet[ScanResult]:
    """Return the results of a scan that the caller may see; raises Gone where they were let go."""
    require_kept("scan_results", scan.uuid)
    return (
        ScanResult.objects.filter(scan=scan)
        .select_related(
            "workspace",
            "assignment",
            "policy_version__policy",
            "resource",
            "decision__evaluation",
            "exemption",
        )
        .defer(*HEAVY)
    )


def scan_by_uuid(actor: Actor, uuid: UUID) -> Scan:
    """Return that scan; raises NotFound where there is none, or none that the actor may see."""
    return seen(visible_scans(actor), uuid, permission=Permission.RUN_SCAN)


def report_by_uuid(actor: Actor, uuid: UUID) -> Report:
    """Return that report; raises NotFound where there is none, or none that the actor may see."""
    return seen(visible_reports(actor), uuid, permission=Permission.RUN_SCAN)


def finding_by_uuid(actor: Actor, uuid: UUID) -> Finding:
    """Return that finding; raises NotFound where there is none, or none that the actor may see."""
    return seen(visible_findings(actor), uuid, permission=Permission.VIEW)


def report_file(actor: Actor, uuid: UUID, *, file_format: str) -> ReportFile:
    """Return a file of that report with its bytes.

    Raises NotFound as ``report_by_uuid`` does, and for a format that was not asked for; Conflict
    while the report is not completed; Gone where its files were let go.
    """
    report = report_by_uuid(actor, uuid)
    if report.completed_at is None:
        raise Conflict(f"The report has no files yet: it is {report.status}.")
    files = ReportFile.objects.filter(report=report, format=file_format)
    file = files.select_related("blob").first()
    if file is None:
        require_kept("report_files", report.uuid)
        raise NotFound
    file.report = report
    return file


def seen(visible: QuerySet[Row], uuid: UUID, *, permission: Permission) -> Row:
    """Return the row, or raise NotFound, with the denial to journal where others may see it."""
    if row := visible.filter(uuid=uuid).first():
        return row
    model = visible.model
    if not QuerySet(model).filter(uuid=uuid).exists():
        raise NotFound
    subject = f"{model._meta.model_name}/{uuid}"
    raise NotFound(denial=Denial(permission.value, subject, None))
