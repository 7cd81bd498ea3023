"""The addresses of findings, scans and their schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from console.pages.acts import findings as deciding
from console.pages.acts import schedules as scheduling
from console.pages.audits import comparison, finding, findings, scan, scans, trend

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


def of_findings(show: Show) -> list[URLPattern]:
    """Return the pages of findings."""
    here = "findings/"
    return [
        path(here, show(findings.listed), name="console_findings"),
        path(f"{here}triage/", show(deciding.triage_many), name="console_findings_triage"),
        path(f"{here}trend/", show(trend.trend), name="console_findings_trend"),
        path(f"{here}<uuid:uuid>/", show(finding.finding), name="console_finding"),
        path(f"{here}<uuid:uuid>/triage/", show(deciding.triage), name="console_finding_triage"),
        path(f"{here}<uuid:uuid>/comment/", show(deciding.say), name="console_finding_comment"),
        path(
            "finding-comments/<uuid:uuid>/redact/",
            show(deciding.redact),
            name="console_finding_comment_redact",
        ),
        path("due-rules/set/", show(deciding.set_rule), name="console_due_rule_set"),
    ]


def of_scans(show: Show) -> list[URLPattern]:
    """Return the pages of scans, their comparison and schedules."""
    here, planned = "scans/", "scan-schedules/"
    return [
        path(here, show(scans.listed), name="console_scans"),
        path(f"{here}start/", show(scheduling.start), name="console_scan_start"),
        path(f"{here}<uuid:uuid>/", show(scan.scan), name="console_scan"),
        path(f"{here}<uuid:uuid>/compare/", show(comparison.compared), name="console_scan_compare"),
        path(f"{planned}new/", show(scheduling.add), name="console_scan_schedule_add"),
        path(
            f"{planned}<uuid:uuid>/change/",
            show(scheduling.change),
            name="console_scan_schedule_change",
        ),
        path(
            f"{planned}<uuid:uuid>/remove/",
            show(scheduling.remove),
            name="console_scan_schedule_remove",
        ),
    ]
