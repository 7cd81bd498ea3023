"""How findings went over time, drawn."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from audits.queries.due import SEVERITIES
from audits.queries.trend import GROUPS, Trend, TrendQuery, trend_of
from console.pages.shell import page
from console.plots import Plot, plot
from policies.packs.controls import frameworks
from registry import access
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

PERIODS = (30, 90, 365)


def trend(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page: charts by day, what stands now, and the workspaces or policies behind it."""
    actor = actor_of(request)
    text = request.GET.get("days", "")
    asked = TrendQuery(
        days=int(text) if text in map(str, PERIODS) else 90,
        workspace=request.GET.get("workspace", "")[:63],
        policy=request.GET.get("policy", "")[:200],
        framework=request.GET.get("framework", "")[:200],
        by=by if (by := request.GET.get("by", "")) in GROUPS else "workspace",
    )
    found = trend_of(actor, asked)
    last = found.days[-1]
    return page(
        site,
        request,
        "console/audit_trend.html",
        title="Findings over time",
        trend=found,
        charts=_charts(found),
        asked=asked,
        periods=PERIODS,
        groups_by=GROUPS,
        severities=SEVERITIES,
        workspaces=access.visible_workspaces(actor).order_by("slug"),
        frameworks=sorted(frameworks()),
        open_now=sum(last.open.values()),
        overdue=sum(found.overdue.values()),
        mean=[(name, _long(seconds)) for name, seconds in found.mean_seconds.items()],
        rows=[
            (group, [(each, group.open[each]) for each in SEVERITIES], _long(group.mean_seconds))
            for group in found.groups
        ],
        query=request.GET.urlencode(),
    )


def _charts(found: Trend) -> list[Plot]:
    numbers = {
        severity: [float(day.open[severity]) for day in found.days]
        for severity in SEVERITIES
        if any(day.open[severity] for day in found.days)
    }
    happened = {
        "opened": [float(day.opened) for day in found.days],
        "came back": [float(day.regressed) for day in found.days],
        "mended": [float(day.mended) for day in found.days],
    }
    late = [float(day.overdue) for day in found.days]
    drawn = [
        _plot("Open at the end of each day", numbers, found),
        _plot("Overdue at the end of each day", {"overdue": late} if any(late) else {}, found),
        _plot("In each day", happened, found),
    ]
    return [each for each in drawn if each is not None]


def _plot(title: str, lines: Mapping[str, Sequence[float]], found: Trend) -> Plot | None:
    def told(place: float) -> str:
        return f"{found.since + timedelta(days=int(place)):%-d %b %Y}"

    return plot(
        title, {name: list(enumerate(values)) for name, values in lines.items()}, places=told
    )


def _long(seconds: int | None) -> str:
    """A length of time as people say it."""
    if seconds is None:
        return ""
    if seconds < 2 * 3600:
        return f"{max(1, round(seconds / 60))} min"
    return f"{seconds / 3600:.0f} h" if seconds < 2 * 86400 else f"{seconds / 86400:.0f} d"
