"""Jobs and runs as OpenLineage names them, as far as the caller may see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from core.denials import denial_of
from core.errors import NotFound
from lineage.models import Job, JobDataset, Run
from lineage.queries import observed
from lineage.received.names import namespace_key
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

LATEST = ("-event_time", "-pk")
MAX_LATEST = 10


@dataclass(frozen=True)
class DatasetName:
    """A dataset that a job reads or writes."""

    pk: int
    namespace: str
    name: str


@dataclass(frozen=True)
class SeenJob:
    """A job with the datasets that its runs read and wrote, and its latest runs, newest first."""

    row: Job
    inputs: Sequence[DatasetName]
    outputs: Sequence[DatasetName]
    runs: Sequence[Run]


def listed(
    actor: Actor, *, namespace: str | None = None, states: Collection[str] = ()
) -> QuerySet[Job]:
    """Return the jobs that ``actor`` may see, the one with the latest event first.

    Only those of ``namespace``, and only those whose latest run is in one of ``states``, where
    these are given.
    """
    found = observed.jobs(actor)
    if namespace is not None:
        found = found.filter(namespace_key=namespace_key(namespace))
    if states:
        latest = observed.runs(actor).filter(job__key=OuterRef("key")).order_by(*LATEST)
        found = found.annotate(state_now=Subquery(latest.values("status")[:1]))
        found = found.filter(state_now__in=states)
    return found.order_by(*LATEST)


def one(actor: Actor, key: str, *, runs: int = 1) -> SeenJob:
    """Return the job with a key (see ``name_key``) and that many of its latest runs; raises
    NotFound for a missing or foreign one."""
    found = seen(actor, observed.jobs(actor).filter(key=key), runs=runs)
    if not found:
        raise NotFound(
            denial=denial_of(
                Job, {"key": key}, permission=Permission.VIEW.value, workspace_path="workspace"
            )
        )
    return found[0]


def seen(actor: Actor, rows: Iterable[Job], *, runs: int = 1) -> list[SeenJob]:
    """Return visible jobs as ``actor`` sees them, in the same order, each with that many of its
    latest runs, at most ten."""
    ordered = list(rows)
    keys = [row.key for row in ordered]
    touched = _touched(actor, keys)
    latest = _latest_runs(actor, keys, runs)
    roles = JobDataset.Role
    return [
        SeenJob(
            row=row,
            inputs=touched.get((row.key, roles.INPUT.value), ()),
            outputs=touched.get((row.key, roles.OUTPUT.value), ()),
            runs=latest.get(row.key, ()),
        )
        for row in ordered
    ]


def _touched(actor: Actor, keys: Collection[str]) -> dict[tuple[str, str], list[DatasetName]]:
    rows = (
        JobDataset.objects.filter(
            observed.within(actor), observed.nameable(actor, "dataset"), job_key__in=keys
        )
        .order_by("dataset__namespace", "dataset__name", "dataset_id")
        .values_list("job_key", "role", "dataset_id", "dataset__namespace", "dataset__name")
        .distinct()
    )
    found: dict[tuple[str, str], list[DatasetName]] = defaultdict(list)
    for key, role, pk, namespace, name in rows:
        found[key, role].append(DatasetName(pk, namespace, name))
    return found


def _latest_runs(actor: Actor, keys: Collection[str], count: int) -> dict[str, list[Run]]:
    wanted = _newest_of_each if count == 1 else _numbered
    found: dict[str, list[Run]] = defaultdict(list)
    for run in wanted(actor, keys):
        if len(found[run.job.key]) < count:
            found[run.job.key].append(run)
    return found


def _newest_of_each(actor: Actor, keys: Collection[str]) -> QuerySet[Run]:
    """Return the newest run in each workspace, read by an index however many runs there are."""
    newest = Run.objects.filter(job=OuterRef("pk")).order_by(*LATEST).values("pk")[:1]
    jobs = Job.objects.filter(observed.within(actor), deleted_at=None, key__in=keys)
    ids = jobs.annotate(newest=Subquery(newest)).values("newest")
    return Run.objects.filter(pk__in=ids).select_related("job").order_by(*LATEST)


def _numbered(actor: Actor, keys: Collection[str]) -> QuerySet[Run]:
    of_jobs = observed.runs(actor).filter(job__key__in=keys).select_related("job")
    place = Window(RowNumber(), partition_by="job__key", order_by=["-event_time", "-pk"])
    return of_jobs.annotate(place=place).filter(place__lte=MAX_LATEST).order_by("place")


def runs(actor: Actor, job: SeenJob) -> QuerySet[Run]:
    """Return the runs of a visible job, newest first."""
    found = observed.runs(actor).filter(job__key=job.row.key).select_related("job")
    return found.order_by(*LATEST)


def run(actor: Actor, run_id: UUID) -> Run:
    """Return a run; raises NotFound for a missing or foreign one."""
    found = observed.runs(actor).filter(run_id=run_id).select_related("job").first()
    if found is None:
        raise NotFound(
            denial=denial_of(
                Run,
                {"run_id": run_id},
                permission=Permission.VIEW.value,
                workspace_path="workspace",
            )
        )
    return found
