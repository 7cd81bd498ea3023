"""Which holds are in force, and what they keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from audits.models import Hold, ReportWorkspace, ScanWorkspace
from core.errors import Denial, NotFound
from core.models import JournalEntry
from registry import access
from registry.models import Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from core.models import User

RELATED = (
    "workspace",
    "asset__workspace",
    "version__asset__workspace",
    "scan",
    "report__scan",
    "account",
    "placed_by",
    "released_by",
)


@dataclass(frozen=True)
class Held:
    """What is in hold: everything, or what belongs to workspaces, scans, reports and accounts.

    A hold on an asset or a version keeps the records of its whole workspace: what is evidence
    about it lies in many of them.
    """

    everything: bool
    workspaces: frozenset[int]
    places: frozenset[UUID]
    scans: frozenset[int]
    reports: frozenset[int]
    accounts: frozenset[int]


def held() -> Held:
    """Return what is in hold now; two queries."""
    rows: list[tuple[Any, ...]] = list(
        Hold.objects.filter(released_at__isnull=True).values_list(
            "scope",
            "workspace",
            "asset__workspace",
            "version__asset__workspace",
            "scan",
            "report",
            "report__scan",
            "account",
        )
    )
    places = frozenset(key for row in rows for key in row[1:4] if key is not None)
    return Held(
        everything=any(row[0] == Hold.Scope.ORGANISATION for row in rows),
        workspaces=places,
        places=frozenset(Workspace.objects.filter(pk__in=places).values_list("uuid", flat=True)),
        scans=frozenset(key for row in rows for key in (row[4], row[6]) if key is not None),
        reports=frozenset(row[5] for row in rows if row[5] is not None),
        accounts=frozenset(row[7] for row in rows if row[7] is not None),
    )


def workspaces_in_hold() -> frozenset[int] | None:
    """Return the ids of the workspaces in hold, None where everything is: for settings.HOLDS."""
    known = held()
    return None if known.everything else known.workspaces


def holds_on(user: User) -> list[str]:
    """Return why an account may not be erased: the scopes of the holds that it is under.

    A hold on a workspace covers everybody who acted there.
    """
    known = held()
    found = []
    if known.everything:
        found.append("the whole organisation is in hold")
    if user.pk in known.accounts:
        found.append("the account is in hold")
    acted = JournalEntry.objects.filter(actor=user.uuid, workspace__in=known.places)
    slugs = Workspace.objects.filter(uuid__in=acted.values("workspace")).order_by("slug")
    names = slugs.values_list("slug", flat=True)
    return [*found, *(f"it acted in {slug}, which is in hold" for slug in names)]


def visible_holds(actor: Actor) -> QuerySet[Hold]:
    """Return the holds on what lies in workspaces whose trail ``actor`` may read; an
    administrator of the organisation sees all."""
    rows = Hold.objects.select_related(*RELATED)
    if access.administers_organisation(actor):
        return rows
    reach = Q(pk__in=[])
    for path in ("workspace", "asset__workspace", "version__asset__workspace"):
        named = Q(**{f"{path.partition('__')[0]}__isnull": False})
        reach |= named & access.in_reach(actor, path=path, permission=Permission.VIEW_TRAIL)
    seen = ScanWorkspace.objects.filter(access.in_reach(actor, permission=Permission.VIEW_TRAIL))
    told = ReportWorkspace.objects.filter(access.in_reach(actor, permission=Permission.VIEW_TRAIL))
    return rows.filter(
        reach | Q(scan__in=seen.values("scan")) | Q(report__in=told.values("report"))
    )


def hold_by_uuid(actor: Actor, uuid: UUID) -> Hold:
    """Return that hold; raises NotFound."""
    found = visible_holds(actor).filter(uuid=uuid).first()
    if found is None:
        hidden = Hold.objects.select_related(*RELATED).filter(uuid=uuid).first()
        raise NotFound(denial=_denial(hidden) if hidden else None)
    return found


def workspace_of(hold: Hold) -> Workspace | None:
    """Return the workspace that a hold lies in, None where it is not of one."""
    if hold.version is not None:
        return hold.version.asset.workspace
    if hold.asset is not None:
        return hold.asset.workspace
    return hold.workspace


def _denial(hold: Hold) -> Denial:
    place = workspace_of(hold)
    subject = f"hold/{hold.uuid}"
    return Denial(Permission.VIEW_TRAIL.value, subject, place.uuid if place else None)
