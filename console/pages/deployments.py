"""Deployments: the list, and the page of one with what it shall do, does and did."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from console.charts import Line, line
from console.pages.discussion import discussion
from console.pages.posture import findings_on
from console.pages.shell import page
from console.pages.spec import shown
from registry import access
from registry.admin.mixin import actor_of
from registry.models import DeploymentState
from registry.permissions import Permission
from registry.queries.deployments import (
    deployment_by_uuid,
    revisions_of,
    states_of,
    visible_deployments,
)
from registry.queries.serving import thresholds_of, usage_by_day
from registry.queries.subjects import subject_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

SHOWN = 50


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the newest deployments that the user may see."""
    text = request.GET.get("after", "")
    rows = visible_deployments(actor_of(request)).order_by("-id")
    if text.isascii() and text.isdecimal() and len(text) < 19:
        rows = rows.filter(pk__lt=int(text))
    found = list(rows[: SHOWN + 1])
    return page(
        site,
        request,
        "console/deployments.html",
        title="Deployments",
        deployments=found[:SHOWN],
        after=found[SHOWN - 1].pk if len(found) > SHOWN else None,
    )


def deployment(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign deployment."""
    actor = actor_of(request)
    found = deployment_by_uuid(actor, uuid)
    revisions = list(revisions_of(actor, uuid).order_by("-number")[:SHOWN])
    thresholds = thresholds_of(actor, uuid).filter(valid_to__isnull=True)
    return page(
        site,
        request,
        "console/deployment.html",
        title=f"Deployment {found.name}",
        deployment=found,
        talk=discussion(actor, subject_of(found)),
        newest=revisions[0],
        configuration=shown(revisions[0].configuration),
        revisions=revisions,
        states=states_of(actor, uuid).order_by("-id")[:SHOWN],
        # What was asked of a revision that a newer one replaced is history, and stands there.
        standing=states_of(actor, uuid)
        .filter(valid_to__isnull=True)
        .exclude(
            ~Q(revision=revisions[0]),
            aspect=DeploymentState.Aspect.ACTUAL,
            state=DeploymentState.State.REQUESTED,
        )
        .order_by("aspect", "id"),
        charts=charts(usage_by_day(actor, uuid)),
        thresholds=[
            (rule, [each for each in rule.breaches.all() if each.valid_to is None])
            for rule in thresholds.order_by("name")
        ],
        findings=findings_on(actor, Q(deployment=found)),
        drift=found.drift_checks.filter(valid_to__isnull=True).order_by("name"),
        may_read_trail=access.allows(actor, Permission.VIEW_TRAIL, found.workspace_id),
        may_deploy=access.allows(actor, Permission.DEPLOY, found.workspace_id),
    )


def charts(days: list[dict[str, Any]]) -> list[Line]:
    """Return what was served by day, all versions together; costs by their currency."""
    requests: dict[Any, float] = defaultdict(float)
    errors: dict[Any, float] = defaultdict(float)
    tokens: dict[Any, float] = defaultdict(float)
    latency: dict[Any, float] = defaultdict(float)
    blocked: dict[Any, float] = defaultdict(float)
    costs: dict[str, dict[Any, float]] = defaultdict(lambda: defaultdict(float))
    for row in days:
        day = row["day"]
        requests[day] += row["requests"]
        errors[day] += row["errors"]
        tokens[day] += row["tokens_in"] + row["tokens_out"]
        blocked[day] += sum(block["count"] for block in row["blocks"])
        if row["latency_p95_worst"] is not None:
            latency[day] = max(latency[day], row["latency_p95_worst"])
        if row["cost"] is not None:
            costs[row["currency"]][day] += float(row["cost"])
    named: list[tuple[str, dict[Any, float], str]] = [
        ("Requests", requests, ""),
        ("Errors", errors, ""),
        ("Blocked by safety filters", blocked, ""),
        ("Tokens", tokens, ""),
        ("Worst p95 latency", latency, " ms"),
        *((f"Cost in {currency}", by_day, "") for currency, by_day in sorted(costs.items())),
    ]
    drawn = [
        line(title, [by_day[day] for day in sorted(by_day)], unit=unit)
        for title, by_day, unit in named
    ]
    return [each for each in drawn if each is not None]
