"""One scan: how far it is, and what it found, by workspace and by policy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, F

from audits.models import ResultState, Scan
from audits.queries.scope import results_of, scan_by_uuid, visible_scans
from console.pages.audits.scans import OPEN
from console.pages.shell import page
from console.pages.trails import trail_across
from core.errors import Gone
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from audits.models import ScanResult
    from core.actors import Actor

OFFERED = 30
SHOWN = 200
BAD = (ResultState.FAIL, ResultState.CONFLICT, ResultState.ERROR)


@dataclass
class Counted:
    """How many answers ended in each state."""

    name: str
    severity: str = ""
    states: Counter[str] = field(default_factory=Counter)

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Return a number for each state."""
        return [(state, self.states[state]) for state in ResultState.values]

    @property
    def bad(self) -> int:
        """Return how many are bad."""
        return sum(self.states[state] for state in BAD)


def scan(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign scan."""
    actor = actor_of(request)
    found = scan_by_uuid(actor, uuid)
    return page(
        site,
        request,
        "console/audit_scan.html",
        title="Scan",
        scan=found,
        places=sorted(place.slug for place in found.workspaces.all()),
        is_open=found.status in OPEN,
        trail=trail_across(actor, evidence=found.uuid),
        counts=[(state, number) for state, number in (found.counts or {}).items() if number],
        shown=[
            state
            for state in ResultState.values
            if (found.counts or {}).get(state) and state != ResultState.NOT_APPLICABLE
        ],
        tables=_tables(found) if found.completed_at else [],
        others=_others(actor, found) if found.completed_at else [],
    )


def _tables(found: Scan) -> list[tuple[str, list[Counted], bool]]:
    """The tables under their titles; none where a rule of retention let the results go."""
    try:
        results = results_of(found)
    except Gone:
        return []
    return [
        ("By workspace", _by(results, "workspace__slug"), False),
        ("By policy", _by(results, "policy_version__policy__name"), True),
    ]


def _by(results: QuerySet[ScanResult], column: str) -> list[Counted]:
    """The counts by a column, those with the most that is bad first; one query."""
    rows = results.order_by().annotate(name=F(column)).values("name", "severity", "state")
    groups: dict[str, Counted] = {}
    for row in rows.annotate(number=Count("pk")):
        group = groups.setdefault(row["name"], Counted(row["name"], row["severity"]))
        group.states[row["state"]] += row["number"]
    return sorted(groups.values(), key=lambda each: (-each.bad, each.name))[:SHOWN]


def _others(actor: Actor, found: Scan) -> list[Scan]:
    done = visible_scans(actor).filter(completed_at__isnull=False).exclude(pk=found.pk)
    return list(done.order_by("-id")[:OFFERED])
