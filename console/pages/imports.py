"""What was imported, and one import with what became of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator

from console.pages.shell import page
from console.pages.trails import trail_in
from core.errors import Denial, NotFound
from core.models import Task
from registry import access
from registry.admin.mixin import actor_of
from registry.models import Workspace
from registry.permissions import Permission
from registry.queries.imports import TASK, visible_imports
from registry.queries.transfers import VERBS, own_transfers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

SHOWN = 50
ROWS = 200
OPEN = frozenset({Task.State.QUEUED, Task.State.RUNNING})
OUTCOMES = ("failed", "created", "unchanged")


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the imports that the user may see, and the user's own bundles, newest first."""
    actor = actor_of(request)
    found = Paginator(visible_imports(actor).order_by("-id"), SHOWN)
    transfers = list(own_transfers(actor).order_by("-id")[:SHOWN])
    slugs = _slugs(transfers)
    return page(
        site,
        request,
        "console/imports.html",
        title="Imports",
        imports=found.get_page(request.GET.get("page", "1")),
        transfers=[(each, VERBS[each.name], slugs.get(each.workspace, "")) for each in transfers],
        may_import=may_import(actor),
    )


def _slugs(tasks: Iterable[Task]) -> dict[Any, str]:
    places = Workspace.objects.filter(uuid__in={task.workspace for task in tasks})
    return dict(places.values_list("uuid", "slug"))


def may_import(actor: Actor) -> bool:
    """Tell whether the user may import into some workspace."""
    return access.visible_workspaces(actor, permission=Permission.CREATE_VERSION).exists()


def imported(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one import; while it is at work the page looks again by itself. Raises NotFound."""
    actor = actor_of(request)
    task = visible_imports(actor).filter(uuid=uuid).first()
    if task is None:
        raise _missing(uuid)
    assert task.workspace is not None  # every import names it
    place = Workspace.objects.get(uuid=task.workspace)
    return page(
        site,
        request,
        "console/import.html",
        title="Import",
        task=task,
        order=task.payload["order"],
        place=place,
        is_open=task.state in OPEN,
        trail=trail_in(actor, place.pk, evidence=uuid),
        error=task.error.strip().rpartition("\n")[2],
        **report_of(task.result, request.GET.get("outcome", "")),
    )


def _missing(uuid: UUID) -> NotFound:
    """The answer for none, with the denial to journal where there is one for others."""
    foreign = Task.objects.filter(uuid=uuid, name=TASK).values_list("workspace", flat=True)
    if (workspace := foreign.first()) is None:
        return NotFound()
    return NotFound(denial=Denial(Permission.VIEW.value, f"import/{uuid}", workspace))


def report_of(report: dict[str, Any] | None, outcome: str = "") -> dict[str, Any]:
    """Return what a page shows of the report of an import: the rows with that outcome, the failed
    ones first."""
    if report is None:
        return {"report": None}
    rows = [row for row in report["rows"] if outcome in {"", row["outcome"]}]
    rows.sort(key=lambda row: OUTCOMES.index(row["outcome"]))
    return {
        "report": report,
        "rows": rows[:ROWS],
        "left_out": max(0, len(rows) - ROWS),
        "outcome": outcome,
        "outcomes": [(each, report[each]) for each in OUTCOMES],
    }
