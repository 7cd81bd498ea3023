"""Two scans held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator

from audits.comparing import Became
from audits.queries.comparison import comparison_of, lines_of
from console.pages.shell import page
from core.errors import NotFound
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

SHOWN = 50
TONES = {
    Became.FAILED: "mu-bad",
    Became.REGRESSED: "mu-bad",
    Became.CHANGED: "mu-warn",
    Became.STILL_FAILING: "mu-warn",
    Became.MENDED: "mu-good",
}


def compared(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return what became of every question between two scans, a page of it."""
    other = request.GET.get("with", "")
    try:
        against = UUID(other)
    except ValueError:
        raise NotFound from None
    found = comparison_of(actor_of(request), uuid, against)
    chosen = request.GET.get("change", "")
    pages = Paginator(found.chosen(change=chosen), SHOWN)
    shown = pages.get_page(request.GET.get("page"))
    return page(
        site,
        request,
        "console/audit_comparison.html",
        title="Two scans compared",
        comparison=found,
        counts=[
            (name, number, TONES.get(Became(name), "")) for name, number in found.counts.items()
        ],
        total=len(found.changes),
        chosen=chosen,
        page=shown,
        lines=[
            (line, TONES.get(line.changed.became, ""))
            for line in lines_of(found, list(shown.object_list))
        ],
        asked=uuid,
        other=against,
    )
