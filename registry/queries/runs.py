"""Runs beside each other: sorted by what they measured, and how their metrics went."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, OuterRef, Subquery, Window
from django.db.models.functions import Mod, RowNumber

from core.errors import InvalidInput
from registry import access
from registry.models import RunInput, RunLatestMetric, RunMetric, RunOutput, RunParam
from registry.queries.experiments import visible_runs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import AssetVersion, Experiment, Run

# The tag that clients keep the run in that a run belongs to.
PARENT = "mlflow.parentRunId"
FIELDS = {"started": "started_at", "name": "name", "status": "status"}
History = dict[str, dict[int, list[tuple[float, float]]]]


def runs_of(actor: Actor, experiment: Experiment) -> QuerySet[Run]:
    """Return the runs of an experiment that ``actor`` may see, with what they logged."""
    return visible_runs(actor).filter(experiment=experiment)


def sorted_by(runs: QuerySet[Run], column: str) -> QuerySet[Run]:
    """Return the runs in the order of a column; ``-`` before it turns the order round.

    A column is ``started``, ``name`` or ``status``, ``metric:KEY`` or ``param:KEY``. What a run has
    no value for comes last either way. Raises InvalidInput for any other column.
    """
    is_descending, name = column.startswith("-"), column.removeprefix("-")
    kind, mark, key = name.partition(":")
    if name in FIELDS:
        by = F(FIELDS[name])
    elif mark and kind == "metric":
        values = RunLatestMetric.objects.filter(run=OuterRef("pk"), key=key, is_nan=False)
        runs = runs.annotate(sorted_by=Subquery(values.values("value")[:1]))
        by = F("sorted_by")
    elif mark and kind == "param":
        params = RunParam.objects.filter(run=OuterRef("pk"), key=key)
        runs = runs.annotate(sorted_by=Subquery(params.values("value")[:1]))
        by = F("sorted_by")
    else:
        raise InvalidInput.of("sort", "must be started, name, status, metric:KEY or param:KEY")
    order = by.desc(nulls_last=True) if is_descending else by.asc(nulls_last=True)
    return runs.order_by(order, "-id")


def histories(runs: Sequence[Run], keys: Collection[str], *, points: int = 200) -> History:
    """Return how metrics went: (step, value) by key and primary key of the run, in order.

    Of a longer history every n-th value is taken, so that there are about ``points``, and the
    last one; two queries in all.
    """
    of_them = {"run__in": [run.pk for run in runs], "key__in": list(keys)}
    by_series = [F("run"), F("key")]
    numbered = RunMetric.objects.filter(**of_them).annotate(
        place=Window(
            RowNumber(), partition_by=by_series, order_by=["step", "timestamp", "is_nan", "value"]
        ),
        total=Window(Count("pk"), partition_by=by_series),
    )
    taken = numbered.annotate(rest=Mod(F("place") - 1, F("total") / points + 1)).filter(rest=0)
    found: History = defaultdict(lambda: defaultdict(list))
    for row in taken.order_by("run", "key", "place"):
        found[row.key][row.run_id].append((float(row.step), row.number))
    for last in RunLatestMetric.objects.filter(**of_them):
        history = found[last.key][last.run_id]
        if not history or history[-1] != (float(last.step), last.number):
            history.append((float(last.step), last.number))
    return found


def children_of(run: Run) -> QuerySet[Run]:
    """Return the runs of the same experiment that belong to ``run``, newest first."""
    rows = belonging_to(run.experiment.runs.all(), run.uuid)
    return rows.filter(lifecycle_stage="active").order_by("-id")


def belonging_to(runs: QuerySet[Run], parent: UUID) -> QuerySet[Run]:
    """Return those of the runs that belong to the run with that public id."""
    return runs.filter(tags__key=PARENT, tags__value=parent.hex)


def runs_that_made(actor: Actor, version: AssetVersion) -> QuerySet[RunOutput]:
    """Return the runs that made the version, newest first, as far as ``actor`` may see them."""
    reach = access.in_reach(actor, path="run__experiment__workspace")
    rows = RunOutput.objects.filter(reach, version=version)
    return rows.select_related("run__experiment").order_by("-id")


def runs_that_read(actor: Actor, version: AssetVersion) -> QuerySet[RunInput]:
    """Return the runs that read the version; as ``runs_that_made``."""
    reach = access.in_reach(actor, path="run__experiment__workspace")
    rows = RunInput.objects.filter(reach, version=version)
    return rows.select_related("run__experiment").order_by("-id")


def parent_of(actor: Actor, run: Run) -> Run | None:
    """Return the run that ``run`` belongs to, if it is one that ``actor`` may see."""
    told = next((tag.value for tag in run.tags.all() if tag.key == PARENT), "")
    try:
        return visible_runs(actor).filter(uuid=UUID(told)).first() if told else None
    except ValueError:
        return None
