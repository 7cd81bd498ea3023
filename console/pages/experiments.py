"""Experiments: the list, and the page of one with its hypothesis, verdicts and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from console.pages import changes
from console.pages.discussion import discussion
from console.pages.run_table import run_table
from console.pages.shell import page
from core.errors import NotFound
from registry import access
from registry.admin.mixin import actor_of
from registry.models import ExperimentVerdict, LifecycleStage, Run
from registry.permissions import Permission
from registry.queries.experiments import (
    NOTE,
    STATES,
    experiment_by_uuid,
    experiments_in,
    visible_experiments,
    visible_verdicts,
)
from registry.queries.subjects import subject_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from registry.models import Experiment

SHOWN = 50


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the newest experiments that the user may see, of one workspace if one is chosen."""
    actor = actor_of(request)
    asked = request.GET
    state = asked.get("state", "") if asked.get("state") in STATES else "active"
    rows = experiments_in(visible_experiments(actor), state)
    workspace, text, after = asked.get("workspace", ""), asked.get("q", ""), asked.get("after", "")
    if workspace:
        rows = rows.filter(workspace__slug=workspace)
    if text:
        rows = rows.filter(name__icontains=text[:200])
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(_counted(rows).order_by("-id")[: SHOWN + 1])
    return page(
        site,
        request,
        "console/experiments.html",
        title="Experiments",
        experiments=found[:SHOWN],
        after=found[SHOWN - 1].pk if len(found) > SHOWN else None,
        asked={"workspace": workspace, "q": text, "state": state},
        states=STATES,
        workspaces=access.visible_workspaces(actor).order_by("slug"),
        may_record=access.visible_workspaces(actor, permission=Permission.RECORD_RUN).exists(),
    )


def _counted(rows: QuerySet[Experiment]) -> QuerySet[Experiment]:
    """Return the experiments with the number of their runs, and when the last one began."""
    runs = Run.objects.filter(experiment=OuterRef("pk"), lifecycle_stage=LifecycleStage.ACTIVE)
    grouped = runs.order_by().values("experiment")
    return rows.annotate(
        run_count=Coalesce(Subquery(grouped.annotate(number=Count("pk")).values("number")), 0),
        last_run_at=Subquery(grouped.annotate(last=Max("started_at")).values("last")),
    )


def experiment(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign experiment."""
    actor = actor_of(request)
    experiment_by_uuid(actor, uuid)
    found: Any = visible_experiments(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    verdicts = verdicts_of(actor, found)
    tags = {tag.key: tag.value for tag in found.tags.all()}
    return page(
        site,
        request,
        "console/experiment.html",
        title=found.name,
        experiment=found,
        description=tags.pop(NOTE, ""),
        tags=sorted(tags.items()),
        deletion=next(iter(found.standing_deletions), None),
        verdict=verdicts[0] if verdicts and verdicts[0].valid_to is None else None,
        verdicts=verdicts,
        readable=access.readable(actor, _places(verdicts)),
        table=run_table(actor, found, request.GET),
        talk=discussion(actor, subject_of(found)),
        may_record=access.allows(actor, Permission.RECORD_RUN, found.workspace_id),
        may_read_trail=access.allows(actor, Permission.VIEW_TRAIL, found.workspace_id),
        changes=changes.recent(actor, subject=f"experiment/{found.uuid}", limit=20),
    )


def verdicts_of(actor: Actor, experiment: Experiment) -> list[ExperimentVerdict]:
    """Return the newest verdicts on the experiment, the one that holds first."""
    rows = visible_verdicts(actor).filter(experiment=experiment)
    return list(rows.order_by(F("valid_to").desc(nulls_first=True), "-id")[:20])


def _places(verdicts: list[ExperimentVerdict]) -> set[int]:
    return {link.version.asset.workspace_id for each in verdicts for link in each.results.all()}
