"""Frameworks of controls: how each stands, and one with every control."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from audits.frameworks.standing import SHOWN_LEVELS, Level
from audits.queries.frameworks import SHIPPED, versions_of
from audits.queries.gaps import standing, standings
from audits.services.frameworks import compared
from console.pages.audits.moments import asked_moment
from console.pages.shell import page
from core.errors import InvalidInput, NotFound
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.frameworks.difference import FrameworkDifference
    from audits.frameworks.model import Framework
    from audits.frameworks.standing import ControlStanding, Coverage, FrameworkStanding
    from audits.queries.gaps import Standings
    from core.actors import Actor

TONES = {
    Level.AUTOMATIC: "mu-good",
    Level.MANUAL: "mu-warn",
    Level.STATEMENT: "mu-info",
    Level.RECORD: "mu-info",
    Level.NONE: "mu-bad",
    Level.NOT_APPLICABLE: "",
}
WORDS = {
    Level.AUTOMATIC: "a rule checks it, or a part of it",
    Level.MANUAL: "people attest it, or keep records of it",
    Level.STATEMENT: "somebody states how it is met",
    Level.RECORD: "the registry keeps records of it by itself",
    Level.NONE: "nothing speaks for it: a gap",
}
FOUND = ("fail", "unknown", "exempt", "pass")


@dataclass(frozen=True)
class Part:
    """One part of the bar of a framework, in hundredths of its width."""

    level: Level
    start: float
    width: float
    count: int


@dataclass(frozen=True)
class Section:
    """The controls of one group that the page shows, each with the colour of its level."""

    title: str
    controls: list[tuple[ControlStanding, str]]


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return every framework with its bar; raises NotFound for a workspace that is not seen."""
    actor, asked = actor_of(request), _asked(request)
    try:
        found = standings(actor, workspace=asked["workspace"], at=asked_moment(asked["at"]))
    except InvalidInput as error:
        raise NotFound(denial=error.denial) from error
    return page(
        site,
        request,
        "console/audit_frameworks.html",
        title="Frameworks",
        frameworks=[(each, list(bar(each.coverage))) for each in found.frameworks],
        levels=[(level, WORDS[level]) for level in SHOWN_LEVELS],
        found=found,
        asked=asked,
        workspaces=access.visible_workspaces(actor).order_by("slug"),
        may_import=access.administers_organisation(actor),
    )


def framework(site: AdminSite, request: HttpRequest, name: str) -> HttpResponse:
    """Return one framework; raises NotFound for one that there is none of, or a workspace that is
    not seen."""
    actor, asked = actor_of(request), _asked(request)
    try:
        found = standing(actor, name, workspace=asked["workspace"], at=asked_moment(asked["at"]))
    except InvalidInput as error:
        raise NotFound(denial=error.denial) from error
    (only,) = found.frameworks
    return page(
        site,
        request,
        "console/audit_framework.html",
        title=only.framework.title,
        framework=only.framework,
        standing=only,
        bar=list(bar(only.coverage)),
        counts=[(level, only.coverage.count(level), WORDS[level]) for level in SHOWN_LEVELS],
        not_applicable=only.coverage.count(Level.NOT_APPLICABLE),
        sections=list(_sections(only, asked)),
        scanned=[each for each in found.scans if each.scan],
        unscanned=sum(each.scan is None for each in found.scans),
        found=found,
        levels=list(Level),
        states=FOUND,
        asked=asked,
        workspaces=access.visible_workspaces(actor).order_by("slug"),
        versions=_versions(name),
        difference=_difference(only.framework, request.GET.get("against", "")),
        may_map=access.administers_organisation(actor),
        may_state=_may_state(actor, found),
        may_import=access.administers_organisation(actor) and name not in SHIPPED,
    )


def bar(coverage: Coverage) -> Iterator[Part]:
    """Yield the parts of a bar, in the order of the levels; nothing where no control counts."""
    start = 0.0
    for level in SHOWN_LEVELS:
        width = 100 * coverage.count(level) / (coverage.total or 1)
        yield Part(level, start, width, coverage.count(level))
        start += width


def _asked(request: HttpRequest) -> dict[str, str]:
    names = ("workspace", "at", "level", "verdict", "q")
    return {name: request.GET.get(name, "")[:200] for name in names}


def _sections(found: FrameworkStanding, asked: dict[str, str]) -> Iterator[Section]:
    """Yield the groups that have a control which the address asks for."""
    shown = [each for each in found.controls if _is_wanted(each, asked)]
    titles = found.framework.group_titles
    for group, members in groupby(shown, key=lambda each: each.control.group):
        title = titles.get(group, "")
        # The groups of what ships are numbered in the document itself; ids of catalogs are not.
        name = f"{group} {title}".strip() if found.framework.is_shipped else title
        yield Section(name, [(each, TONES[each.level]) for each in members])


def _is_wanted(each: ControlStanding, asked: dict[str, str]) -> bool:
    text = f"{each.control.name} {each.control.title}".lower()
    return (
        asked["level"] in {"", each.level.value}
        and asked["verdict"] in {"", each.verdict}
        and asked["q"].lower() in text
    )


def _versions(name: str) -> Sequence[object]:
    return () if name in SHIPPED else list(versions_of(name)[:20])


def _difference(now: Framework, against: str) -> FrameworkDifference | None:
    """Return what the version that the page shows has, and the one asked for did not."""
    if now.version is None or not (against.isascii() and against.isdecimal() and len(against) < 7):
        return None
    return compared(now.name, before=int(against), after=now.version)


def _may_state(actor: Actor, found: Standings) -> bool:
    """Tell whether the user may say how a control is met, in some workspace at least."""
    if access.administers_organisation(actor):
        return True
    held = access.visible_workspaces(actor, permission=Permission.ASSIGN_POLICY)
    return held.filter(slug__in=found.workspaces).exists()
