"""The page of a run, and up to five runs beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError

from console.charts import told
from console.pages import changes
from console.pages.shell import page
from console.plots import plot
from core.errors import NotFound
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission
from registry.queries.experiments import NOTE, experiment_by_uuid, run_by_uuid, visible_runs
from registry.queries.runs import PARENT, children_of, histories, parent_of, runs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from console.plots import Plot
    from core.actors import Actor
    from registry.models import Run

MOST_RUNS = 5
MOST_CHARTS = 24
HIDDEN_TAGS = {NOTE, PARENT}


def run(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign run."""
    actor = actor_of(request)
    run_by_uuid(actor, uuid)
    found: Any = visible_runs(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    tags = {tag.key: tag.value for tag in found.tags.all()}
    place = found.experiment.workspace
    return page(
        site,
        request,
        "console/run.html",
        title=named(found),
        run=found,
        experiment=found.experiment,
        workspace=place,
        name=named(found),
        description=tags.get(NOTE, ""),
        tags=sorted((key, value) for key, value in tags.items() if key not in HIDDEN_TAGS),
        deletion=next(iter(found.standing_deletions), None),
        params=sorted((param.key, param.value) for param in found.params.all()),
        metrics=_latest(found),
        charts=_charts([found]),
        inputs=found.inputs.all(),
        outputs=found.outputs.all(),
        readable=_readable(actor, found),
        parent=parent_of(actor, found),
        children=children_of(found)[:50],
        may_record=access.allows(actor, Permission.RECORD_RUN, place.pk),
        may_read_trail=access.allows(actor, Permission.VIEW_TRAIL, place.pk),
        changes=changes.recent(actor, subject=f"run/{found.uuid}", limit=20),
    )


def named(run: Run) -> str:
    """Return the name of a run, or the end of its id where it has none."""
    return run.name or f"run …{run.uuid.hex[-6:]}"


def _latest(run: Run) -> list[tuple[str, str, int]]:
    latest = sorted(run.latest_metrics.all(), key=lambda metric: metric.key)
    return [(metric.key, told(metric.number), metric.step) for metric in latest]


def _readable(actor: Actor, run: Run) -> frozenset[int]:
    versions = [item.version for item in run.inputs.all()]
    versions += [item.version for item in run.outputs.all()]
    places = {version.asset.workspace_id for version in versions if version is not None}
    return frozenset(access.readable(actor, places))


def _charts(runs: Sequence[Run]) -> list[Plot]:
    """Return a chart for each metric of which a run has several values."""
    keys = sorted({metric.key for run in runs for metric in run.latest_metrics.all()})
    found = histories(runs, keys[: MOST_CHARTS * 4])
    labels = _labels(runs)
    drawn = [
        plot(key, {labels[run.pk]: found[key].get(run.pk, []) for run in runs})
        for key in keys
        if any(len(points) > 1 for points in found[key].values())
    ]
    return [chart for chart in drawn if chart is not None][:MOST_CHARTS]


def _labels(runs: Sequence[Run]) -> dict[int, str]:
    """Return a name for each run that no other of them has."""
    names = [named(run) for run in runs]
    return {
        run.pk: name if names.count(name) == 1 else f"{name} …{run.uuid.hex[-6:]}"
        for run, name in zip(runs, names, strict=True)
    }


def compared(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the runs that the address names beside each other: five at most."""
    actor = actor_of(request)
    experiment = experiment_by_uuid(actor, uuid)
    asked = list(dict.fromkeys(request.GET.getlist("run")))
    runs = _chosen(actor, experiment, asked[:MOST_RUNS])
    labels = _labels(runs)
    return page(
        site,
        request,
        "console/runs_compared.html",
        title=f"Runs of {experiment.name}",
        experiment=experiment,
        runs=[(each, labels[each.pk], place) for place, each in enumerate(runs, start=1)],
        left_out=max(0, len(asked) - MOST_RUNS),
        most=MOST_RUNS,
        params=_rows(
            {labels[run.pk]: {each.key: each.value for each in run.params.all()} for run in runs}
        ),
        metrics=_rows(
            {
                labels[run.pk]: {each.key: told(each.number) for each in run.latest_metrics.all()}
                for run in runs
            }
        ),
        inputs=_rows({labels[run.pk]: _inputs(run) for run in runs}),
        charts=_charts(runs),
    )


def _chosen(actor: Actor, experiment: Any, asked: Sequence[str]) -> list[Run]:
    try:
        wanted = [UUID(text) for text in asked]
        found = {run.uuid: run for run in runs_of(actor, experiment).filter(uuid__in=wanted)}
    except (ValueError, ValidationError):
        return []
    return [found[each] for each in wanted if each in found]


def _inputs(run: Run) -> dict[str, str]:
    return {f"{each.name} {each.context}".strip(): each.digest for each in run.inputs.all()}


def _rows(
    columns: Mapping[str, Mapping[str, str]],
) -> list[tuple[str, list[tuple[str, str]], bool]]:
    """Return a row for each key of one of the columns: the value by label, and whether the values
    differ; those that differ come first."""
    rows = []
    for key in sorted({key for column in columns.values() for key in column}):
        values = [(label, column.get(key, "")) for label, column in columns.items()]
        rows.append((key, values, len({value for _, value in values}) > 1))
    return sorted(rows, key=lambda row: (not row[2], row[0]))
