"""Find experiments and runs, as far as the caller may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from core.errors import NotFound
from core.preconditions import state_tag
from registry import access
from registry.models import (
    Experiment,
    ExperimentFormerName,
    ExperimentVerdict,
    LifecycleStage,
    Run,
    RunInput,
    RunOutput,
    TrackingDeletion,
    VerdictResult,
)
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

# The tag that clients keep the description of an experiment or a run in.
NOTE = "mlflow.note.content"
STATES = (*LifecycleStage.values, "all")


def visible_experiments(actor: Actor) -> QuerySet[Experiment]:
    """Return the experiments that ``actor`` may see, with tags and the verdict that holds."""
    results = VerdictResult.objects.select_related("version__asset__workspace").order_by("id")
    verdicts = (
        ExperimentVerdict.objects.as_of(None)
        .select_related("decided_by")
        .prefetch_related(Prefetch("results", queryset=results))
    )
    return (
        Experiment.objects.filter(access.in_reach(actor))
        .select_related("workspace", "created_by")
        .prefetch_related(
            "tags",
            "former_names",
            Prefetch("verdicts", queryset=verdicts, to_attr="standing_verdicts"),
            Prefetch("deletions", queryset=_standing_deletions(), to_attr="standing_deletions"),
        )
    )


def _standing_deletions() -> QuerySet[TrackingDeletion]:
    return TrackingDeletion.objects.as_of(None).select_related("deleted_by")


def bearing(rows: QuerySet[Experiment], name: str) -> QuerySet[Experiment]:
    """Return those of the experiments that bear ``name``, or bore it."""
    former = ExperimentFormerName.objects.filter(name=name).values("experiment")
    return rows.filter(Q(name=name) | Q(pk__in=former))


def experiments_in(rows: QuerySet[Experiment], state: str) -> QuerySet[Experiment]:
    """Return those of the experiments that are ``active``, ``deleted``, or ``all`` of them."""
    return rows if state == "all" else rows.filter(lifecycle_stage=state)


def runs_in(rows: QuerySet[Run], state: str) -> QuerySet[Run]:
    """Return those of the runs that are ``active``, ``deleted``, or ``all`` of them; the runs of
    a deleted experiment are deleted with it."""
    if state == "all":
        return rows
    shown = Q(lifecycle_stage="active", experiment__lifecycle_stage="active")
    return rows.filter(shown if state == LifecycleStage.ACTIVE else ~shown)


def experiment_tag(experiment: Experiment) -> str:
    """Return the tag of what is shown of an experiment."""
    verdict = experiment.verdicts.as_of(None).values_list("uuid", flat=True).first()
    return state_tag(
        {
            "uuid": str(experiment.uuid),
            "name": experiment.name,
            "lifecycle_stage": experiment.lifecycle_stage,
            "verdict": str(verdict or ""),
            "tags": dict(experiment.tags.values_list("key", "value")),
        }
    )


def run_tag(run: Run) -> str:
    """Return the tag of what is shown of a run; what is only ever added to is counted."""
    latest = run.latest_metrics.values_list("key", "step", "timestamp", "value", "is_nan")
    return state_tag(
        {
            "uuid": str(run.uuid),
            "name": run.name,
            "status": run.status,
            "ended_at": run.ended_at.isoformat() if run.ended_at else "",
            "lifecycle_stage": [run.lifecycle_stage, run.experiment.lifecycle_stage],
            "tags": dict(run.tags.values_list("key", "value")),
            "metrics": [[repr(value) for value in row] for row in latest.order_by("key")],
            "added": [run.params.count(), run.inputs.count(), run.outputs.count()],
        }
    )


def visible_verdicts(actor: Actor) -> QuerySet[ExperimentVerdict]:
    """Return every verdict on experiments that ``actor`` may see, ended ones included."""
    results = VerdictResult.objects.select_related("version__asset__workspace").order_by("id")
    reach = access.in_reach(actor, path="experiment__workspace")
    return (
        ExperimentVerdict.objects.filter(reach)
        .select_related("experiment", "decided_by")
        .prefetch_related(Prefetch("results", queryset=results))
    )


def visible_runs(actor: Actor) -> QuerySet[Run]:
    """Return the runs that ``actor`` may see, with all but the history of their metrics."""
    inputs = RunInput.objects.select_related("version__asset__workspace").order_by("id")
    outputs = RunOutput.objects.select_related("version__asset__workspace").order_by("id")
    return (
        Run.objects.filter(access.in_reach(actor, path="experiment__workspace"))
        .select_related("experiment__workspace", "created_by")
        .prefetch_related(
            "params",
            "tags",
            "latest_metrics",
            Prefetch("inputs", queryset=inputs),
            Prefetch("outputs", queryset=outputs),
            Prefetch("deletions", queryset=_standing_deletions(), to_attr="standing_deletions"),
        )
    )


def experiment_by_uuid(actor: Actor, uuid: UUID) -> Experiment:
    """Return the experiment; raises NotFound for a missing or foreign one."""
    found = Experiment.objects.select_related("workspace", "created_by").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.workspace, subject=f"experiment/{found.uuid}")
    return found


def run_by_uuid(actor: Actor, uuid: UUID) -> Run:
    """Return the run; raises NotFound for a missing or foreign one."""
    found = (
        Run.objects.select_related("experiment__workspace", "created_by").filter(uuid=uuid).first()
    )
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.experiment.workspace, subject=f"run/{found.uuid}")
    return found
