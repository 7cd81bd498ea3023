"""What fails, to be narrowed down, and to be given to somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from audits.queries.controls import serving
from audits.queries.due import SEVERITIES
from audits.queries.findings import followed_findings
from console.pages.shell import page
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict

    from audits.models import Finding
    from core.actors import Actor

SHOWN = 50
SOON = timedelta(days=max(settings.FINDING_REMINDER_DAYS, default=7))
OFFERED = 12
ALL = "all"
# Facets whose values are columns of the row, by the name in the address.
COLUMNS = {
    "state": "state",
    "severity": "severity",
    "workspace": "workspace__slug",
    "policy": "policy__name",
    "origin": "origin",
}
TITLES = {"state": "State", "severity": "Severity", "who": "Owner and date"} | {
    name: name.capitalize() for name in ("workspace", "policy", "origin")
}
WHO = {
    "mine": "Mine",
    "unowned": "Without owner",
    "overdue": "Overdue",
    "soon": "Due soon",
    "ticketed": "With a ticket",
}


@dataclass(frozen=True)
class Choice:
    """A value of a facet, and the address with or without it."""

    label: str
    count: int
    address: str
    is_on: bool


@dataclass(frozen=True)
class Facet:
    """Values to choose from, those of the worst or most first."""

    title: str
    choices: list[Choice]
    more: list[Choice] = field(default_factory=list)


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the findings that fit, the newest first; those that are open unless others are asked
    for."""
    actor = actor_of(request)
    asked = _asked(request.GET)
    reach = followed_findings(actor)
    conditions = _conditions(actor, asked)
    rows = _narrowed(reach, conditions).order_by("-id")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: SHOWN + 1])
    facets = [*_facets(reach, conditions, asked, request.GET)]
    may_triage = access.visible_workspaces(actor, permission=Permission.TRIAGE_FINDINGS).exists()
    return page(
        site,
        request,
        "console/audit_findings.html",
        title="Findings",
        findings=found[:SHOWN],
        after=_address(request.GET, after=str(found[SHOWN - 1].pk)) if len(found) > SHOWN else "",
        total=_narrowed(reach, conditions).count(),
        facets=facets,
        asked=asked,
        chips=_chips(asked, request.GET),
        who=who_of(request.GET, asked["who"]),
        kept=[(name, request.GET[name]) for name in (*COLUMNS, "who") if request.GET.get(name)],
        may_triage=may_triage,
    )


def _asked(given: QueryDict) -> dict[str, str]:
    """What the address asks for; open ones where it does not say which state."""
    asked = {name: given.get(name, "")[:200] for name in (*COLUMNS, "who", "control", "owner", "q")}
    asked["state"] = asked["state"] or "open"
    if asked["who"] not in WHO:
        asked["who"] = ""
    return asked


def _conditions(actor: Actor, asked: dict[str, str]) -> dict[str, Q]:
    """What each part of the question asks of a row."""
    found = {name: Q(**{COLUMNS[name]: asked[name]}) for name in COLUMNS if asked[name]}
    if asked["state"] == ALL:
        del found["state"]
    if asked["who"]:
        found["who"] = _who(actor)[asked["who"]]
    if asked["owner"]:
        found["owner"] = Q(triage__owner__username=asked["owner"])
    if asked["control"]:
        framework, slash, _ = asked["control"].partition("/")
        found["control"] = serving(asked["control"]) if slash else serving(framework=framework)
    if asked["q"]:
        words = asked["q"]
        found["q"] = (
            Q(subject__icontains=words)
            | Q(policy__name__icontains=words)
            | Q(latest_sighting__name__icontains=words)
            | Q(triage__ticket__icontains=words)
        )
    return found


def _who(actor: Actor) -> dict[str, Q]:
    now = timezone.now()
    return {
        "mine": Q(triage__owner=actor.user),
        "unowned": Q(triage__owner__isnull=True),
        "overdue": Q(is_overdue=True),
        "soon": Q(state="open", due_at__gt=now, due_at__lte=now + SOON),
        "ticketed": Q(triage__isnull=False) & ~Q(triage__ticket=""),
    }


def _narrowed(
    rows: QuerySet[Finding], conditions: dict[str, Q], *, without: str = ""
) -> QuerySet[Finding]:
    for name, condition in conditions.items():
        if name != without:
            rows = rows.filter(condition)
    return rows


def _facets(
    reach: QuerySet[Finding], conditions: dict[str, Q], asked: dict[str, str], given: QueryDict
) -> Iterable[Facet]:
    """A query per facet: each is counted over what all the others leave."""
    for name, column in COLUMNS.items():
        rows = _narrowed(reach, conditions, without=name).order_by()
        counted = rows.values_list(column).annotate(number=Count("pk"))
        values = [(value, number) for value, number in counted if value]
        values.sort(key=lambda each: _rank(name, *each))
        choices = [
            Choice(
                value,
                number,
                _address(
                    given, **{name: ALL if is_on and name == "state" else value * (not is_on)}
                ),
                is_on,
            )
            for value, number in values
            for is_on in [asked[name] == value]
        ]
        if choices:
            yield Facet(TITLES[name], choices[:OFFERED], choices[OFFERED:])


def _rank(name: str, value: str, number: int) -> tuple[int, str]:
    if name == "severity" and value in SEVERITIES:
        return SEVERITIES.index(value), value
    return -number, value


def _chips(asked: dict[str, str], given: QueryDict) -> list[tuple[str, str]]:
    """What holds that no facet shows, with the address without it."""
    return [
        (f"{name} {asked[name]}", _address(given, **{name: ""}))
        for name in ("control", "owner", "q")
        if asked[name]
    ]


def who_of(given: QueryDict, chosen: str) -> list[tuple[str, str, bool]]:
    """Return what may be asked about owner and date: words, address, whether it is asked."""
    return [
        (label, _address(given, who="" if name == chosen else name), name == chosen)
        for name, label in WHO.items()
    ]


def _address(given: QueryDict, **changes: str) -> str:
    """The address of this page with other values; another question begins on its first page."""
    query = given.copy()
    for name in ("after", *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value:
            query[name] = value
    return f"?{query.urlencode()}"
