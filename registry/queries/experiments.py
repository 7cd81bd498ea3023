"""Find experiments and runs, as far as the caller may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from core.errors import NotFound
from registry import access
from registry.models import Experiment, ExperimentVerdict, Run, RunInput, RunOutput, VerdictResult
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor


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
            "tags", Prefetch("verdicts", queryset=verdicts, to_attr="standing_verdicts")
        )
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
