"""The addresses of the pages about reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from console.pages.acts import reports as asking
from console.pages.audits import reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


def of_reports(show: Show) -> list[URLPattern]:
    """Return the pages of reports."""
    return [
        path("reports/", show(reports.listed), name="console_reports"),
        path("reports/new/", show(asking.ask), name="console_report_ask"),
        path("reports/<uuid:uuid>/", show(reports.report), name="console_report"),
    ]
