"""How long records are kept, what is in hold, and what was let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.api.serializers.retention import target_of
from audits.models import Erasure
from audits.queries.holds import visible_holds, workspace_of
from audits.queries.retention import RECORDS, standing_rules, visible_runs
from console.pages.shell import page
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import Hold, RetentionRun
    from core.actors import Actor

HOLDS_SHOWN = 100
RUNS_SHOWN = 10
# Kept for good, or for a time of their own that no rule here changes.
OTHERWISE = (
    ("Journal, transparency log and its anchors", "for good"),
    ("Versions, promotions, approvals, decisions, attestations, exemptions", "for good"),
    ("Findings and how they went", "for good"),
    ("Lineage of our own versions, jobs and datasets", "for good: the graph"),
    ("Stored bytes that nothing refers to", "MUNIMENT_GARBAGE_GRACE_DAYS"),
    ("Sampled requests of deployments", "until the time that was given with each"),
    ("Idempotency keys with their answers", "7 days"),
)


def retention(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page: rules for everybody, holds for those who read the trail there, runs and
    erasures for administrators of the organisation."""
    actor = actor_of(request)
    rules = standing_rules()
    governs = access.administers_organisation(actor)
    found = list(visible_holds(actor).order_by("released_at", "-id")[:HOLDS_SHOWN])
    holds = [_hold(actor, hold, governs=governs) for hold in found]
    audits = access.visible_workspaces(actor, permission=Permission.VIEW_TRAIL)
    return page(
        site,
        request,
        "console/audit_retention.html",
        title="Retention",
        records=[(record, rules.get(record.name)) for record in RECORDS.values()],
        otherwise=OTHERWISE,
        in_force=[each for each in holds if each["hold"].released_at is None],
        released=[each for each in holds if each["hold"].released_at is not None],
        runs=[_run(run) for run in visible_runs(actor).order_by("-id")[:RUNS_SHOWN]],
        erasures=_erasures() if governs else [],
        governs=governs,
        may_hold=governs or audits.exists(),
    )


def _hold(actor: Actor, hold: Hold, *, governs: bool) -> dict[str, Any]:
    place = workspace_of(hold)
    may = governs if place is None else access.allows(actor, Permission.VIEW_TRAIL, place.pk)
    return {
        "hold": hold,
        "target": target_of(hold),
        "may_release": may and hold.placed_by != actor.user,
    }


def _run(run: RetentionRun) -> dict[str, Any]:
    counts = run.counts or {}
    return {
        "run": run,
        "counts": [
            (RECORDS[name].title if name in RECORDS else name, told)
            for name, told in counts.items()
        ],
        "status": "completed" if run.completed_at else (run.task.state if run.task else "running"),
    }


def _erasures() -> list[Erasure]:
    rows = Erasure.objects.select_related("account", "erased_by").order_by("-id")
    return list(rows[:RUNS_SHOWN])
