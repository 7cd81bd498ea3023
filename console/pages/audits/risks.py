"""The risk register: the list with its heat map, and one risk with its history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from audits.models import Risk, RiskLink, RiskRevision
from audits.models.risk import Level
from audits.queries import risks as register
from audits.services.risk_links import target_of
from console.pages.audits.moments import asked_moment
from console.pages.shell import page
from console.pages.trails import trail_in, trail_of_organisation
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

SHOWN = 50
HISTORY = 100
CELL = re.compile(r"([1-5])x([1-5])\Z")
TOLD = (
    ("title", "title"),
    ("category", "category"),
    ("state", "state"),
    ("inherent_likelihood", "likelihood before treatment"),
    ("inherent_impact", "impact before treatment"),
    ("residual_likelihood", "likelihood after treatment"),
    ("residual_impact", "impact after treatment"),
    ("treatment", "treatment"),
    ("treatment_reason", "why that treatment"),
    ("owner", "owner"),
    ("review_on", "next review"),
    ("description", "description"),
)


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the risks that the user may see, what was revised last first, and the heat map of
    those that are not closed."""
    actor = actor_of(request)
    names = ("workspace", "state", "level", "category", "owner", "overdue", "cell", "control", "at")
    asked = {name: request.GET.get(name, "")[:400] for name in names}
    everything = register.register(actor, at=asked_moment(asked["at"]))
    if asked["workspace"]:
        everything = everything.filter(risk__workspace__slug=asked["workspace"])
    rows = _filtered(everything, asked).order_by("-id")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: SHOWN + 1])
    return page(
        site,
        request,
        "console/audit_risks.html",
        title="Risks",
        risks=found[:SHOWN],
        matrix=_by_likelihood(register.matrix(everything)),
        overdue=everything.filter(register.overdue()).count(),
        asked=asked,
        states=Risk.State.values,
        levels=Level.values,
        categories=Risk.Category.choices,
        workspaces=access.visible_workspaces(actor).order_by("slug"),
        after=found[SHOWN - 1].pk if len(found) > SHOWN else None,
        may_create=may_create(actor),
    )


def _filtered(rows: QuerySet[RiskRevision], asked: dict[str, str]) -> QuerySet[RiskRevision]:
    rows = register.scored(rows)
    if asked["state"] in Risk.State.values:
        rows = rows.filter(state=asked["state"])
    if asked["category"] in Risk.Category.values:
        rows = rows.filter(category=asked["category"])
    if asked["level"] in Level.values:
        rows = rows.filter(register.at_level(Level(asked["level"])))
    if asked["owner"]:
        rows = rows.filter(owner__username=asked["owner"])
    if asked["overdue"]:
        rows = rows.filter(register.overdue())
    if cell := CELL.match(asked["cell"]):
        likelihood, impact = int(cell[1]), int(cell[2])
        rows = rows.alias(likelihood=register.LIKELIHOOD, impact=register.IMPACT).filter(
            likelihood=likelihood, impact=impact, state__in=register.OPEN_STATES
        )
    return rows.filter(_linked(asked["control"])) if asked["control"] else rows


def _linked(reference: str) -> Q:
    framework, _, control = reference.partition("/")
    held = RiskLink.objects.filter(framework=framework, control=control, valid_to__isnull=True)
    return Q(risk__in=held.exclude(control="").values("risk"))


def risk(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one risk as it stands, with what it is about and all that was said of it; raises
    NotFound for a missing or foreign one."""
    actor = actor_of(request)
    found = register.risk_by_uuid(actor, uuid)
    revisions = list(register.history(found)[:HISTORY])
    may = may_triage(actor, found.risk)
    return page(
        site,
        request,
        "console/audit_risk.html",
        title=found.title,
        revision=found,
        place=found.place,
        places=_places(found),
        links=[(each, target_of(each)) for each in register.links_of(actor, found)],
        history=list(_changes(revisions)),
        may_triage=may,
        trail=trail_in(actor, found.risk.workspace_id, evidence=found.risk.uuid)
        if found.risk.workspace_id
        else trail_of_organisation(actor, evidence=found.risk.uuid),
        may_accept=may and may_accept(actor, found),
        today=timezone.now().date(),
    )


def may_create(actor: Actor) -> bool:
    """Tell whether the user may put a risk on some register."""
    held = access.visible_workspaces(actor, permission=Permission.TRIAGE_FINDINGS)
    return access.administers_organisation(actor) or held.exists()


def may_triage(actor: Actor, found: Risk) -> bool:
    """Tell whether the user may work on the risk."""
    if found.workspace_id is None:
        return access.administers_organisation(actor)
    return access.allows(actor, Permission.TRIAGE_FINDINGS, found.workspace_id)


def may_accept(actor: Actor, found: RiskRevision) -> bool:
    """Tell whether the risk waits for somebody like the user to accept it."""
    waits = found.treatment == Risk.Treatment.ACCEPT and found.state in {"open", "treated"}
    return waits and found.owner_id != (actor.user.pk if actor.user else None)


def _by_likelihood(cells: list[register.Cell]) -> list[list[register.Cell]]:
    """Return the cells in rows of five."""
    return [cells[start : start + 5] for start in range(0, len(cells), 5)]


def _places(found: RiskRevision) -> list[list[tuple[int, int, Level, str]]]:
    """Return the five by five with the mark of the risk before (○) and after (●) treatment."""
    before = found.inherent_likelihood, found.inherent_impact
    rows = []
    for cells in _by_likelihood(register.matrix(RiskRevision.objects.none())):
        row = []
        for cell in cells:
            here = cell.likelihood, cell.impact
            mark = "●" if here == found.place else "○" if here == before else ""
            row.append((cell.likelihood, cell.impact, cell.level, mark))
        rows.append(row)
    return rows


def _changes(
    revisions: list[RiskRevision],
) -> Iterator[tuple[RiskRevision, list[tuple[str, str, str]]]]:
    """Yield each revision with what it says that the one before did not: name, old and new."""
    for newer, older in zip(revisions, [*revisions[1:], None], strict=True):
        changed = []
        for name, words in TOLD if older else ():
            old, new = _shown(older, name), _shown(newer, name)
            if old != new:
                changed.append((words, old, new))
        yield newer, changed


def _shown(revision: RiskRevision | None, name: str) -> str:
    value = getattr(revision, name)
    return "none" if value in {None, ""} else str(value)
