"""How far policies cover laws and standards: every framework, and the controls of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.pages.shell import page
from core.errors import InvalidInput, NotFound
from policies.packs.coverage import Level
from policies.queries.coverage import coverage_of_all
from registry import access
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from policies.packs.coverage import ControlCoverage, Counts, FrameworkCoverage

TONES = {Level.AUTOMATIC: "mu-good", Level.MANUAL: "mu-warn", Level.NONE: ""}


@dataclass(frozen=True)
class Bar:
    """One part of the bar of a framework, in hundredths of its width."""

    level: Level
    start: float
    width: float


def coverage(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page; raises NotFound for a framework or workspace that there is none of."""
    actor = actor_of(request)
    workspace = request.GET.get("workspace", "")
    name, level = request.GET.get("framework", ""), request.GET.get("level", "")
    try:
        found = coverage_of_all(actor, workspace=workspace)
    except InvalidInput as error:
        raise NotFound(denial=error.denial) from error
    chosen = next((each for each in found if each.framework.name == name), None)
    if name and chosen is None:
        raise NotFound
    return page(
        site,
        request,
        "console/policy_coverage.html",
        title="Coverage of laws and standards",
        frameworks=[(each, _counted(each, workspace)) for each in found],
        chosen=chosen,
        controls=list(_controls(chosen, level, in_force=bool(workspace))),
        levels=list(Level),
        asked={"workspace": workspace, "framework": name, "level": level},
        workspaces=access.visible_workspaces(actor).order_by("slug"),
    )


def _counted(found: FrameworkCoverage, workspace: str) -> tuple[Counts, list[Bar]]:
    """Return the counts by what is assigned, or what there is without a workspace, and a bar."""
    counts = found.assigned if workspace else found.available
    bars, start = [], 0.0
    for level in Level:
        width = 100 * getattr(counts, level) / (counts.total or 1)
        bars.append(Bar(level, start, width))
        start += width
    return counts, bars


def _controls(
    found: FrameworkCoverage | None, level: str, *, in_force: bool
) -> Iterator[tuple[ControlCoverage, Level, str]]:
    """Return the controls of a level, or of all, each with its level and its tone."""
    for each in found.controls if found else ():
        shown = each.assigned if in_force else each.level
        if level in {"", shown.value}:
            yield each, shown, TONES[shown]
